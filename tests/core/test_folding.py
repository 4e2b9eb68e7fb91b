"""Names that mean the same are the same, however they are written."""

import pytest

from eh_interop.core.folding import letters_of, words_in

SAME = [
    ["O\u2019Neill", "O'Neill", "O\u02bcneill", "O\u2018NEILL", "O Neill", "ONeill", "o`neill"],
    ["Zoë", "Zoe\u0308", "ZOE"],
    ["Smith-Jones", "Smith Jones", "Smith\u2013Jones", "Smith\u2010Jones", "Smith\u00a0Jones"],
    ["Łukasz Jørgensen", "lukasz jorgensen"],
    ["Straße", "STRASSE"],
]


@pytest.mark.parametrize("ways", SAME, ids=lambda ways: ways[0])
def test_ways_to_write_a_name_fold_to_one(ways):
    assert len({letters_of(way) for way in ways}) == 1


def test_words_stay_apart_and_letters_of_other_scripts_stay():
    assert words_in("Anne-Marie  O'Dowd") == ("anne", "marie", "o", "dowd")
    assert letters_of("Олена Коваль") == "оленаковаль"
    assert letters_of("李 小龍") == "李小龍"


def test_different_names_stay_different():
    assert len({letters_of(name) for name in ("Neil", "Neill", "O'Neil", "O'Neill")}) == 4


def test_punctuation_alone_is_no_name():
    assert letters_of("—?'") == ""

import types
from dataclasses import dataclass

import pytest

from eh_interop.core.errors import MappingError
from eh_interop.core.resources import folder
from eh_interop.formats._shared.code_maps import code_map_names, load_code_map, spellings
from eh_interop.formats._shared.converters import Converter, find_converters
from eh_interop.formats._shared.mapping_file import make_row, parse_mapping_file

SCHEMA = folder("mappings") / "partners" / "mapping.schema.json"


@dataclass(frozen=True)
class Row:
    ours: str
    first_row: tuple = ()
    line: int = 0


def test_a_mapping_file_knows_the_lines_of_its_tables():
    file = parse_mapping_file("a = 1\n[[field]]\nx = 1\n\n[[ part.field ]]\n[[field]]\n", "m.toml")
    lines = file.next_lines("field")
    assert [next(lines) for _ in range(3)] == [2, 6, 0]
    assert next(file.next_lines("part.field")) == 5


def test_a_word_outside_the_schema_is_refused_with_the_nearest():
    with pytest.raises(MappingError, match=r"m\.toml: datess is not .* Did you mean dates"):
        parse_mapping_file('datess = "iso"', "m.toml", SCHEMA)


def test_a_row_says_which_word_it_does_not_know_and_freezes_its_lists():
    assert make_row(Row, {"ours": "/a", "first-row": [1]}, "m.toml", line=3) == Row("/a", (1,), 3)
    with pytest.raises(MappingError, match=r"m\.toml: our is not .* Did you mean ours"):
        make_row(Row, {"our": "/a"}, "m.toml")
    with pytest.raises(MappingError, match=r"m\.toml: .*'ours'"):
        make_row(Row, {}, "m.toml")


def test_a_code_map_goes_both_ways_and_knows_labels():
    sexes = load_code_map("sex")
    assert sexes.to_target("M").theirs == "male"
    system = "http://hl7.org/fhir/administrative-gender"
    assert sexes.from_target("other", system) == "U"
    assert sexes.from_target("other") is None
    assert load_code_map("action-task").code_list == "action-status"


@pytest.mark.parametrize("name", code_map_names())
def test_every_code_map_is_read(name):
    assert load_code_map(name).pairs


def test_a_code_map_that_is_not_there_is_refused():
    with pytest.raises(MappingError, match="no code map nowhere"):
        load_code_map("nowhere")


def test_spellings_are_codes_aliases_and_titles():
    texts = dict(spellings("sex"))
    assert texts["F"] == texts["Female"] == texts["Girl"] == "F"


def test_converters_are_found_by_their_names_and_a_name_is_used_once():
    place = types.ModuleType("place")
    place.ONE = Converter(name="one", to_target=str, from_target=int)
    place._HIDDEN = Converter(name="hidden", to_target=str, from_target=int)
    place.AGAIN = place.ONE
    assert dict(find_converters(place, Converter)) == {"one": place.ONE}
    place.OTHER = Converter(name="one", to_target=str, from_target=float)
    with pytest.raises(ValueError, match="two converters called one"):
        find_converters(place, Converter)

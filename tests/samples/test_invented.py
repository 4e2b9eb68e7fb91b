"""Invented data: what ``invented.toml`` holds fits together."""

from string import Formatter

import pytest

from eh_interop import load_standard
from eh_interop.samples.invented import invented

CODES = {
    name: {row.code for row in load_standard().codes(name)}
    for name in ("attachment-type", "concern-type", "ethnicity", "language")
}


def sentences(story):
    for name in ("impact", "evidence", "risk", "change", "need", "goal", "measure", "tried"):
        yield getattr(story, name)
    for name in ("seen", "actions", "child", "parent"):
        yield from getattr(story, name)
    yield from (story.strength, story.adults)


@pytest.mark.parametrize("story", invented().stories, ids=lambda story: story.types[0])
def test_a_story_needs_no_other_names_than_a_family_has(story):
    for sentence in sentences(story):
        fields = {name for _, name, _, _ in Formatter().parse(sentence) if name is not None}
        assert fields <= {"child", "carer"}
    assert len(story.actions) == 2
    assert story.ages[0] < story.ages[1]


@pytest.mark.parametrize("story", invented().stories, ids=lambda story: story.types[0])
def test_a_story_uses_codes_of_the_standard(story):
    assert set(story.types) <= CODES["concern-type"]
    assert story.paper is None or story.paper in CODES["attachment-type"]


def test_every_heritage_has_names_and_codes():
    for heritage in invented().heritages:
        assert heritage.ethnicity in CODES["ethnicity"]
        assert heritage.language in CODES["language"]
        names = invented().names[heritage.names]
        assert len(names.girls) == len(set(names.girls)) >= 8
        assert len(names.boys) == len(set(names.boys)) >= 8


def test_councils_are_listed_once_and_some_may_be_anywhere():
    codes = [council.code for council in invented().councils]
    assert len(codes) == len(set(codes))
    assert any(not council.named_only for council in invented().councils)

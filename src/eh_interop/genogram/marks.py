"""Marks on a drawing for agencies: which homes must not become known, and to whom."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from typing import Final

from eh_interop.core.lenient import Record, inner, items, text, texts
from eh_interop.genogram.family import Family, Names
from eh_interop.genogram.initials import initials
from eh_interop.protection import Mark, Protections, Reference, What

_DRAWN: Final = frozenset({What.ADDRESS, What.PLACE, What.PERSON, What.RECORD})
"""What is protected that a drawing can show; it shows no other text."""


def marked(
    family: Family, record: Record, marks: Iterable[Mark], name_of: Callable[[Reference], str]
) -> tuple[Family, tuple[str, ...]]:
    """Mark the homes that must not become known, and say to whom.

    Args:
        family: who is drawn.
        record: the record that it was read from.
        marks: what the record protects.
        name_of: gives what to call somebody in a sentence.

    Returns:
        The family to draw, and the sentences to put below it.
    """
    drawn = [mark for mark in marks if mark.what in _DRAWN]
    secret = set(_homes(family, record, {mark.place for mark in drawn}))
    homes = tuple(
        replace(home, name=f"{home.name} (protected)") if home.members in secret else home
        for home in family.homes
    )
    sentences = dict.fromkeys(f"Protected: {mark.words(name_of)}" for mark in drawn)
    return replace(family, homes=homes), tuple(sentences)


def _homes(family: Family, record: Record, places: set[str]) -> Iterator[tuple[str, ...]]:
    """Yield who lives in each protected home."""
    for number, home in enumerate(items(record.get("households"))):
        at = f"/households/{number}"
        if isinstance(home, dict) and any(f"{place}/".startswith(f"{at}/") for place in places):
            yield tuple(one for one in texts(home, "members") if one in family.members)


def names_for_marks(answer: Protections, names: Names) -> Callable[[Reference], str]:
    """Return what gives a name for somebody in any of the records; empty if nobody knows it."""
    known = {mention.reference: mention.entry for mention in answer.records.people.mentions}

    def name_of(who: Reference) -> str:
        entry = known.get(who, {})
        if isinstance(entry.get("name"), str):
            return text(entry, "name")
        name = inner(entry, "name")
        if names == "initials":
            return "".join(f"{letter}." for letter in initials(name))
        parts = f"{text(name, 'given')} {text(name, 'family')}".strip()
        return text(name, "full") or parts or text(name, "preferred")

    return name_of

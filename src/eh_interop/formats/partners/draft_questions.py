"""What somebody who knows the data is asked about a draft: only what the draft is not sure of."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Final

from eh_interop.formats.partners.draft_matching import KnownHeading, slices_of
from eh_interop.formats.partners.draft_writing import SURE, DraftColumn, MappingSketch
from eh_interop.formats.partners.record_paths import FieldPathError, resolve
from eh_interop.standard.fields import fields_of

_FIRST = re.compile(r"/(\w+)(?:/\*|\[([a-z0-9-]+)\])?")
_WHOSE: Final = {
    "children": "the child",
    "people": "a parent, carer or other person",
    "people[mother]": "the mother",
    "people[father]": "the father",
    "people[suspect]": "the person who is suspected",
    "practitioners[referrer]": "who made the referral",
    "relationships": "a parent, carer or other person",
    "parentalResponsibility": "a parent, carer or other person",
}
_ORDERS: Final = (
    ("day-first", "the day: 25/12/2026"),
    ("month-first", "the month: 12/25/2026"),
    ("", "I do not know. Leave it open"),
)
_MEANINGS: Final = (
    ("refused", "the family was asked, and refused"),
    ("not-sought", "nobody asked the family"),
    ("", "I do not know. Leave it open"),
)


@dataclass(frozen=True, slots=True)
class DraftQuestion:
    """A question with the answers to choose from; the first is the suggested one.

    ``shapes``: shapes of the values that it is about, in which no value stands.
    """

    text: str
    choices: tuple[str, ...]
    shapes: tuple[str, ...] = ()


Asking = Callable[[DraftQuestion], int]
"""What asks: it returns the index of the answer."""


def ask_about(sketch: MappingSketch, ask: Asking) -> None:
    """Ask about what the draft is not sure of, and change it as the answers say."""
    unsure = [column for column in sketch.columns if column.score < SURE and not column.ticked]
    of_whom = [column for column in unsure if _whose(column)]
    if len(of_whom) > 1 and (answer := _ask_whose(of_whom, ask)) is not None:
        unsure = [column for column in unsure if column not in of_whom]
        for column in of_whom:
            _settle(column, _whose(column)[0] if answer else None)
    for column in unsure:
        _ask_place(sketch, column, ask)
    dated = [column for column in sketch.columns if column.evidence.needs_order]
    if dated and not sketch.table.dates and not any(one.evidence.order for one in dated):
        shapes = tuple(dict.fromkeys(shape for one in dated for shape in one.evidence.shapes))[:3]
        if order := _choose("What comes first in the dates of this file?", _ORDERS, ask, shapes):
            sketch.table = replace(sketch.table, dates=order)
            sketch.dates_seen = "Somebody who knows the file said so."
    if any(column.place.endswith("[referral]/status") for column in sketch.columns):
        text = 'What does it mean if "No" stands in the column about consent?'
        sketch.consent_no = _choose(text, _MEANINGS, ask)


def _choose(
    text: str, answers: tuple[tuple[str, str], ...], ask: Asking, shapes: tuple[str, ...] = ()
) -> str:
    return answers[ask(DraftQuestion(text, tuple(words for _, words in answers), shapes))][0]


def _whose(column: DraftColumn) -> list[KnownHeading]:
    """Return where a column goes that may be about a child or a parent, if it is a parent's."""
    if column.match is None or column.part != "/children":
        return []
    return [one for one in column.match.others if one.part == "/people"]


def _ask_whose(columns: list[DraftColumn], ask: Asking) -> int | None:
    """Ask whose some columns are: 0 the child's, 1 a parent's; nothing if they differ."""
    names = ", ".join(map(_name, columns))
    choices = (_WHOSE["children"], _WHOSE["people"], "they differ: ask about each")
    answer = ask(DraftQuestion(f"Whom are these columns about: {names}?", choices))
    return answer if answer < len(choices) - 1 else None


def _name(column: DraftColumn) -> str:
    """Return what a column is called: by its letter if its heading looks like a value."""
    is_shown = column.label != f"Column {column.letter}"
    return f'"{column.label}"' if is_shown else f"column {column.letter}"


def _settle(column: DraftColumn, known: KnownHeading | None) -> None:
    """Let a column go where somebody said; where it went already if nothing is given."""
    if column.match is not None:
        why, place = "somebody who knows the file said so", known or column.match.known
        column.match = replace(column.match, known=place, score=100, why=why, others=())


def _ask_place(sketch: MappingSketch, column: DraftColumn, ask: Asking) -> None:
    if column.match is None:
        return
    taken = {one.place for one in sketch.columns if one is not column}
    others = [one for one in column.match.others if one.place not in taken]
    known = [column.match.known, *others]
    record = sketch.table.record
    choices = [*(in_words(record, one) for one in known), "nowhere: keep it as local data"]
    text = f"Where does {_name(column)} go?"
    chosen = ask(DraftQuestion(text, tuple(choices), tuple(column.evidence.shapes)))
    if chosen == len(known):
        sketch.columns.remove(column)
        sketch.unmatched.append(column)
        return
    _settle(column, known[chosen])


def in_words(record: str, known: KnownHeading) -> str:
    """Return where a column goes, as people say it."""
    match = _FIRST.match(known.place)
    whose = ""
    if match is not None and match.end() < len(known.place):
        name, entry = match[1], match[2] or ""
        held = entry.replace("-", " ") if name in {"people", "practitioners"} else ""
        whose = _WHOSE.get(f"{name}[{entry}]" if entry else name, held)
    root = fields_of(record)
    held_in = next((one for one in root.fields if one.name == known.part[1:]), root)
    try:
        target = resolve(held_in, known.ours, slices_of((known.ours,), record))
    except FieldPathError:
        return known.place
    is_value = bool(target.entry_type) and target.leaf.name == "value"
    titles = _titles(target.leaf.title, target.entry_type, is_value=is_value)
    return ": ".join(filter(None, (whose, " ".join(titles))))


def _titles(title: str, entry: str, *, is_value: bool) -> Iterator[str]:
    if entry:
        yield entry.replace("-", " ")
    if not is_value:
        yield title.lower()

"""What the labels of forms mean: ``mappings/forms/`` says it, in words of forms that were studied.

A label is a question with a place of its own (``questions.csv``), or it says something of somebody:
who that is and what is said stand in ``label-words.csv``. What neither knows may stand in the
inventories of real forms (``fields.csv``), word for word or nearly.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from types import MappingProxyType
from typing import Final

from eh_interop.core.folding import words_in
from eh_interop.core.resources import csv_rows, folder
from eh_interop.formats._shared.code_maps import fold_label

_NUMBERING: Final = re.compile(
    r"^(\(?(?:q|section|part)?\.? ?[0-9]{1,2}[a-z]?[.):]?|[a-z][.)])(?=\s|$)\s*"
)
_QUOTES: Final = re.compile(r"[\u2018\u2019`]")
_COUNT: Final = re.compile(
    r"\b(?:child|young person|parent|carer|adult|person|sibling)\W*(?:no\.?|number)?\W*([1-9])\b"
)
_FILLERS: Final = frozenset(
    [
        "the",
        "a",
        "an",
        "of",
        "and",
        "or",
        "is",
        "are",
        "who",
        "main",
        "first",
        "second",
        "full",
        "primary",
        "current",
        "details",
        "detail",
        "name",
        "names",
        "names",
        "this",
        "s",
        "if",
        "known",
        "please",
        "give",
        "list",
        "other",
        "number",
        "no",
        "birth",
        "biological",
    ]
)
_FOLLOW_UP: Final = re.compile(
    r"^(if (yes|no|not|so|other|there|any|applicable)\b|(please )?(give |provide "
    r")?(further |more )?(details|reasons?|explain|specify|comments?)\b|why( "
    r"not)?\W*$|reason\W*$|(please )?(say|state) why)"
)
_WORKERS: Final = frozenset({"school-nurse", "health-visitor", "social-worker", "midwife", "lead"})
_ASIDE: Final = re.compile(r"\([^()]*\)")
_LIKE: Final = 0.75
_LONGEST: Final = 260
_NAMED: Final = frozenset({"other-person", "parent", "mother", "father"})
"""Whose name is asked for, if a label says no more than who they are."""
_ASKS: Final = re.compile(
    r"(is|are|has|have|do|does|did|was|were|can|will|would|what|why|how|when|where|if)\b"
)
CERTAIN: Final = 0.95
PROBABLE: Final = 0.85
LIKELY: Final = 0.6


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelMeaning:
    """What a label asks for.

    Attributes:
        place: where the answer goes: JSON Pointers, of which the first counts that the record type
            has; or ``=name`` for what takes more than a place.
        why: where a reason goes that is asked for next.
        attribute: what is said of somebody, such as *birth*; empty if ``place`` says it all.
        subject: of whom, if the label says it.
        number: which of several.
        confidence: how sure it is.
    """

    place: str = ""
    why: str = ""
    attribute: str = ""
    subject: str = ""
    number: int = 0
    confidence: float = CERTAIN


@cache
def _questions() -> tuple[tuple[re.Pattern[str], str, str], ...]:
    return tuple(
        (re.compile(row["pattern"]), row["place"], row["why"]) for row in _rows("questions")
    )


@cache
def _words(kind: str) -> tuple[tuple[str, re.Pattern[str]], ...]:
    rows = _rows("label-words")
    return tuple((row["name"], re.compile(row["pattern"])) for row in rows if row["kind"] == kind)


def _rows(name: str) -> list[dict[str, str]]:
    return csv_rows(folder("mappings") / "forms" / f"{name}.csv")


def plain(label: str) -> str:
    """Return a label as it is compared: small letters, no numbering, nothing around it."""
    text = fold_label(_QUOTES.sub("'", label))
    return _NUMBERING.sub("", text).strip(" *:?.-\u2013")


@lru_cache(maxsize=4096)
def meaning_of(label: str) -> LabelMeaning | None:
    """Return what a label asks for; None if nobody can tell."""
    text = plain(label)
    if not text or len(text) > _LONGEST:
        return None
    for pattern, place, why in _questions():
        if pattern.search(text):
            return LabelMeaning(place=place, why=why)
    subject, count = _first("subject", text), _COUNT.search(text)
    number = int(count[1]) if count else 0
    if attribute := _first("attribute", text):
        only = subject in _WORKERS and _is_only(subject, text)
        kind = "name" if only else attribute
        return LabelMeaning(attribute=kind, subject=subject, number=number)
    if subject and _is_only(subject, text):
        return LabelMeaning(attribute="name", subject=subject, number=number)
    meaning = _of_inventories(text)
    if meaning is None and subject in _NAMED and not _ASKS.match(text):
        return LabelMeaning(attribute="name", subject=subject, number=number, confidence=PROBABLE)
    return meaning


def is_follow_up(label: str) -> bool:
    """Return whether a label asks for more about the question before it."""
    return bool(_FOLLOW_UP.match(plain(label)))


def subject_of(heading: str) -> str:
    """Return whom a heading or label is about; empty if it does not say."""
    return _first("subject", plain(heading))


def number_in(heading: str) -> int:
    """Return which of several it is about: 2 for *Child 2 of 3*; 0 if it does not say."""
    match = _COUNT.search(plain(heading))
    return int(match[1]) if match else 0


def knows(label: str) -> bool:
    """Return whether a text is a label that is known."""
    text = plain(label)
    return len(text) < _LONGEST and (is_follow_up(label) or meaning_of(label) is not None)


def _first(kind: str, text: str) -> str:
    return next((name for name, pattern in _words(kind) if pattern.search(text)), "")


def _is_only(subject: str, text: str) -> bool:
    """Return whether a label names somebody and says nothing else."""
    rest = _ASIDE.sub(" ", text)
    for name, pattern in _words("subject"):
        if name == subject or (name in _WORKERS and subject in _WORKERS):
            rest = pattern.sub(" ", rest)
    return not set(words_in(rest)) - _FILLERS


@cache
def _inventories() -> Mapping[str, tuple[str, ...]]:
    """Return the places of each label of a real form, in the words in which it is compared."""
    places: dict[str, dict[str, None]] = {}
    for row in _rows("fields"):
        if row["place"]:
            places.setdefault(plain(row["label"]), {})[row["place"]] = None
    return MappingProxyType({label: tuple(listed) for label, listed in places.items()})


def _of_inventories(text: str) -> LabelMeaning | None:
    known = _inventories()
    if text in known:
        return _at(known[text], CERTAIN)
    words = frozenset(words_in(text))
    if len(words) < 3:  # noqa: PLR2004
        return None
    likeness, label = max(
        ((len(words & other) / len(words | other), label) for label, other in _bags()),
        default=(0.0, ""),
    )
    return _at(known[label], LIKELY) if likeness >= _LIKE else None


@cache
def _bags() -> tuple[tuple[str, frozenset[str]], ...]:
    return tuple((label, frozenset(words_in(label))) for label in _inventories() if label)


def _at(places: tuple[str, ...], confidence: float) -> LabelMeaning | None:
    """Return the meaning of a label with places; None if it asks for several things at once."""
    own = [place for place in places if "/*" not in place]
    if len(own) == 1 or len(places) == 1:
        place = (own or list(places))[0]
        if place.startswith(("/people/*", "/practitioners/*", "/organisations/*")):
            return None
        first, _, rest = place[1:].partition("/*")
        if first == "children" or not rest:
            return LabelMeaning(
                place=place.replace("/*", "/+") if not rest else place, confidence=confidence
            )
        return LabelMeaning(
            place=f"/{first}/{{main}}{rest}".replace("/*", "/+"), confidence=confidence
        )
    return None

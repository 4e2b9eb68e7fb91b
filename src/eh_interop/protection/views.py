"""Views: a record as somebody may see it, and what agencies must know about it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import count
from types import MappingProxyType
from typing import Any, Final

from eh_interop.core.errors import StandardError
from eh_interop.core.pointer import join
from eh_interop.protection.matching import Matcher, name_values
from eh_interop.protection.model import (
    Audience,
    KeepFrom,
    LeftOut,
    Mark,
    Protection,
    Scope,
    View,
    What,
    Why,
    is_kept_from,
)
from eh_interop.protection.people import Records, is_address
from eh_interop.standard.code_lists import titles
from eh_interop.standard.fields import Field, Kind, fields_of

_GONE: Final = object()
_HELD_BACK: Final = "withheld-for-safety"
_NEVER_SAID: Final = frozenset({"safetyWarnings", "withheldInformation", "recipientsExcluded"})
"""That there is one would tell the person from whom it is kept: no reason is given for these."""
_IDS: Final = frozenset({"id", "recordId"})
_FIXED: Final = frozenset({"recordType"})
NOT_KNOWN: Final = (
    "The recipient is not in these records, so nobody can tell what to keep from them."
)
STILL_THERE: Final = "Something that is protected could not be taken out."
IS_SUBJECT: Final = "The record is about a child whose identity is kept from this recipient."


def view_of(
    records: Records, protections: Sequence[Protection], number: int, audience: Audience
) -> View:
    """Return one of the records as an audience may see it."""
    document = records.documents[number]
    if audience.is_agency:
        return View(dict(document), marks=marks_of(document, number, protections))
    kept = [held for held in protections if is_kept_from(held, audience)]
    refused = _refusal(number, kept, audience)
    if refused:
        return View({}, refused=refused)
    matcher = Matcher(kept)
    sieve = Sieve(document, number, kept, matcher)
    shown = sieve.copy()
    if Sieve(shown, -1, kept, matcher).finds_more():
        return View({}, left_out=sieve.left_out(), refused=STILL_THERE)
    return View(shown, left_out=sieve.left_out())


def without_names(records: Records, number: int) -> View:
    """Return one of the records without the name of anybody, in fields and in texts."""
    document = records.documents[number]
    names = [
        Protection(
            what=What.PERSON,
            record=-1,
            place="",
            keep_from=KeepFrom(Scope.UNKNOWN),
            why=Why.NAMES_LEFT_OUT,
            source=(mention.reference.record, mention.place),
            values=name_values(mention.entry, frozenset()),
        )
        for mention in records.people.mentions
        if mention.listed != "organisations"
    ]
    sieve = Sieve(document, number, names, Matcher(names))
    return View(sieve.copy(), left_out=sieve.left_out())


def _refusal(number: int, kept: Iterable[Protection], audience: Audience) -> str | None:
    if audience.kind == "unknown":
        return NOT_KNOWN
    for held in kept:
        if held.record == number and held.what is What.RECORD:
            return held.why.words
        if held.record == number and held.what is What.PERSON and "/children" in held.place:
            return IS_SUBJECT
    return None


def marks_of(
    document: Mapping[str, Any], number: int, protections: Sequence[Protection]
) -> tuple[Mark, ...]:
    """Return what an agency must know about a record, place by place."""
    whole = [held for held in protections if held.record == number and held.what is What.RECORD]
    marks = [Mark("", held.what, held.why, held.keep_from) for held in whole]
    for place, held in standing_in(document, number, protections):
        marks.append(Mark(place, held.what, held.why, held.keep_from))
    return tuple(dict.fromkeys(marks))


def standing_in(
    document: Mapping[str, Any], number: int, protections: Sequence[Protection]
) -> Iterator[tuple[str, Protection]]:
    """Yield every place in a record where something protected stands, and what protects it."""
    sieve = Sieve(document, number, protections, Matcher(protections))
    sieve.copy()
    for held in protections:
        if held.record == number and held.place:
            yield held.place, held
    spots = {held.place for held in protections if held.record == number}
    yield from ((place, held) for place, held in sieve.taken if place not in spots)


@cache
def _tree(record_type: str) -> Field | None:
    try:
        return fields_of(record_type)
    except StandardError:
        return None


@cache
def _names(record_type: str) -> frozenset[str]:
    tree = _tree(record_type)
    return frozenset(field.name for field in tree.walk()) if tree else frozenset()


@cache
def _fields(field: Field) -> Mapping[str, Field]:
    return MappingProxyType({inner.name: inner for inner in field.fields})


class Sieve:
    """Makes a copy of one record without what is protected, and remembers what was there.

    Attributes:
        taken: each place where something protected stood, and what protects it.
    """

    def __init__(
        self,
        document: Mapping[str, Any],
        number: int,
        protections: Sequence[Protection],
        matcher: Matcher,
    ) -> None:
        """Prepare the search."""
        self._document = document
        kind = str(document.get("recordType"))
        self._tree, self._known = _tree(kind), _names(kind)
        self._spots = {
            held.place: held for held in protections if held.record == number and held.place
        }
        self._values = matcher
        self._renamed = self._new_ids()
        self._dead: dict[str, Protection] = {}
        self.taken: list[tuple[str, Protection]] = []

    def copy(self) -> dict[str, Any]:
        """Return the copy. What points to something that was left out goes with it."""
        while True:
            self.taken = []
            shown = self._object(self._document, self._tree, ())
            copied = dict(shown) if isinstance(shown, dict) else {}
            left = {self._renamed.get(name, name) for name in _local_ids(self._document)}
            gone = left - set(_local_ids(copied)) - self._dead.keys()
            if not gone or not self.taken:
                return copied
            self._dead.update(dict.fromkeys(sorted(gone), self.taken[0][1]))

    def finds_more(self) -> bool:
        """Return whether anything protected is left."""
        self.copy()
        return bool(self.taken)

    def left_out(self) -> tuple[LeftOut, ...]:
        """Return what is not in the copy."""
        every = (LeftOut(place, held.what, held.why) for place, held in self.taken)
        return tuple(dict.fromkeys(every))

    def _new_ids(self) -> dict[str, str]:
        """Return new ids for those that hold something protected."""
        every = dict.fromkeys(_local_ids(self._document, _IDS))
        fresh = (name for name in map("withheld-{}".format, count(1)) if name not in every)
        return {name: next(fresh) for name in every if self._values.finds(name)}

    def _protection(self, place: str, value: Any) -> Protection | None:
        spot = self._spots.get(place)
        if spot is None and isinstance(value, dict) and is_address(place, value):
            spot = self._values.finds_address(
                {name: held for name, held in value.items() if name not in {"absent", "kind"}}
            )
        return spot

    def _value(self, value: Any, field: Field | None, steps: tuple[str | int, ...]) -> Any:
        place = join(steps)
        spot = self._protection(place, value)
        if spot is not None:
            self.taken.append((place, spot))
            return _GONE
        if isinstance(value, dict):
            return self._object(value, field, steps)
        if isinstance(value, list):
            return self._list(value, field, steps)
        return self._leaf(value, field, steps)

    def _list(self, value: list[Any], field: Field | None, steps: tuple[str | int, ...]) -> Any:
        whole = self._values.finds_address(value) if _is_text(value) else None
        if whole is not None:
            self.taken.append((join(steps), whole))
            return _GONE
        kept = [self._value(held, field, (*steps, at)) for at, held in enumerate(value)]
        shown = [held for held in kept if held is not _GONE]
        return shown if shown or not value else _GONE

    def _leaf(self, value: Any, field: Field | None, steps: tuple[str | int, ...]) -> Any:
        if value is None or isinstance(value, bool):
            return value
        text = str(value)
        if text in self._renamed and isinstance(value, str):
            self.taken.append((join(steps), self._sure(text)))
            text = value = self._renamed[text]
        if text in self._dead and steps[-1] not in _IDS:
            self.taken.append((join(steps), self._dead[text]))
            return _GONE
        protection = None if text in self._renamed.values() or _is_code(text, field) else (
            self._values.finds(text)
        )  # fmt: skip
        if protection is None:
            return value
        self.taken.append((join(steps), protection))
        return _GONE

    def _sure(self, text: str) -> Protection:
        protection = self._values.finds(text)
        assert protection is not None  # noqa: S101 (only such ids get a new one)
        return protection

    def _object(
        self, value: Mapping[str, Any], field: Field | None, steps: tuple[str | int, ...]
    ) -> Any:
        fields = _fields(field) if field else {}
        shown: dict[str, Any] = {}
        gone: list[str] = []
        for name, held in value.items():
            key = self._values.finds(str(name)) if str(name) not in self._known else None
            if key is not None:
                self.taken.append((join(steps), key))
                continue
            reasons = field if field and field.kind is Kind.REASONS else None
            inner = self._value(held, fields.get(name, reasons), (*steps, str(name)))
            if inner is _GONE:
                gone.append(name)
            else:
                shown[name] = inner
        return self._mended(value, shown, gone, fields, steps)

    def _mended(
        self,
        value: Mapping[str, Any],
        shown: dict[str, Any],
        gone: list[str],
        fields: Mapping[str, Field],
        steps: tuple[str | int, ...],
    ) -> Any:
        """Say why something is missing, or leave out what means nothing without it."""
        needed = [name for name in gone if name in fields and fields[name].required]
        if steps and (needed or (value and shown.keys() <= {"absent"} and len(shown) < len(value))):
            return _GONE
        explained = [
            name for name in gone if name in fields and name not in _NEVER_SAID | {"absent"}
        ]
        if explained and "absent" in fields:
            absent = shown.get("absent")
            reasons = dict.fromkeys((name for name in explained if name not in needed), _HELD_BACK)
            shown["absent"] = (absent if isinstance(absent, dict) else {}) | reasons
        return shown


def _is_text(value: list[Any]) -> bool:
    return len(value) > 1 and all(isinstance(held, str) for held in value)


def _is_code(text: str, field: Field | None) -> bool:
    if field is None:
        return False
    if field.kind is Kind.REASONS:
        return text in titles("absence-reason")
    return field.link in _FIXED or (field.kind is Kind.CODE and text in titles(field.code_list))


def _local_ids(value: Any, names: frozenset[str] = frozenset({"id"})) -> Iterator[str]:
    stack = [value]
    while stack:
        held = stack.pop()
        if isinstance(held, dict):
            stack += held.values()
            yield from (held[name] for name in names if isinstance(held.get(name), str))
        elif isinstance(held, list):
            stack += held


# Security labels of FHIR


@dataclass(frozen=True, slots=True)
class Label:
    """A security label of FHIR: a coding for ``meta.security``."""

    system: str
    code: str
    display: str


CONFIDENTIALITY: Final = "http://terminology.hl7.org/CodeSystem/v3-Confidentiality"
ACT_CODE: Final = "http://terminology.hl7.org/CodeSystem/v3-ActCode"
RESTRICTED: Final = Label(CONFIDENTIALITY, "R", "restricted")
VERY_RESTRICTED: Final = Label(CONFIDENTIALITY, "V", "very restricted")
LOCATION: Final = Label(ACT_CODE, "LOCIS", "location information sensitivity")
REQUESTED: Final = Label(ACT_CODE, "PHY", "physician requested information sensitivity")
_LABELS: Final[Mapping[What, tuple[Label, ...]]] = MappingProxyType({
    What.ADDRESS: (RESTRICTED, LOCATION),
    What.PLACE: (RESTRICTED, LOCATION),
    What.PERSON: (VERY_RESTRICTED,),
    What.INFORMATION: (RESTRICTED,),
    What.RECORD: (RESTRICTED,),
})  # fmt: skip
_HIGHER: Final[Mapping[Why, tuple[Label, ...]]] = MappingProxyType({
    Why.WITHHELD: (VERY_RESTRICTED, REQUESTED),
    Why.KEPT_UNNAMED: (VERY_RESTRICTED, REQUESTED),
    Why.ANONYMITY: (VERY_RESTRICTED,),
})  # fmt: skip
"""What protects it decides before what it is."""


def labels_of(
    document: Mapping[str, Any], number: int, protections: Sequence[Protection]
) -> dict[str, tuple[Label, ...]]:
    """Return the security labels of each place of a record that holds something protected.

    An entry of a list, and the record itself, bear the labels of all that is in them, as FHIR
    asks: only the highest confidentiality, and each kind of sensitivity.
    """
    labels: dict[str, set[Label]] = {}
    whole = [("", held) for held in protections if held.record == number and not held.place]
    for place, held in (*whole, *standing_in(document, number, protections)):
        for outer in _around(place):
            labels.setdefault(outer, set()).update(_HIGHER.get(held.why, _LABELS[held.what]))
    return {place: _highest(labels[place]) for place in sorted(labels)}


def _around(place: str) -> Iterator[str]:
    steps = place.split("/")
    for length in range(1, len(steps) + 1):
        if length in {1, len(steps)} or steps[length - 1].isdigit():
            yield "/".join(steps[:length])


def _highest(labels: set[Label]) -> tuple[Label, ...]:
    wanted = labels - {RESTRICTED} if VERY_RESTRICTED in labels else labels
    return tuple(sorted(wanted, key=lambda label: (label.system != CONFIDENTIALITY, label.code)))

"""What is protected, from whom and why; what a view is. All of it frozen."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, ClassVar, Final, NamedTuple

Document = Mapping[str, Any]


class Reference(NamedTuple):
    """Somebody in one of the records: the number of the record, and their local id.

    Its ``repr`` leaves out the id: what stands where an id should be may be a name.
    """

    record: int
    id: str

    def __repr__(self) -> str:
        """Say only in which record."""
        return f"Reference(record={self.record})"


class What(StrEnum):
    """What is protected."""

    ADDRESS = "address"
    """An address, a telephone number or anything else that tells where somebody is."""
    PLACE = "place"
    """An organisation whose name tells where somebody is, such as a refuge or a school."""
    PERSON = "person"
    """Who somebody is."""
    INFORMATION = "information"
    """Some of what the record says."""
    RECORD = "record"
    """The record as a whole."""


class Why(StrEnum):
    """What in the records protects it."""

    ADDRESS_FLAG = "address-flag"
    REFUGE = "refuge"
    ADDRESS_WARNING = "address-warning"
    CONTACT_WARNING = "contact-warning"
    SAFETY_WARNING = "safety-warning"
    KEPT_UNNAMED = "kept-but-not-said-what"
    WITHHELD = "withheld-information"
    ANONYMITY = "anonymity"
    CONFIDENTIAL_DOCUMENT = "confidential-document"
    HELD_BACK = "held-back-for-safety"
    FAMILY_NOT_INFORMED = "family-not-informed"
    AGENCIES_ONLY = "agencies-only"
    EXCLUDED_BY_CONSENT = "excluded-by-consent"
    RESTRICTED = "restricted-at-source"
    NAMES_LEFT_OUT = "names-left-out"

    @property
    def words(self) -> str:
        """The same in a sentence, for whoever sends something."""
        return _WORDS[self]


_WORDS: Final = {
    Why.ADDRESS_FLAG: "An address is marked as not to be disclosed.",
    Why.REFUGE: "Somebody is in a refuge.",
    Why.ADDRESS_WARNING: "A safety warning says that an address must not be disclosed.",
    Why.CONTACT_WARNING: "A safety warning says that contact may be unsafe.",
    Why.SAFETY_WARNING: "It is a safety warning for those who work with the family.",
    Why.KEPT_UNNAMED: "A safety warning says that something must be kept from somebody, "
    "but not what it is.",
    Why.WITHHELD: "It is information to keep from the family or from one person.",
    Why.ANONYMITY: "Whoever gave the information does not want to be named.",
    Why.CONFIDENTIAL_DOCUMENT: "A document is marked as not to be shown to the family.",
    Why.HELD_BACK: "A record says that it is withheld for safety.",
    Why.FAMILY_NOT_INFORMED: "The record says that the family was not told.",
    Why.AGENCIES_ONLY: "This kind of record is for agencies only.",
    Why.EXCLUDED_BY_CONSENT: "A consent names this recipient among those who must not be told.",
    Why.NAMES_LEFT_OUT: "Names were to be left out, and it holds one.",
    Why.RESTRICTED: "The system that it comes from has marked it as restricted.",
}


class Scope(StrEnum):
    """How far something is kept."""

    NAMED = "named"
    """From named people only, and from pages for the family."""
    OUTSIDERS = "outsiders"
    """From everybody but the agencies, and the people that know it themselves."""
    UNKNOWN = "unknown"
    """Nobody says from whom, so from everybody but the agencies."""


@dataclass(frozen=True, slots=True)
class KeepFrom:
    """From whom something is kept.

    Attributes:
        scope: how far.
        people: who is named.
        knows: who knows it anyway, since a warning is about them and names somebody else.
    """

    scope: Scope
    people: tuple[Reference, ...] = ()
    knows: tuple[Reference, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Protection:
    """One thing that somebody must not learn.

    Attributes:
        what: what is protected.
        record: the number of the record in which it stands.
        place: JSON Pointer to it.
        keep_from: from whom.
        why: what protects it.
        source: the number of the record that protects it, and a JSON Pointer to what says so.
        values: what is searched for elsewhere, folded. Never to be printed.
        entire: what stands at the place is left out whole; otherwise only the values are.
    """

    what: What
    record: int
    place: str
    keep_from: KeepFrom
    why: Why
    source: tuple[int, str]
    values: frozenset[str] = field(default=frozenset(), repr=False)
    entire: bool = True


@dataclass(frozen=True, slots=True)
class Audience:
    """Who will see something: :data:`AGENCY`, :data:`FAMILY`, or a named recipient.

    A named recipient is made by :meth:`Protections.recipient`, which knows who is who.

    Attributes:
        kind: ``agency``, ``family``, ``person`` or ``unknown``.
        references: where a named recipient stands in the records.
    """

    kind: str
    references: frozenset[Reference] = frozenset()
    AGENCY: ClassVar[Audience]
    FAMILY: ClassVar[Audience]

    @property
    def is_agency(self) -> bool:
        """Whether all may be seen."""
        return self.kind == "agency"


Audience.AGENCY = Audience("agency")
Audience.FAMILY = Audience("family")


def is_kept_from(protection: Protection, audience: Audience) -> bool:
    """Return whether an audience must not learn what is protected. In doubt they must not."""
    keep = protection.keep_from
    named = not audience.references.isdisjoint(keep.people)
    if audience.kind == "agency":
        return named
    if audience.kind == "family":
        return keep.scope is not Scope.NAMED or protection.what is not What.RECORD
    if keep.scope is Scope.NAMED:
        return named or audience.kind == "unknown"
    return named or audience.references.isdisjoint(keep.knows)


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Something that is not in a view, and why. It never holds the value."""

    place: str
    what: What
    why: Why


@dataclass(frozen=True, slots=True)
class Mark:
    """What an agency must know about a place in a record before it passes it on.

    Attributes:
        place: JSON Pointer to what is protected; empty for the whole record.
        what: what is protected.
        why: what protects it.
        keep_from: from whom. The people are references: print their names with :meth:`words`.
    """

    place: str
    what: What
    why: Why
    keep_from: KeepFrom

    def words(self, name_of: Callable[[Reference], str]) -> str:
        """Say in a sentence to whom it must not be disclosed.

        Args:
            name_of: gives what to call somebody; an empty text leaves them out.
        """
        names = list(dict.fromkeys(filter(None, map(name_of, self.keep_from.people))))
        outside = self.keep_from.scope is not Scope.NAMED
        if not names:
            return "Do not disclose to the family or to anybody outside the agencies that help."
        more = ", nor to anybody else outside the agencies that help" if outside else ""
        who = names[0] if len(names) == 1 else f"{', '.join(names[:-1])} or {names[-1]}"
        return f"Do not disclose to {who}{more}."


@dataclass(frozen=True, slots=True)
class View:
    """A record as an audience may see it.

    Attributes:
        document: what may be shown; empty if the view is refused.
        left_out: what is not there, for the sender.
        marks: what agencies must not pass on. Empty for everybody else.
        refused: why nothing can be shown, for the sender's eyes only; None if it can.
    """

    document: dict[str, Any] = field(repr=False)
    left_out: tuple[LeftOut, ...] = ()
    marks: tuple[Mark, ...] = ()
    refused: str | None = None

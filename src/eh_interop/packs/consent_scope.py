"""Consent scope: whether each record and paper may be shared with the recipient, or on what basis.

For every child that an item is about there has to be a live consent that names the
recipient and the purpose, and is wide enough. Where there is none, a reason for going
ahead without consent has to be recorded. Words cannot be compared: that somebody has
asked for something to be left out is reported, and a person looks.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from typing import Any, Final

from eh_interop.core.findings import Finding
from eh_interop.packs.consents import (
    ApplicableConsent,
    ChildIndex,
    applicable_consents,
    logged_bases,
)
from eh_interop.packs.contents import (
    KEEP_FROM_FAMILY,
    PackContents,
    PackedPaper,
    marks_of_paper,
    marks_of_record,
    organisation_of,
    plain,
    unreadable_entries,
)
from eh_interop.packs.schema_checks import LAWFUL_BASIS, LEGAL_GATEWAY, LOCAL_ID, is_valid_part
from eh_interop.standard.code_lists import titles
from eh_interop.standard.finding_codes import FindingCode, finding_codes
from eh_interop.standard.model import Consent, SharingLogEntry

ENTRY: Final = "shared-without-consent"
"""The id of the entry in the sharing log of the pack."""
_NO_BASIS: Final = "PCK-101"
_UNREADABLE: Final = (
    "Record {}: consent {} could not be read, so it was not looked at. Please put right what the "
    "findings of this record say of its shape."
)


class SharingBasis(StrEnum):
    """On what an item is shared; from the weakest basis to the strongest."""

    NOT_RECORDED = "not-recorded"
    WITHOUT_CONSENT = "without-consent"
    CONSENT = "consent"


_WEAKEST_FIRST = tuple(SharingBasis)


@dataclass(frozen=True, slots=True)
class PackItem:
    """A record or paper of the pack, as the question is asked whether it may be shared.

    Attributes:
        place: where the description of the pack lists it.
        title: what kind of record or paper it is, in words.
        children: whose information it is.
        is_basic: it holds basic information only.
        keep_from_family: it holds what the family must not see.
        names: what somebody who wants it left out might call it.
    """

    place: str
    title: str
    children: frozenset[int]
    is_basic: bool
    keep_from_family: bool
    names: frozenset[str] = field(repr=False)


@dataclass(frozen=True, slots=True)
class SharingDecision:
    """On what an item is shared, and what is wrong with that.

    Attributes:
        item: the item.
        basis: on what it is shared.
        rests_on: the consents that cover it, or the entries that say why there is none.
        code: what is wrong if there is neither; None if nothing is.
    """

    item: PackItem
    basis: SharingBasis
    rests_on: tuple[ApplicableConsent, ...] = ()
    code: str | None = None


class ConsentScope:
    """What the consents in a pack cover."""

    def __init__(self, contents: PackContents) -> None:
        self._contents = contents
        self._children = ChildIndex(record.document for record in contents.records)
        self._consents = applicable_consents(contents, self._children)
        self.logged: tuple[SharingLogEntry, ...] = tuple(logged_bases(contents))

    @cached_property
    def decisions(self) -> tuple[SharingDecision, ...]:
        """What is to be said of every item, the records first."""
        return tuple(map(self._decide, (*self._records(), *self._papers())))

    @property
    def used(self) -> list[ApplicableConsent]:
        """Every consent that a decision rests on."""
        return [consent for decision in self.decisions for consent in decision.rests_on]

    def findings(self) -> Iterator[Finding]:
        """Yield what is wrong."""
        checks, contents = finding_codes(), self._contents
        for decision in self.decisions:
            if contents.recipient.is_family and decision.item.keep_from_family:
                yield _finding(checks["PCK-105"], decision.item)
            if decision.code and not (decision.code == _NO_BASIS and self._is_unreadable):
                yield _finding(checks[decision.code], decision.item)
            elif decision.basis is SharingBasis.WITHOUT_CONSENT and not contents.logged:
                yield _finding(checks["PCK-106"], decision.item)
        yield from self._unreadable()
        if any(map(_names_limits, self.used)):
            yield checks["PCK-104"].at()

    def _unreadable(self) -> Iterator[Finding]:
        """Yield the consents that cannot be read: one of them may say no, or give the basis."""
        check = finding_codes()["PCK-107"]
        for number, record in enumerate(self._contents.records):
            for entry in unreadable_entries(record.document, "consents", Consent):
                yield check.at(f"/records/{number}", _UNREADABLE.format(number + 1, entry + 1))

    @cached_property
    def _is_unreadable(self) -> bool:
        return any(self._unreadable())

    def _records(self) -> Iterator[PackItem]:
        for number, record in enumerate(self._contents.records):
            title = titles("record-type").get(record.record_type, record.record_type)
            yield PackItem(
                place=f"/records/{number}",
                title=title,
                children=self._children.of(number),
                is_basic=record.record_type in self._contents.kind.basic_records,
                keep_from_family=KEEP_FROM_FAMILY in marks_of_record(record.document),
                names=_plain_names(title, record.record_type),
            )

    def _papers(self) -> Iterator[PackItem]:
        for number, paper in enumerate(self._contents.papers):
            title = titles("attachment-type").get(paper.type, paper.type)
            own_title = paper.listed.title if paper.listed else None
            yield PackItem(
                place=f"/attachments/{number}",
                title=title,
                children=self._children_of(paper),
                is_basic=False,
                keep_from_family=bool(marks_of_paper(paper.listed)),
                names=_plain_names(title, paper.type, own_title),
            )

    def _children_of(self, paper: PackedPaper) -> frozenset[int]:
        """Return the children that the main record says a paper is about, or all of its own."""
        contents = self._contents
        if contents.main is None:
            return frozenset()
        number = contents.records.index(contents.main)
        return self._children.of(number, paper.listed.children if paper.listed else ())

    def _decide(self, item: PackItem) -> SharingDecision:
        """Decide on each child; the hardest answer counts for the item."""
        children: list[int | None] = [*sorted(item.children)] or [None]
        decisions = [self._decide_for(item, child) for child in children]
        weakest = min(decisions, key=lambda decision: _WEAKEST_FIRST.index(decision.basis))
        rests_on = {
            (id(consent.record), consent.consent.id): consent
            for decision in decisions
            for consent in decision.rests_on
            if decision.basis is weakest.basis
        }
        return SharingDecision(item, weakest.basis, tuple(rests_on.values()), weakest.code)

    def _decide_for(self, item: PackItem, child: int | None) -> SharingDecision:
        day, purposes = self._contents.on, set(self._contents.purposes)
        about = [one for one in self._consents if child is None or child in one.children]
        asked = [one for one in about if not purposes.isdisjoint(one.consent.purposes)]
        live = [one for one in asked if one.is_live(day) and one.names_recipient]
        newest = max((one.decided_on for one in live), default=None)
        excluded = any(
            one.excludes_recipient and (newest is None or one.on >= newest) for one in about
        )
        refused = any(
            one.is_refusal(day) and newest is not None and one.on >= newest for one in asked
        )
        wide = tuple(one for one in live if _is_wide_enough(one, item))
        if wide and not excluded and not refused:
            return SharingDecision(item, SharingBasis.CONSENT, wide)
        reasons = tuple(one for one in asked if one.has_reason())
        if reasons or self._is_logged(child):
            return SharingDecision(item, SharingBasis.WITHOUT_CONSENT, reasons)
        code = "PCK-102" if excluded else "PCK-103" if live and not refused else _NO_BASIS
        return SharingDecision(item, SharingBasis.NOT_RECORDED, (), code)

    def _is_logged(self, child: int | None) -> bool:
        main = self._contents.main
        number = self._contents.records.index(main) if main else 0
        return any(
            child is None or child in self._children.of(number, entry.children)
            for entry in self.logged
        )


def _plain_names(*names: str | None) -> frozenset[str]:
    return frozenset(plain(name) for name in names if name)


def _finding(check: FindingCode, item: PackItem) -> Finding:
    """Say which record or paper it is about, by its kind and its number in the pack."""
    _, listed, number = item.place.split("/")
    what = "record" if listed == "records" else "paper"
    fault = f"{check.title[0].lower()}{check.title[1:]}"
    return check.at(item.place, f"{item.title} ({what} {int(number) + 1}): {fault}.")


def _is_wide_enough(applicable: ApplicableConsent, item: PackItem) -> bool:
    """Compare a consent with an item: its scope, and what it leaves out by that very name."""
    if applicable.consent.information_scope == "basic" and not item.is_basic:
        return False
    return _plain_names(*applicable.consent.items_excluded).isdisjoint(item.names)


def _names_limits(applicable: ApplicableConsent) -> bool:
    """Return whether a consent says in words alone what, or who, is left out."""
    unnamed = any(
        entry.organisation is None and entry.practitioner is None and entry.person is None
        for entry in applicable.consent.recipients_excluded
    )
    return applicable.limits or unnamed or bool(applicable.consent.items_excluded)


def stated_bases(
    consents: Iterable[ApplicableConsent], logged: Iterable[SharingLogEntry]
) -> Mapping[str, Any]:
    """Return the lawful basis and the legal powers that are stated, if one basis is."""
    parts: list[Consent | SharingLogEntry] = [*(one.consent for one in consents), *logged]
    bases = [part.lawful_basis for part in parts if is_valid_part(LAWFUL_BASIS, part.lawful_basis)]
    stated_gateways = {gateway for part in parts for gateway in part.legal_gateway}
    gateways = sorted(name for name in stated_gateways if is_valid_part(LEGAL_GATEWAY, name))
    stated: dict[str, Any] = {}
    if bases:
        stated["lawfulBasis"] = next((basis for basis in bases if basis != "consent"), bases[0])
    if gateways:
        stated["legalGateway"] = gateways
    return stated


def sharing_log(contents: PackContents, scope: ConsentScope) -> list[dict[str, Any]]:
    """Return what to log about what is shared without consent (S-050): at most one entry.

    What is sent at immediate risk with no basis on record is logged as well: the basis is
    what is missing then.
    """
    shared = [
        decision for decision in scope.decisions if decision.basis is not SharingBasis.CONSENT
    ]
    if not shared:
        return []
    consents = [consent for decision in shared for consent in decision.rests_on]
    purposes = titles("consent-purpose")
    entry: dict[str, Any] = {
        "id": ENTRY,
        "shared": True,
        "on": contents.on.isoformat(),
        "recipients": [_recipient(contents)],
        "items": list(dict.fromkeys(decision.item.title for decision in shared)),
        "newPurpose": "; ".join(purposes.get(purpose, purpose) for purpose in contents.purposes),
        **stated_bases(consents, scope.logged),
    }
    if "lawfulBasis" not in entry:
        entry["absent"] = {"lawfulBasis": "not-known"}
    return [entry]


def _recipient(contents: PackContents) -> dict[str, str]:
    """Name the recipient by the local id in the main record, where it has one."""
    recipient = contents.recipient
    if recipient.person is not None and is_valid_part(LOCAL_ID, recipient.person):
        return {"person": recipient.person}
    organisation = recipient.organisation or {}
    local_id = organisation.get("id")
    is_listed = organisation_of(contents.about, local_id) == organisation
    if is_valid_part(LOCAL_ID, local_id) and is_listed:
        return {"organisation": str(local_id)}
    return {"description": "The recipient of this pack"}

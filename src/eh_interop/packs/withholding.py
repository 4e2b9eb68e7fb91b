"""What one of the family is not sent: what the records protect from them, left out or refused."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final

from eh_interop.core.findings import Finding
from eh_interop.core.lenient import by_id
from eh_interop.core.pointer import join
from eh_interop.packs.contents import PackContents, PackedPaper
from eh_interop.packs.judging import NEVER_SENT
from eh_interop.packs.schema_checks import LOCAL_ID, is_valid_part
from eh_interop.protection import Audience, Protections, View
from eh_interop.standard.finding_codes import finding_codes

_HELD_BACK: Final = "withheld-for-safety"
_PAPER: Final = "A paper holds what is kept from the recipient, or cannot be searched for it."
_DESCRIPTION: Final = "The description of the pack would tell what is kept from the recipient."


@dataclass(frozen=True, slots=True)
class Withheld:
    """The records as the recipient may see them.

    Attributes:
        views: one for each record, in their order.
        answer: who must not learn what.
        audience: who gets the pack.
    """

    views: tuple[View, ...] = field(repr=False)
    answer: Protections = field(repr=False)
    audience: Audience

    def findings(self, contents: PackContents, data: Mapping[str, bytes]) -> Iterator[Finding]:
        """Yield why the pack must not be made: what cannot be taken out."""
        for number, view in enumerate(self.views):
            if view.refused:
                yield _never(f"/records/{number}", view.refused)
        if not self.audience.is_agency:
            for number, paper in enumerate(contents.papers):
                if self._is_kept(paper, data[paper.path]):
                    yield _never(f"/attachments/{number}", _PAPER)

    def _is_kept(self, paper: PackedPaper, data: bytes) -> bool:
        """Return whether a paper may hold what is protected. One that is not text may."""
        if not any(view.left_out for view in self.views):
            return False
        try:
            text = data.decode()
        except UnicodeDecodeError:
            return True
        listed = paper.listed
        gone = listed is not None and not any(
            by_id(view.document, "attachments", listed.id) for view in self.views
        )
        return gone or bool(self.answer.view({"note": text}, self.audience).left_out)

    def in_description(self, description: Mapping[str, Any]) -> Iterator[Finding]:
        """Yield why a description must not be sent."""
        if not self.audience.is_agency and self.answer.view(description, self.audience).left_out:
            yield _never("", _DESCRIPTION)

    def shown(self, contents: PackContents) -> PackContents:
        """Return what is in the pack with the records as the recipient may see them.

        One that is refused stands as it is: such a pack is never written.
        """
        if self.audience.is_agency:
            return contents
        records = tuple(
            record
            if view.refused
            else replace(record, source=replace(record.source, document=view.document, text=b""))
            for record, view in zip(contents.records, self.views, strict=True)
        )
        at = contents.records.index(contents.main) if contents.main else None
        return replace(contents, records=records, main=None if at is None else records[at])

    def left_out(self) -> Iterator[dict[str, Any]]:
        """Yield what was left out, for the recipient: only what the records themselves tell.

        That there is a warning, and what protects something, would tell what is to be kept.
        """
        if self.audience.is_agency:
            return
        for before, view in zip(self.answer.records.documents, self.views, strict=False):
            identity = _identity(view.document)
            known = set(_held_back(before))
            for place in _held_back(view.document):
                if place not in known:
                    yield {**identity, "place": place, "why": _HELD_BACK}

    def marked(self) -> list[list[str]]:
        """Return the places of each record that an agency must not pass on."""
        every = (
            dict.fromkeys(mark.place for mark in view.marks if mark.place) for view in self.views
        )
        return [[place for place in places if len(place) < _LONGEST] for places in every]


_LONGEST: Final = 500


def _never(place: str, reason: str) -> Finding:
    check = finding_codes()[NEVER_SENT]
    return check.at(place, f"{check.title}. {reason}")


def _identity(document: Mapping[str, Any]) -> dict[str, Any]:
    identity = {"recordType": document.get("recordType")}
    if is_valid_part(LOCAL_ID, document.get("recordId")):
        identity["recordId"] = document["recordId"]
    return identity


def _held_back(value: Any, steps: Sequence[str | int] = ()) -> Iterator[str]:
    """Yield the places that a record says are withheld for safety."""
    stack: list[tuple[Any, tuple[str | int, ...]]] = [(value, tuple(steps))]
    while stack:
        held, at = stack.pop()
        if isinstance(held, dict):
            absent = held.get("absent")
            reasons = absent.items() if isinstance(absent, dict) else ()
            yield from (join((*at, name)) for name, why in reasons if why == _HELD_BACK)
            stack += [(inner, (*at, name)) for name, inner in held.items()]
        elif isinstance(held, list):
            stack += [(inner, (*at, number)) for number, inner in enumerate(held)]


def withheld(
    answer: Protections, contents: PackContents, documents: Iterable[Mapping[str, Any]]
) -> Withheld:
    """Find out what the recipient of a pack must not be sent.

    Args:
        answer: who must not learn what, from all records that were given.
        contents: what is in the pack.
        documents: its records, as they were given.
    """
    person = contents.recipient.person
    audience = Audience.AGENCY if person is None else answer.recipient(contents.about, person)
    return Withheld(tuple(answer.view(one, audience) for one in documents), answer, audience)

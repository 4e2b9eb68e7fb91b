"""Whether each record and paper may be shared with the recipient: by consent, or on what basis.

For every child that an item is about there has to be a live consent that names the
recipient and the purpose, and is wide enough. Where there is none, a reason for going
ahead without consent has to be recorded. Words cannot be compared: that somebody has
asked for something to be left out is told, and a person looks.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

from eh_interop.core.findings import Finding
from eh_interop.packs.children import Everybody
from eh_interop.packs.consents import Stated, logged_bases, stated
from eh_interop.packs.contents import Contents
from eh_interop.packs.items import Item, items, plain
from eh_interop.standard.finding_codes import FindingCode, finding_codes
from eh_interop.standard.model import SharingLogEntry


class Basis(StrEnum):
    """On what an item is shared."""

    CONSENT = "consent"
    WITHOUT_CONSENT = "without-consent"
    NOT_RECORDED = "not-recorded"


@dataclass(frozen=True, slots=True)
class Decision:
    """On what an item is shared, and what is wrong with that.

    Attributes:
        item: the item.
        basis: on what it is shared.
        rests_on: the consents that cover it, or the entries that say why there is none.
        code: what is wrong if there is neither; None if nothing is.
    """

    item: Item
    basis: Basis
    rests_on: tuple[Stated, ...] = ()
    code: str | None = None


class Scope:
    """What the consents in a pack cover."""

    def __init__(self, contents: Contents) -> None:
        """Read the consents of every record."""
        self._contents = contents
        self._everybody = Everybody([record.document for record in contents.records])
        self.stated = stated(contents, self._everybody)
        self.logged: tuple[SharingLogEntry, ...] = tuple(logged_bases(contents))

    @cached_property
    def decisions(self) -> tuple[Decision, ...]:
        """What is to be said of every item, the records first."""
        return tuple(self._decide(item) for item in items(self._contents, self._everybody))

    def findings(self) -> Iterator[Finding]:
        """Yield what is wrong."""
        checks = finding_codes()
        contents = self._contents
        for each in self.decisions:
            if contents.recipient.is_family and each.item.kept:
                yield _found(checks["PCK-105"], each.item)
            if each.code:
                yield _found(checks[each.code], each.item)
            elif each.basis is Basis.WITHOUT_CONSENT and not contents.logged:
                yield _found(checks["PCK-106"], each.item)
        used = [rest for decision in self.decisions for rest in decision.rests_on]
        if any(_names_limits(each) for each in used):
            yield checks["PCK-104"].at()

    def _decide(self, item: Item) -> Decision:
        """Decide on each child; the hardest answer counts for the item."""
        children: list[int | None] = [*sorted(item.children)] or [None]
        each = [self._decide_for(item, child) for child in children]
        order = (Basis.NOT_RECORDED, Basis.WITHOUT_CONSENT, Basis.CONSENT)
        worst = min(each, key=lambda one: order.index(one.basis))
        rests = {
            (id(one.held), one.consent.id): one
            for decision in each
            for one in decision.rests_on
            if decision.basis is worst.basis
        }
        return Decision(item, worst.basis, tuple(rests.values()), worst.code)

    def _decide_for(self, item: Item, child: int | None) -> Decision:
        about = [each for each in self.stated if child is None or child in each.children]
        purposes = set(self._contents.purposes)
        asked = [each for each in about if not purposes.isdisjoint(each.consent.purposes)]
        live = [each for each in asked if each.is_live(self._contents.on) and each.names_recipient]
        newest = max((each.decided_on for each in live), default=None)
        excluded = any(
            each.excludes_recipient and (newest is None or each.on >= newest) for each in about
        )
        refused = any(
            each.is_refusal(self._contents.on) and newest is not None and each.on >= newest
            for each in asked
        )
        wide = [each for each in live if _is_wide_enough(each, item)]
        if wide and not excluded and not refused:
            return Decision(item, Basis.CONSENT, tuple(wide))
        reasons = tuple(each for each in asked if each.has_reason())
        if reasons or self._is_logged(child):
            return Decision(item, Basis.WITHOUT_CONSENT, reasons)
        code = "PCK-102" if excluded else "PCK-103" if live and not refused else "PCK-101"
        return Decision(item, Basis.NOT_RECORDED, (), code)

    def _is_logged(self, child: int | None) -> bool:
        main = self._contents.main
        number = self._contents.records.index(main) if main else 0
        return any(
            child is None or child in self._everybody.of(number, each.children)
            for each in self.logged
        )


def _found(check: FindingCode, item: Item) -> Finding:
    """Say which record or paper it is about, by its kind and its number in the pack."""
    _, listed, number = item.place.split("/")
    what = "record" if listed == "records" else "paper"
    told = f"{check.title[0].lower()}{check.title[1:]}"
    return check.at(item.place, f"{item.title} ({what} {int(number) + 1}): {told}.")


def _is_wide_enough(each: Stated, item: Item) -> bool:
    """Compare a consent with an item: its scope, and what it leaves out by that very name."""
    if each.consent.information_scope == "basic" and not item.is_basic:
        return False
    return plain(*each.consent.items_excluded).isdisjoint(item.names)


def _names_limits(stated_: Stated) -> bool:
    """Tell whether a consent says in words alone what, or who, is left out."""
    unnamed = any(
        each.organisation is None and each.practitioner is None and each.person is None
        for each in stated_.consent.recipients_excluded
    )
    return stated_.limits or unnamed or bool(stated_.consent.items_excluded)

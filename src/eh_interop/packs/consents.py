"""What the records of a pack say about consent: who agreed to what, for whom, and until when."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

from eh_interop.packs.children import Everybody
from eh_interop.packs.contents import Contents, Held, parts
from eh_interop.packs.parties import Party, organisation_of, same_agency
from eh_interop.packs.sound import LAWFUL_BASIS, LEGAL_GATEWAY, is_sound
from eh_interop.standard.model import Consent, Recipient, SharingLogEntry

_UNKNOWN: Final = date.min
_SHARING: Final = "information-sharing"


@dataclass(frozen=True, slots=True, kw_only=True)
class Stated:
    """A consent in one of the records.

    Attributes:
        held: the record.
        consent: what stands there.
        children: whose information it is about.
        names_recipient: it says that the recipient may have it.
        limits: it says so with limits in words.
        excludes_recipient: it says that the recipient may not have it.
    """

    held: Held
    consent: Consent = field(repr=False)
    children: frozenset[int]
    names_recipient: bool
    limits: bool
    excludes_recipient: bool

    @property
    def decided_on(self) -> date:
        """The last day on which somebody was asked or answered."""
        each = self.consent
        answers = (giver.on or (giver.at.date() if giver.at else None) for giver in each.givers)
        days = (each.sought_on, each.decided_on, *answers)
        return max((day for day in days if day), default=_UNKNOWN)

    @property
    def on(self) -> date:
        """The last day on which it changed: an answer, or one taken back."""
        return max(self.decided_on, self.consent.withdrawn_on or _UNKNOWN)

    def is_live(self, day: date) -> bool:
        """Tell whether it was given, and not withdrawn, on a day."""
        each = self.consent
        withdrawn = each.withdrawn_on is not None and each.withdrawn_on <= day
        agreed = not each.givers or any(giver.decision == "agreed" for giver in each.givers)
        return each.status == "given" and agreed and not withdrawn and self.decided_on <= day

    def is_refusal(self, day: date) -> bool:
        """Tell whether by a day somebody said no to the recipient, or took a yes back."""
        each = self.consent
        taken_back = each.withdrawn_on is not None and each.withdrawn_on <= day
        said_no = each.status in {"refused", "withdrawn"} or taken_back
        return said_no and (self.names_recipient or not each.recipients)

    def has_reason(self) -> bool:
        """Tell whether it says why information is shared without consent."""
        each = self.consent
        return each.status != "given" and bool(
            each.exemption or each.rationale or each.go_ahead_reason
        )

    @property
    def reference(self) -> dict[str, str]:
        """How the description of the pack points to it."""
        return {
            "recordId": str(self.held.document.get("recordId", "")),
            "consent": self.consent.id,
        }


def stated(contents: Contents, everybody: Everybody) -> list[Stated]:
    """Return every consent of the records that is about the purposes of the pack."""
    wanted = set(contents.purposes)
    return [
        Stated(
            held=held,
            consent=part,
            children=everybody.of(number, part.children),
            names_recipient=any(
                _is_now(one, contents.on) and _means(held, one, contents.recipient)
                for one in (*part.recipients, *part.copy_recipients)
            ),
            limits=any(
                bool(one.note) and _means(held, one, contents.recipient) for one in part.recipients
            ),
            excludes_recipient=any(
                _means(held, one, contents.recipient) for one in part.recipients_excluded
            ),
        )
        for number, held in enumerate(contents.records)
        for part in parts(held.document, "consents", Consent)
        if not (wanted | {_SHARING}).isdisjoint(part.purposes)
    ]


def _is_now(recipient: Recipient, day: date) -> bool:
    return recipient.from_ is None or recipient.from_ <= day


def _means(held: Held, recipient: Recipient, party: Party) -> bool:
    """Tell whether an entry of a record means the recipient of the pack."""
    if party.person is not None:
        return recipient.person == party.person
    listed = organisation_of(held.document, recipient.organisation)
    return bool(listed and party.organisation and same_agency(listed, party.organisation))


def logged_bases(contents: Contents) -> Iterator[SharingLogEntry]:
    """Yield the entries of the main record's log that give a basis other than consent.

    An entry that rests on a consent says nothing once that consent does not cover it.
    """
    main = contents.main
    if main is None:
        return
    for part in parts(main.document, "sharingLog", SharingLogEntry):
        basis = part.lawful_basis
        if (
            part.shared
            and basis not in {None, "consent"}
            and part.consent is None
            and any(_means(main, one, contents.recipient) for one in part.recipients)
        ):
            yield part


def bases(found: Iterable[Stated], logged: Iterable[SharingLogEntry]) -> Mapping[str, Any]:
    """Return the lawful basis and the legal powers that are stated, if one basis is."""
    parts_: list[Consent | SharingLogEntry] = [*(each.consent for each in found), *logged]
    stated_ = [part.lawful_basis for part in parts_ if is_sound(LAWFUL_BASIS, part.lawful_basis)]
    other = [each for each in stated_ if each != "consent"]
    gateways = sorted(
        gateway
        for gateway in {gateway for part in parts_ for gateway in part.legal_gateway}
        if is_sound(LEGAL_GATEWAY, gateway)
    )
    result: dict[str, Any] = {}
    if stated_:
        result["lawfulBasis"] = (other or stated_)[0]
    if gateways:
        result["legalGateway"] = gateways
    return result

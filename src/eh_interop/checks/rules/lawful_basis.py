"""On what sharing rests: lawful bases and powers by date, kinds of agreement, not sharing."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any, Final

from eh_interop.checks.rules._help import agencies, before, shared_on
from eh_interop.checks.rules.engine import Context, Problem, Problems, asks, fails, on, passes, rule
from eh_interop.core.findings import Severity
from eh_interop.standard.guidance import in_force_from
from eh_interop.standard.model import Consent, Marf, Record, SharingLogEntry

_ACT: Final = "N-012"
_RECOGNISED: Final = "N-016"
_NEW_BASIS: Final = "recognised-legitimate-interest"
_DUTY: Final = "children-act-2004-section-16la"
_SHARES: Final = frozenset({"information-sharing", "referral-to-social-care", "referral-to-agency"})
_PUBLIC: Final = frozenset(
    {
        "local-authority-childrens-social-care",
        "local-authority-early-help",
        "local-authority-education",
        "local-authority-other",
        "health",
        "school",
        "police",
        "probation",
        "youth-justice",
        "court-or-legal",
        "fire-and-rescue",
        "employment-and-benefits",
    }
)
"""Sectors whose agencies are public bodies, save for private health services and schools."""
_LOGGED: Final[dict[str, Any]] = {
    "id": "sh1",
    "shared": True,
    "recipients": [{"organisation": "o1"}],
}
_NOT_SHARED: Final = {"shared": False, "consent": None, "recipients": None, "lawfulBasis": None}


def _stated(context: Context) -> Iterator[tuple[str, Consent | SharingLogEntry, date]]:
    """Yield what states a lawful basis, with its place and the day by whose law it is judged."""
    record = context.record
    for number, consent in enumerate(record.consents):
        yield f"/consents/{number}", consent, shared_on(context)
    for number, entry in enumerate(record.sharing_log):
        yield f"/sharingLog/{number}", entry, entry.on


@rule("LAW-001", Severity.WARNING, cites=(_RECOGNISED,))
@asks("On which lawful basis was this shared?")
@passes(sharingLog=[_LOGGED | {"on": "2026-02-05", "lawfulBasis": _NEW_BASIS}])
@fails(sharingLog=[_LOGGED | {"on": "2026-02-04", "lawfulBasis": _NEW_BASIS}])
def basis_before_it_was_law(_: Record, context: Context) -> Problems:
    """A recognised legitimate interest is given as the lawful basis for a day before it was one.

    It is a lawful basis since 5 February 2026. What was shared earlier rests on another one.
    """
    since = in_force_from(_RECOGNISED)
    for place, part, day in _stated(context):
        if part.lawful_basis == _NEW_BASIS and day < since:
            message = "A recognised legitimate interest is a lawful basis since 5 February 2026."
            yield Problem(f"{place}/lawfulBasis", message)


@rule("LAW-002", Severity.WARNING, cites=(_ACT,))
@asks("Which law allowed this to be shared on that day?")
@passes(sharingLog=[_LOGGED | {"on": "2026-09-30", "legalGateway": [_DUTY]}])
@fails(sharingLog=[_LOGGED | {"on": "2026-09-29", "legalGateway": [_DUTY]}])
def duty_before_it_was_law(_: Record, context: Context) -> Problems:
    """The duty to share is given as the law for a day before it was in force.

    Section 16LA of the Children Act 2004 is in force since 30 September 2026. Earlier sharing
    rests on another power, such as sections 10 and 11.
    """
    since = in_force_from(_ACT)
    for place, part, day in _stated(context):
        if _DUTY in part.legal_gateway and day < since:
            number = part.legal_gateway.index(_DUTY)
            message = "The duty to share is in force since 30 September 2026."
            yield Problem(f"{place}/legalGateway/{number}", message)


def _is_public(part: Consent | SharingLogEntry, context: Context) -> bool:
    """Return whether the agency that shares is a public body, as far as the record says."""
    record = context.record
    referrer = (
        record.referrer.practitioner if isinstance(record, Marf) and record.referrer else None
    )
    sectors = {organisation.id: organisation.sector for organisation in record.organisations}
    for who in (part.decided_by, referrer, record.created_by):
        named = agencies(context, (who,))
        if named:
            return any(sectors.get(agency) in _PUBLIC for agency in named)
    return False


@rule("LAW-003", Severity.WARNING, cites=("N-016", "N-017"))
@asks(
    "Is the agency that shares a public body? Then please give public task or a legal obligation."
)
@passes(sharingLog=[_LOGGED | {"on": "2026-10-20", "lawfulBasis": "public-task"}])
@fails(sharingLog=[_LOGGED | {"on": "2026-10-20", "lawfulBasis": "legitimate-interests"}])
def public_body_names_legitimate_interests(_: Record, context: Context) -> Problems:
    """A council, health body, police force or school gives legitimate interests as its basis.

    A public body cannot rely on them, or on a recognised legitimate interest, for its own task: it
    has public task, or a legal obligation. Private health services and independent schools can.
    """
    since = in_force_from(_RECOGNISED)
    for place, part, day in _stated(context):
        bases = {"legitimate-interests", *((_NEW_BASIS,) if day >= since else ())}
        if part.lawful_basis in bases and _is_public(part, context):
            message = "A public body cannot rely on legitimate interests for its own task."
            yield Problem(f"{place}/lawfulBasis", message)


@rule("LAW-004", Severity.WARNING, cites=("N-018",))
@asks("Is this agreement to a service, or consent as the lawful basis for sharing?")
@passes(kind="agreement-to-service", lawfulBasis="public-task")
@fails(kind="agreement-to-service", lawfulBasis="consent")
def kind_of_agreement_does_not_fit(part: Consent, _: Context) -> Problems:
    """The kind of an agreement does not fit its lawful basis or what it is for.

    Agreement to a service is not a lawful basis for sharing, and a lawful basis is not agreement.
    If a family was asked about both, each has an entry of its own.
    """
    if part.kind == "agreement-to-service" and part.lawful_basis == "consent":
        yield Problem("/kind", "Consent is the lawful basis here, so this is consent to share.")
    elif part.kind == "consent-to-share" and _SHARES.isdisjoint(part.purposes):
        yield Problem("/kind", "Nothing is to be shared, so this is agreement to a service.")
    elif part.kind == "consent-to-share" and part.lawful_basis not in {None, "consent"}:
        yield Problem("/kind", "Another lawful basis is given, so this is not consent to share.")


def _withheld_from_an_agency(part: SharingLogEntry) -> bool:
    """Return whether something was not shared, as far as it says with a body, under the duty."""
    only_people = bool(part.recipients) and all(one.person for one in part.recipients)
    return not part.shared and not only_people and part.on >= in_force_from(_ACT)


@rule("LAW-005", Severity.WARNING, cites=(_ACT, "N-013"))
@on(example="minimal/marf")
@asks("Why was this not shared, if sharing would not have harmed the child more?")
@passes(_NOT_SHARED, notSharedReason="It would put his mum at risk.", detrimentToChild="yes")
@fails(_NOT_SHARED, notSharedReason="Nobody answered.", detrimentToChild="no")
def not_shared_although_harmless(part: SharingLogEntry, _: Context) -> Problems:
    """Something was not shared, and sharing is said not to harm the child more than that does.

    Since 30 September 2026 a body with a duty to share may hold back only what would do the child
    more harm if it were shared.
    """
    if _withheld_from_an_agency(part) and part.detriment_to_child == "no":
        yield Problem("/detrimentToChild", "Then the duty to share asks for it to be shared.")


@rule("LAW-006", Severity.INFO, cites=(_ACT, "N-013"))
@on(example="minimal/marf")
@passes(_NOT_SHARED, notSharedReason="It would put his mum at risk.", detrimentToChild="unknown")
@fails(_NOT_SHARED, notSharedReason="It would put his mum at risk.")
def not_said_whether_sharing_would_harm(part: SharingLogEntry, _: Context) -> Problems:
    """Something was not shared, and it is not said whether sharing would harm the child more.

    That is the one reason for which the duty to share lets a body hold back. A body without the
    duty can leave it out.
    """
    if _withheld_from_an_agency(part) and not part.detriment_to_child:
        yield Problem("", "It is not said whether sharing would do the child more harm.")


@rule("LAW-007", Severity.WARNING, cites=("E-037", "N-020"))
@on(example="minimal/marf")
@asks("When was the information asked for, and when was it shared?")
@passes(requestedBy="o1", requestedOn="2026-10-20")
@fails(requestedBy="o1", requestedOn="2026-10-21")
def shared_before_it_was_asked_for(part: SharingLogEntry, _: Context) -> Problems:
    """Information was asked for after it had been shared, or after it was decided not to share.

    How long an answer took is counted from it. Often the day of a second request was put in.
    """
    if before(part.on, part.requested_on):
        yield Problem("/requestedOn", "This is after the day of sharing or deciding.")

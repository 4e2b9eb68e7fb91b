"""The entry in a pack's sharing log about what is shared without consent (S-050)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

from eh_interop.packs.consent_scope import ConsentScope, SharingBasis
from eh_interop.packs.consents import ApplicableConsent
from eh_interop.packs.contents import PackContents, organisation_of
from eh_interop.packs.schema_checks import LAWFUL_BASIS, LEGAL_GATEWAY, LOCAL_ID, is_valid_part
from eh_interop.standard.code_lists import titles
from eh_interop.standard.model import Consent, SharingLogEntry

ENTRY: Final = "shared-without-consent"


def stated_bases(
    consents: Iterable[ApplicableConsent], logged: Iterable[SharingLogEntry]
) -> Mapping[str, Any]:
    """Return the lawful basis and the legal powers that are stated, if one basis is."""
    parts: list[Consent | SharingLogEntry] = [
        *(applicable.consent for applicable in consents),
        *logged,
    ]
    bases = [part.lawful_basis for part in parts if is_valid_part(LAWFUL_BASIS, part.lawful_basis)]
    gateways = sorted(
        gateway
        for gateway in {gateway for part in parts for gateway in part.legal_gateway}
        if is_valid_part(LEGAL_GATEWAY, gateway)
    )
    stated: dict[str, Any] = {}
    if bases:
        stated["lawfulBasis"] = next((basis for basis in bases if basis != "consent"), bases[0])
    if gateways:
        stated["legalGateway"] = gateways
    return stated


def sharing_log(contents: PackContents, scope: ConsentScope) -> list[dict[str, Any]]:
    """Return what to log: one entry, or none if consent covers everything.

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

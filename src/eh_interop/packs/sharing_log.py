"""The entry in a pack's sharing log about what is shared without consent (S-050)."""

from __future__ import annotations

from typing import Any, Final

from eh_interop.packs.consents import bases
from eh_interop.packs.contents import Contents
from eh_interop.packs.parties import organisation_of
from eh_interop.packs.scope import Basis, Decision, Scope
from eh_interop.packs.sound import LOCAL_ID, is_sound
from eh_interop.standard.schemas import load_standard

ENTRY: Final = "shared-without-consent"


def sharing_log(contents: Contents, scope: Scope) -> list[dict[str, Any]]:
    """Return what to log: one entry, or none if consent covers everything.

    What is sent at immediate risk with no basis on record is logged as well: the basis is
    what is missing then.
    """
    shared = [decision for decision in scope.decisions if decision.basis is not Basis.CONSENT]
    if not shared:
        return []
    entry: dict[str, Any] = {
        "id": ENTRY,
        "shared": True,
        "on": contents.on.isoformat(),
        "recipients": [_recipient(contents)],
        "items": list(dict.fromkeys(each.item.title for each in shared)),
        "newPurpose": _in_words(contents.purposes),
        **_stated(shared, scope),
    }
    if "lawfulBasis" not in entry:
        entry["absent"] = {"lawfulBasis": "not-known"}
    return [entry]


def _stated(shared: list[Decision], scope: Scope) -> dict[str, Any]:
    found = [rest for decision in shared for rest in decision.rests_on]
    return dict(bases(found, scope.logged))


def _recipient(contents: Contents) -> dict[str, str]:
    """Name the recipient by the local id in the main record, where it has one."""
    party = contents.recipient
    if party.person is not None and is_sound(LOCAL_ID, party.person):
        return {"person": party.person}
    known = party.organisation or {}
    main = contents.main.document if contents.main else {}
    if is_sound(LOCAL_ID, known.get("id")) and organisation_of(main, known["id"]) == known:
        return {"organisation": str(known["id"])}
    return {"description": "The recipient of this pack"}


def _in_words(purposes: tuple[str, ...]) -> str:
    titles = {row.code: row.title for row in load_standard().codes("consent-purpose")}
    return "; ".join(titles.get(purpose, purpose) for purpose in purposes)

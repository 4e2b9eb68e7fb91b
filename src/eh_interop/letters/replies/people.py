"""The people who act on a referral: found in it, or added to the answer."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import count
from typing import Any


def local_id(record: dict[str, Any], who: str, role: str, organisation: str) -> str:
    """Return the local id of a practitioner or person, or add a practitioner of that name."""
    known = _find(record, ("practitioners", "people"), who)
    if known:
        return known
    added: dict[str, Any] = {"id": _new_id(record), "name": {"full": who}}
    if role:
        added["role"] = role
    record["practitioners"] = [*listed(record.get("practitioners")), added]
    if organisation:
        added["organisation"] = _organisation(record, organisation)
    return str(added["id"])


def _organisation(record: dict[str, Any], name: str) -> str:
    known = _find(record, ("organisations",), name)
    if known:
        return known
    added = {"id": _new_id(record), "name": name}
    record["organisations"] = [*listed(record.get("organisations")), added]
    return added["id"]


def _find(record: Mapping[str, Any], lists: tuple[str, ...], who: str) -> str:
    """Find somebody by local id or by name; empty if nobody is meant."""
    for name in lists:
        for each in listed(record.get(name)):
            if isinstance(each, dict) and who in {each.get("id"), _full_name(each)}:
                return str(each.get("id", ""))
    return ""


def _new_id(record: Mapping[str, Any]) -> str:
    """Make a local id that the record does not use."""
    taken = {
        each.get("id")
        for value in record.values()
        for each in listed(value)
        if isinstance(each, dict)
    }
    return next(each for each in map("mash-{}".format, count(1)) if each not in taken)


def listed(value: object) -> list[Any]:
    """Return a list; an empty one if it is none."""
    return value if isinstance(value, list) else []


def _full_name(person: Mapping[str, Any]) -> str:
    name = person.get("name")
    if not isinstance(name, dict):
        return name if isinstance(name, str) else ""
    return str(name.get("full") or f"{name.get('given', '')} {name.get('family', '')}".strip())

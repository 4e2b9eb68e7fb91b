"""Requirements: what has to be there, and when. Read from TOML; see ``schemas/README.md``."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import Any

from eh_interop.core.errors import StandardError
from eh_interop.core.findings import Severity
from eh_interop.standard.schemas import Standard

EVERY_RECORD = "all"

Wanted = str | tuple[Any, ...]
"""What a condition wants of a value: ``present``, ``missing``, or one of some values."""

Conditions = Mapping[str, Wanted]


@dataclass(frozen=True, slots=True, kw_only=True)
class Requirement:
    """Something that has to be there.

    Attributes:
        code: stable code, never reused.
        name: the fault in words, such as ``no-genogram``.
        records: the record types it applies to.
        place: pattern of the property that has to be there.
        alternatives: properties beside it that meet the requirement as well.
        values: the only values that meet it; empty if any value does.
        entry: if the place is a list, what at least one of its entries must be like.
        document: the type of attachment that must be there (the place is then ``/attachments``).
        when: conditions that must all hold for the requirement to apply.
        unless: conditions of which none may hold.
        accepts: absence reasons that meet it.
        severity: how much it matters if it is missing.
        cites: guidance clauses. It applies in areas that follow one of their documents.
        ask: the question to send back to whoever supplied the record.
        why: why it matters.
        example: how to break a valid example so that only this requirement fails.
    """

    code: str
    name: str
    records: tuple[str, ...]
    place: str
    severity: Severity
    cites: tuple[str, ...]
    ask: str
    why: str
    alternatives: tuple[str, ...]
    values: tuple[Any, ...]
    entry: Conditions
    document: str | None
    when: Conditions
    unless: Conditions
    accepts: tuple[str, ...]
    example: Mapping[str, Any] | None

    def applies_to(self, record_type: str) -> bool:
        """Return whether it is about records of this type."""
        return record_type in self.records or EVERY_RECORD in self.records


@cache
def load_requirements(standard: Standard, record_type: str) -> tuple[Requirement, ...]:
    """Return the requirements of the standard for one record type, sorted by code.

    Raises:
        StandardError: a requirements file is broken.
    """
    requirements: list[Requirement] = []
    for name in (record_type, "shared"):
        path = standard.root / "requirements" / f"{name}.toml"
        try:
            entries = tomllib.loads(path.read_text(encoding="utf-8")).get("requirement", [])
        except (OSError, ValueError):
            raise StandardError(f"The requirements file {name}.toml cannot be read.") from None
        requirements += read_requirements(entries, (record_type,) if name == record_type else ())
    return tuple(
        sorted(
            (requirement for requirement in requirements if requirement.applies_to(record_type)),
            key=lambda requirement: requirement.code,
        )
    )


def read_requirements(
    entries: Iterable[Mapping[str, Any]], records: tuple[str, ...] = ()
) -> list[Requirement]:
    """Turn TOML entries into requirements. ``records`` is used where an entry names none.

    Raises:
        StandardError: an entry lacks something or holds something unknown.
    """
    return [_read(entry, records) for entry in entries]


def _read(entry: Mapping[str, Any], records: tuple[str, ...]) -> Requirement:
    given = dict(entry)
    code = given.get("code", "without a code")
    document = given.pop("document", None)
    if document is not None:
        given["place"] = "/attachments"
    try:
        requirement = Requirement(
            code=given.pop("code"),
            name=given.pop("name"),
            records=tuple(given.pop("records", records)),
            place=given.pop("place"),
            severity=Severity(given.pop("severity")),
            cites=tuple(given.pop("cites")),
            ask=given.pop("ask"),
            why=given.pop("why"),
            alternatives=tuple(given.pop("or", ())),
            values=tuple(given.pop("is", ())),
            entry=_conditions(given.pop("has", {})),
            document=document,
            when=_conditions(given.pop("when", {})),
            unless=_conditions(given.pop("unless", {})),
            accepts=tuple(given.pop("accepts", ())),
            example=given.pop("example", None),
        )
    except (KeyError, ValueError) as problem:
        raise StandardError(f"Requirement {code} is not complete: {problem}.") from None
    if given:
        raise StandardError(f"Requirement {code} has unknown parts: {', '.join(sorted(given))}.")
    return requirement


def _conditions(entries: Mapping[str, Any]) -> Conditions:
    return MappingProxyType(
        {key: want if isinstance(want, str) else tuple(want) for key, want in entries.items()}
    )

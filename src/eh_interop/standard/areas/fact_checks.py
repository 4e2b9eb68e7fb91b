"""What is wrong with the facts of an area file: codes, localities and clauses have to exist."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from difflib import get_close_matches
from typing import Any, Final

from eh_interop.standard.areas.area import Area
from eh_interop.standard.guidance import clauses
from eh_interop.standard.schemas import load_standard

_CODES: Final = (
    ("marf-exemptions", "", "consent-exemption"),
    ("roles", "non-case-holding", "practitioner-role"),
    ("approval", "not-sought", "approver-role"),
    ("approval", "refused", "approver-role"),
    ("front-door", "out-of-hours", "emergency-service"),
    ("marf-paper", "document", "attachment-type"),
    ("team", "code", "support-service"),
    ("provider", "code", "support-service"),
)
"""Where codes stand in an area file: the table, the key in it, and the code list."""


def did_you_mean(wrong: str, known: Iterable[str]) -> str:
    """Name the nearest right one, if one is near."""
    near = get_close_matches(wrong, list(known), 1)
    return f". Did you mean {near[0]}?" if near else ""


def fact_problems(area: Area) -> Iterator[str]:
    """Yield what the facts of an area mention that does not exist."""
    yield from _codes(area)
    yield from _places(area)
    yield from _clauses(area)


def _tables(area: Area, name: str) -> list[Any]:
    held = area.facts.get(name, ())
    return held if isinstance(held, list) else [held] if held else []


def _codes(area: Area) -> Iterator[str]:
    standard = load_standard()
    for name, key, codelist in _CODES:
        known = [row.code for row in standard.codes(codelist)]
        for table in _tables(area, name):
            held = table.get(key, ()) if isinstance(table, Mapping) else table
            for code in [held] if isinstance(held, str) else held:
                if code not in known:
                    where = f"{name}.{key}" if key else name
                    yield f"{where}: there is no code {code} of {codelist}" + did_you_mean(
                        code, known
                    )


def _places(area: Area) -> Iterator[str]:
    localities = [table["code"] for table in _tables(area, "locality")]
    for table in _tables(area, "district"):
        locality = table.get("locality")
        if locality is not None and locality not in localities:
            near = did_you_mean(locality, localities)
            yield f"district {table['code']}: there is no locality {locality}{near}"
    for table in _tables(area, "provider"):
        if table["ages"] != sorted(table["ages"]):
            yield f"provider {table['code']}: the youngest age comes first"


def _clauses(area: Area) -> Iterator[str]:
    known = {**clauses(), **area.clauses}
    for name, held in area.facts.items():
        for table in held if isinstance(held, list) else [held]:
            for cite in table.get("cites", ()) if isinstance(table, Mapping) else ():
                if cite not in known:
                    yield f"{name}: there is no clause {cite}{did_you_mean(cite, known)}"

"""What is wrong with an area file of somebody's own: said when it is read, with the nearest name.

Its form is compared with ``area.schema.json``; then everything that it mentions
has to exist, and it may only ask for more than the area that it builds on.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any, Final

from eh_interop.core.errors import AreaError
from eh_interop.core.findings import Severity
from eh_interop.core.resources import folder
from eh_interop.core.suggestions import did_you_mean
from eh_interop.standard.areas.area import Area
from eh_interop.standard.finding_codes import RULES, finding_codes
from eh_interop.standard.guidance import clauses, documents
from eh_interop.standard.pack_kinds import pack_kinds
from eh_interop.standard.requirements import load_requirements
from eh_interop.standard.schemas import CURRENT, load_standard
from eh_interop.standard.toml_forms import form_fault


def check_form(given: Mapping[str, Any]) -> None:
    """Compare an area file with its schema.

    Raises:
        AreaError: it names the first key that is wrong, and the nearest right one.
    """
    known = folder("schemas") / CURRENT
    fault = form_fault(given, *(known / f"{name}.schema.json" for name in ("area", "requirement")))
    if fault and fault.word:
        raise AreaError(f"{fault.place} is not a key that it can have{fault.near}")
    if fault:
        raise AreaError(f"{fault.place}: {fault.message}")


def check_meaning(area: Area, parent: Area) -> None:
    """Look at what an area mentions: it has to exist, and to ask for more.

    Raises:
        AreaError: it names the first thing that is wrong.
    """
    for problem in _problems(area, parent):
        raise AreaError(problem)


def _problems(area: Area, parent: Area) -> Iterator[str]:
    yield from _guidance_problems(area, parent)
    yield from _check_problems(area, parent)
    yield from _code_problems(area)
    yield from fact_problems(area)


def _guidance_problems(area: Area, parent: Area) -> Iterator[str]:
    known = {**documents(), **area.documents}
    for key in sorted(area.follows - set(known)):
        yield f"follows: there is no document {key}{did_you_mean(key, known)}"
    for key in area.documents.keys() - parent.documents.keys():
        if key in documents():
            yield f"document: the standard has a document {key} already"
    for clause in area.clauses.values():
        if clause.id in clauses():
            yield f"clause: the standard has a clause {clause.id} already"
        if clause.document not in known:
            yield (
                f"clause {clause.id}: there is no document {clause.document}"
                f"{did_you_mean(clause.document, known)}"
            )
    cited = {**clauses(), **area.clauses}
    for requirement in area.requirements:
        for cite in requirement.cites:
            if cite not in cited:
                yield f"requirement {requirement.code}: there is no clause {cite}"


def _check_problems(area: Area, parent: Area) -> Iterator[str]:
    standard = standard_severities()
    for requirement in area.requirements:
        if requirement.code in standard:
            yield f"requirement {requirement.code}: the standard uses this code already"
    known = {
        **standard,
        **{requirement.code: requirement.severity for requirement in area.requirements},
    }
    for table, codes in (("severity", area.severity), ("waive", area.waivers)):
        for code in codes:
            if code not in known:
                yield f"{table}.{code}: there is no such check{did_you_mean(code, known)}"
    for code, level in area.severity.items():
        base = parent.severity.get(code, known.get(code, level))
        if level.rank > base.rank:
            yield (
                f"severity.{code}: an area can ask for more, not for less, and the base says "
                f"{base}. To live with it for a time, use [waive]"
            )


@cache
def standard_severities() -> Mapping[str, Severity]:
    """Return every requirement, rule and pack check, with its severity."""
    standard = load_standard()
    required = {
        requirement.code: requirement.severity
        for kind in standard.record_types
        for requirement in load_requirements(standard, kind)
    }
    papers = (requirement for kind in pack_kinds().values() for requirement in kind.requirements)
    return {
        **required,
        **{
            code.code: code.severity
            for code in finding_codes().values()
            if code.family in {RULES, "packs"}
        },
        **{paper.code: paper.severity for paper in papers},
    }


def _code_problems(area: Area) -> Iterator[str]:
    standard = load_standard()
    for table, lists in (("labels", area.labels), ("aliases", area.aliases)):
        for name, entries in lists.items():
            if name == "level":
                continue
            if name not in standard.codelists:
                yield (
                    f"{table}.{name}: there is no such code list"
                    f"{did_you_mean(name, standard.codelists)}"
                )
                continue
            known = {row.code for row in standard.codes(name)}
            for code in entries if table == "labels" else entries.values():
                if code not in known:
                    yield f"{table}.{name}: there is no code {code}{did_you_mean(code, known)}"


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

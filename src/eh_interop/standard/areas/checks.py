"""What is wrong with an area file of somebody's own: said when it is read, with the nearest name.

Its form is compared with ``area.schema.json``; then everything that it mentions
has to exist, and it may only ask for more than the area that it builds on.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from functools import cache
from typing import Any

from eh_interop.core.errors import AreaError
from eh_interop.core.findings import Severity
from eh_interop.core.resources import folder
from eh_interop.standard.areas.area import Area
from eh_interop.standard.areas.fact_checks import did_you_mean, fact_problems
from eh_interop.standard.finding_codes import RULES, finding_codes
from eh_interop.standard.guidance import clauses, documents
from eh_interop.standard.pack_kinds import pack_kinds
from eh_interop.standard.requirements import load_requirements
from eh_interop.standard.schemas import CURRENT, load_standard


def plain(value: Any) -> Any:
    """Write the dates of TOML as JSON has them."""
    if isinstance(value, dict):
        return {key: plain(each) for key, each in value.items()}
    if isinstance(value, list):
        return [plain(each) for each in value]
    return value.isoformat() if isinstance(value, date) else value


@cache
def _validator() -> Any:
    import jsonschema_rs  # noqa: PLC0415 (only files of somebody's own need it)
    import orjson  # noqa: PLC0415 (same)

    known = folder("schemas") / CURRENT
    area, requirement = (
        orjson.loads((known / f"{name}.schema.json").read_bytes())
        for name in ("area", "requirement")
    )
    registry = jsonschema_rs.Registry([(each["$id"], each) for each in (area, requirement)])
    return area, jsonschema_rs.Draft202012Validator(area, registry=registry, validate_formats=True)


def check_form(given: Mapping[str, Any]) -> None:
    """Compare an area file with its schema.

    Raises:
        AreaError: it names the first key that is wrong, and the nearest right one.
    """
    schema, validator = _validator()
    errors = list(validator.iter_errors(plain(given)))
    # A misspelt key often leaves out a required one: the misspelt key says more.
    for error in sorted(errors, key=lambda each: not hasattr(each.kind, "unexpected")):
        where = ".".join(str(step) for step in error.instance_path)
        unexpected = getattr(error.kind, "unexpected", None)
        if unexpected:
            known = _properties(schema, list(error.schema_path)[:-1])
            name = f"{where}.{unexpected[0]}" if where else unexpected[0]
            near = did_you_mean(unexpected[0], known)
            raise AreaError(f"{name} is not a key that it can have{near}")
        raise AreaError(f"{where or 'the file'}: {error.message}")


def _properties(schema: Any, path: list[str | int]) -> tuple[str, ...]:
    """Return the names that the schema at a path allows; none where it refers elsewhere."""
    for step in path:
        if isinstance(schema, list):
            schema = schema[int(step)]
        elif step in schema:
            schema = schema[step]
        else:
            return ()
    return tuple(schema.get("properties", ()))


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
    known = {**standard, **{each.code: each.severity for each in area.requirements}}
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

"""Makes ``docs/fhir-mapping.md``: where each field stands in FHIR, or why only the form has it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from tests.helpers.fhir_coverage import Coverage, FhirHome, coverage
from tests.helpers.support import ROOT

from eh_interop.standard.fields import fields_of
from eh_interop.standard.schemas import load_standard

PAGE = ROOT / "docs" / "fhir-mapping.md"
HEAD = """\
# Where each field stands in FHIR

A record becomes one FHIR R4 document. Its QuestionnaireResponse (the form) holds every field, so
that nothing is lost; typed resources say what FHIR has elements for. This page lists both, from the
tables in [mappings/fhir-r4](../mappings/fhir-r4/README.md), which also explains how the paths are
written. Made by `pytest --regenerate`: do not edit.

A field is found in the form under its path, such as `children.dateOfBirth`, in the Questionnaire of
its record type. Reasons for what is missing (`absent`) and `localData` stand in the form alone and
are not counted: they are about other fields, or belong to nobody but their area.

*Typed* counts the fields that a typed resource holds, at least for some of their values.
"""
TYPES = load_standard().record_types


def page() -> str:
    """Return the page."""
    told = {record_type: coverage(record_type) for record_type in TYPES}
    return "\n".join([HEAD, *_shares(told), *_parts(told)]) + "\n"


def _shares(told: dict[str, Coverage]) -> Iterator[str]:
    yield "| record type | fields | typed | in the form alone | share typed |"
    yield "|---|---|---|---|---|"
    for record_type, found in told.items():
        typed = len({home.link for home in found.homes})
        alone = len(found.leaves) - typed
        row = (record_type, len(found.leaves), typed, alone, f"{found.share:.0%}")
        yield f"| {' | '.join(map(str, row))} |"


def _parts(told: dict[str, Coverage]) -> Iterator[str]:
    """Yield a table for each part of a record; fields of the record itself come first."""
    rows: dict[str, list[str]] = {"": []}
    for link in dict.fromkeys(leave for found in told.values() for leave in found.leaves):
        part, dot, _ = link.partition(".")
        rows.setdefault(part if dot else "", []).append(_row(link, told))
    for part, found in rows.items():
        types = [name for name in TYPES if any(_of(field.link, part) for field in _fields(name))]
        yield f"\n## {part or 'The record itself'}\n"
        if part and len(types) < len(TYPES):
            yield f"In {', '.join(types)}.\n"
        yield "| field | in FHIR | code map |"
        yield "|---|---|---|"
        yield from found


def _fields(record_type: str) -> Iterable[FhirHome]:
    return (FhirHome(each.link) for each in fields_of(record_type).walk())


def _of(link: str, part: str) -> bool:
    return link == part or link.startswith(f"{part}.")


def _row(link: str, told: dict[str, Coverage]) -> str:
    having = [name for name, found in told.items() if link in found.leaves]
    homes: dict[FhirHome, list[str]] = {}
    for name in having:
        for each in dict.fromkeys((*told[name].homes, *told[name].lost)):
            if each.link == link:
                homes.setdefault(each, []).append(name)
    said = [_said(each, types, having) for each, types in homes.items()]
    codes = dict.fromkeys(home.codes for home in homes if home.codes)
    maps = ", ".join(f"[{code}](../mappings/codes/{code}.csv)" for code in codes)
    return f"| `{link}` | {'<br>'.join(said)} | {maps} |"


def _said(home: FhirHome, types: list[str], having: list[str]) -> str:
    """Say where a field stands, and in which record types if not in all that have it."""
    only = f" (in {', '.join(types)})" if types != having else ""
    if home.why:
        return f"form alone: {home.why}{only}".replace("|", "\\|")
    kind = f" *{home.name}*" if home.name else ""
    return f"{home.resource}{kind} `{home.path}`{only}"

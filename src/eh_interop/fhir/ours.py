"""A Bundle with our own form in it: the form found, and read back into the record."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from eh_interop.fhir.fields import Field, Kind, fields_of
from eh_interop.fhir.names import questionnaire
from eh_interop.fhir.response import UnknownItemError, decode
from eh_interop.pointer import Steps
from eh_interop.standard import load_standard, versions

_FORMS: Final = questionnaire("")


@dataclass(frozen=True, slots=True)
class Form:
    """A QuestionnaireResponse of ours.

    Attributes:
        record_type: the record type that it holds.
        version: the version of the standard.
        path: where it stands: ``Bundle.entry[1].resource``.
        items: its items.
    """

    record_type: str
    version: str
    path: str
    items: list[dict[str, Any]] = field(repr=False)

    def record(self) -> dict[str, Any]:
        """Return the record.

        Raises:
            UnknownItemError: the form does not have the form of the standard.
        """
        return decode(self.items, self.record_type, self.version)

    def path_of(self, steps: Steps) -> str:
        """Return the FHIRPath of what stands at a place in the record, or nearest above it."""
        return _path(fields_of(self.record_type, self.version), steps, self.items, self.path)


def find_form(bundle: Mapping[str, Any]) -> Form | None:
    """Return the form of ours in a Bundle, or a form by itself; None if there is none."""
    for path, resource in _resources(bundle):
        if resource.get("resourceType") != "QuestionnaireResponse":
            continue
        name, _, version = str(resource.get("questionnaire", "")).partition("|")
        record_type = name.removeprefix(_FORMS)
        if name.startswith(_FORMS) and _is_known(record_type, version):
            return Form(record_type, version, path, resource.get("item", []))
    return None


def _is_known(record_type: str, version: str) -> bool:
    return version in versions() and record_type in load_standard(version).record_types


def _resources(bundle: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    if bundle.get("resourceType") != "Bundle":
        yield str(bundle.get("resourceType")), bundle
        return
    for number, entry in enumerate(bundle.get("entry", ())):
        if isinstance(entry, dict) and isinstance(entry.get("resource"), dict):
            yield f"Bundle.entry[{number}].resource", entry["resource"]


def _path(of: Field, steps: Steps, items: list[dict[str, Any]], path: str) -> str:
    if not steps:
        return path
    name, *rest = steps
    inner = next((each for each in of.fields if each.name == name), None)
    if inner is None:
        return path
    same = [number for number, each in enumerate(items) if each.get("linkId") == inner.link]
    at = rest.pop(0) if inner.repeats and rest else 0
    number = int(at) if inner.kind is Kind.GROUP else 0
    if number >= len(same):
        return path
    item = items[same[number]]
    path = f"{path}.item[{same[number]}]"
    if inner.kind is Kind.GROUP:
        return _path(inner, tuple(rest), item.get("item", []), path)
    return f"{path}.answer[{at}]" if "answer" in item else path


__all__ = ["Form", "UnknownItemError", "find_form"]

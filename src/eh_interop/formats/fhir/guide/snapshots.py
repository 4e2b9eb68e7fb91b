"""Snapshots of logical models: their elements, and what FHIR gives to every group."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, Final

from eh_interop.formats.fhir.guide.structures import HL7, types

GROUP: Final = "BackboneElement"
"""The FHIR type of a group of fields."""

_ID: Final = {
    "short": "Unique id for inter-element referencing",
    "definition": "Unique id for the element within a resource (for internal references).",
    "min": 0,
    "max": "1",
    "base": {"path": "Element.id", "min": 0, "max": "1"},
    "type": [
        {
            "extension": [{"url": f"{HL7}structuredefinition-fhir-type", "valueUrl": "string"}],
            "code": "http://hl7.org/fhirpath/System.String",
        }
    ],
}
_EXTENSION: Final = {
    "short": "Additional content defined by implementations",
    "definition": "Information that is not part of the basic definition of the element.",
    "min": 0,
    "max": "*",
    "base": {"path": "Element.extension", "min": 0, "max": "*"},
    "type": types(("Extension",)),
}
_MODIFIER: Final = {
    "short": "Extensions that cannot be ignored even if unrecognized",
    "definition": "Information that changes how the element is to be understood.",
    "min": 0,
    "max": "*",
    "base": {"path": "BackboneElement.modifierExtension", "min": 0, "max": "*"},
    "type": types(("Extension",)),
    "isModifier": True,
    "isModifierReason": "Modifier extensions change the meaning of the element that has them.",
    "isSummary": True,
}
_OF_ELEMENT: Final = {"id": _ID, "extension": _EXTENSION}
_OF_GROUP: Final = {**_OF_ELEMENT, "modifierExtension": _MODIFIER}


def snapshot(elements: Iterable[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Yield the elements of a logical model's snapshot, given those of its differential.

    A field of ours that is called ``id`` stands in the place of FHIR's own.
    """
    stated = list(elements)
    ours = {each["path"] for each in stated}
    for each in stated:
        path = each["path"]
        yield {**each, "base": {"path": path, "min": each["min"], "max": each["max"]}}
        for name, facts in _inherited(each).items():
            if f"{path}.{name}" not in ours:
                yield {"id": f"{path}.{name}", "path": f"{path}.{name}", **facts}


def _inherited(element: dict[str, Any]) -> dict[str, dict[str, Any]]:
    if "type" not in element:
        return _OF_ELEMENT
    return _OF_GROUP if element["type"] == types((GROUP,)) else {}

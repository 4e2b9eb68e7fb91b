"""Normalise: the resources of a Bundle in the form that our tables read. The first pass of import.

R4 leaves much open: a name may say no use, or only a use that is not official; an
address may be one text; a system is written with http or https. Only the form
changes here, never what is said, and each value keeps the place where it stood.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Final

from eh_interop.core.lenient import inner, items, objects
from eh_interop.core.pointer import Steps
from eh_interop.formats._shared.code_maps import code_map_names, load_code_map
from eh_interop.formats.fhir.files.r4 import bundled_resources
from eh_interop.formats.fhir.names import code_system, name_in_one_line, structure
from eh_interop.formats.fhir.tables import load_tables

_ENTERED_IN_ERROR: Final = "entered-in-error"
_OWN_NAME: Final = ("official", None, "usual", "anonymous")
"""Uses of a name that may be the person's own, the most likely first."""
_ENDED: Final = frozenset({"rejected", "inactive", _ENTERED_IN_ERROR})
"""What a Consent's status says by itself. With any other one, nobody has agreed yet."""
_PEOPLE: Final = frozenset({"Patient", "RelatedPerson", "Practitioner"})


@dataclass(frozen=True, slots=True, eq=False)
class InputResource:
    """One resource of a Bundle, in the form that the tables read.

    Attributes:
        steps: where it stands in the document.
        original: what it says, as it stands in the file.
        resource: the same in the form of our tables.
        names: what references may call it; its full URL first, if it has one.
        base: the server that relative references are of; empty if it is not known.
        normalised_from: for places that hold, in the form of the tables, what the file says
            elsewhere: where.
    """

    steps: Steps
    original: Mapping[str, Any] = field(repr=False)
    resource: Mapping[str, Any] = field(repr=False)
    names: tuple[str, ...]
    base: str
    normalised_from: Mapping[Steps, Steps]

    @property
    def type(self) -> str:
        """The FHIR type."""
        return str(self.resource.get("resourceType"))

    def original_steps(self, steps: Steps) -> Steps:
        """Return where in the original something stands that was read at ``steps``."""
        for place, origin in self.normalised_from.items():
            if steps[: len(place)] == place:
                return origin
        return steps

    def at(self, steps: Steps) -> Steps:
        """Return where in the document something stands that was read at ``steps``."""
        return (*self.steps, *self.original_steps(steps))

    @property
    def entered_in_error(self) -> bool:
        """Whatever it says should never have been said."""
        codings = objects(inner(self.resource, "verificationStatus"), "coding")
        return self.resource.get("status") == _ENTERED_IN_ERROR or any(
            coding.get("code") == _ENTERED_IN_ERROR for coding in codings
        )


class InputResources:
    """All resources of a Bundle, or of one resource by itself, and what references lead to."""

    def __init__(self, resources: tuple[InputResource, ...]) -> None:
        """Take the resources. Of two with the same name the first is meant."""
        self.all = resources
        self._by_name: dict[str, InputResource] = {}
        self._by_identifier: dict[tuple[str, str], InputResource] = {}
        for resource in resources:
            for name in resource.names:
                self._by_name.setdefault(name, resource)
            for key in _identifiers(resource.original):
                self._by_identifier.setdefault(key, resource)

    def of_type(self, name: str) -> Iterator[InputResource]:
        """Yield the resources of a FHIR type."""
        return (resource for resource in self.all if resource.type == name)

    def lookup(self, reference: Any, reader: InputResource) -> InputResource | None:
        """Return what a Reference in ``reader`` leads to; None if that is not in the Bundle."""
        if not isinstance(reference, Mapping):
            return None
        text = reference.get("reference")
        if isinstance(text, str):
            return self.named(text, reader)
        key = next(_keys(reference.get("identifier")), None)
        return self._by_identifier.get(key) if key else None

    def named(self, text: str, reader: InputResource) -> InputResource | None:
        """Return the resource that ``reader`` calls by this name."""
        if text.startswith("#"):
            return self._by_name.get(f"{_container(reader)}{text}")
        text = text.partition("/_history/")[0]
        # https://server/fhir/Patient/1 may stand here as Patient/1, and urn:uuid:1 as a bare 1.
        names = (f"{reader.base}{text}", text, _short(text), f"urn:uuid:{text}")
        return next((self._by_name[name] for name in names if name in self._by_name), None)


def normalise(document: Mapping[str, Any]) -> InputResources:
    """Return every resource of a Bundle or resource, contained ones too, in the form of our tables.

    The document is not changed.
    """
    return InputResources(tuple(_resources(document, ())))


def _short(url: str) -> str:
    return "/".join(url.split("/")[-2:])


def _container(resource: InputResource) -> str:
    steps = resource.steps
    at = steps.index("contained") if "contained" in steps else len(steps)
    return "/".join(map(str, steps[:at]))


def _identifiers(resource: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    given = resource.get("identifier")
    for identifier in given if isinstance(given, list) else [given]:
        yield from _keys(identifier)


def _keys(identifier: Any) -> Iterator[tuple[str, str]]:
    if isinstance(identifier, Mapping):
        system, value = identifier.get("system"), identifier.get("value")
        if isinstance(system, str) and isinstance(value, str):
            yield system, value


def _resources(document: Mapping[str, Any], steps: Steps, url: str = "") -> Iterator[InputResource]:
    if document.get("resourceType") != "Bundle":
        yield from _with_contained(document, steps, url)
        return
    for place, resource in bundled_resources(document):
        url = str(document["entry"][place[1]].get("fullUrl") or "")
        yield from _resources(resource, (*steps, *place), url)


def _with_contained(resource: Mapping[str, Any], steps: Steps, url: str) -> Iterator[InputResource]:
    local = f"{resource.get('resourceType')}/{resource.get('id')}"
    names = tuple(dict.fromkeys(name for name in (url, _short(url), local) if name))
    base = url.removesuffix(_short(url)) if "://" in url else ""
    yield _normalised(resource, steps, names, base)
    for number, contained in enumerate(items(resource.get("contained"))):
        if isinstance(contained, Mapping):
            # A contained resource is known to its own container only.
            name = f"{'/'.join(map(str, steps))}#{contained.get('id')}"
            yield _normalised(contained, (*steps, "contained", number), (name,), base)


# The form of one resource.


def _normalised(
    original: Mapping[str, Any], steps: Steps, names: tuple[str, ...], base: str
) -> InputResource:
    resource, normalised_from = _copied(original), dict[Steps, Steps]()
    if str(original.get("resourceType")) in _PEOPLE:
        _normalise_names(resource, normalised_from)
    if original.get("resourceType") == "Flag":
        _normalise_flag(resource, normalised_from)
    if original.get("resourceType") == "Consent":
        _normalise_consent(resource, normalised_from)
    for place, address in _addresses(resource):
        _normalise_address(address, place, normalised_from)
    return InputResource(steps, original, resource, names, base, normalised_from)


def _copied(value: Any) -> Any:
    """Copy a value, with each system and URL in the spelling of the tables."""
    if isinstance(value, Mapping):
        return {
            name: _spelt(member) if name in {"system", "url"} else _copied(member)
            for name, member in value.items()
        }
    return [_copied(entry) for entry in value] if isinstance(value, list) else value


def _spelt(url: Any) -> Any:
    return _spellings().get(_bare(url), url) if isinstance(url, str) else _copied(url)


def _bare(url: str) -> str:
    return url.strip().rstrip("/").partition("://")[2].lower()


@cache
def _spellings() -> Mapping[str, str]:
    """Give every system and extension that the tables know by its name without http or https."""
    known = set(load_tables().urls.values())
    for name in code_map_names():
        for pair in load_code_map(name).pairs:
            known |= {pair.system, pair.theirs}
    return {_bare(url): url for url in known if "://" in url}


def _normalise_names(resource: dict[str, Any], normalised_from: dict[Steps, Steps]) -> None:
    names = items(resource.get("name"))
    whole = [(number, name) for number, name in enumerate(names) if isinstance(name, dict)]
    for number, name in whole:
        text = name_in_one_line(name)
        if text and "text" not in name and _is_long(name):
            name["text"] = text
            normalised_from["name", number, "text"] = ("name", number)
    for use in _OWN_NAME:
        own = next((name for _, name in whole if name.get("use") == use), None)
        if own is not None:
            own["use"] = "official"
            return


def _is_long(name: Mapping[str, Any]) -> bool:
    """Return whether a name has more parts than ours: given names, titles or what follows it."""
    return "suffix" in name or any(len(items(name.get(part))) > 1 for part in ("prefix", "given"))


def _normalise_flag(resource: dict[str, Any], normalised_from: dict[Steps, Steps]) -> None:
    """Let a warning in words be one: ours stands in an extension, since we have codes."""
    code, extensions = resource.get("code"), resource.get("extension", [])
    text = code.get("text") if isinstance(code, dict) else None
    if not isinstance(text, str) or code in _fillers() or not isinstance(extensions, list):
        return
    url = structure("warning-text")
    if all(extension.get("url") != url for extension in objects(resource, "extension")):
        resource["extension"] = [*extensions, {"url": url, "valueString": text}]
        normalised_from["extension", len(extensions)] = ("code", "text")


def _normalise_consent(resource: dict[str, Any], normalised_from: dict[Steps, Steps]) -> None:
    """Let no Consent mean yes that denies, or is not in force. Ours say so in an extension."""
    url, extensions = structure("consent-status"), resource.get("extension", [])
    status, denies = resource.get("status"), inner(resource, "provision").get("type") == "deny"
    ours = ("refused" if denies else None) if status == "active" else "not-obtained"
    known = any(extension.get("url") == url for extension in objects(resource, "extension"))
    if ours and not known and str(status) not in _ENDED and isinstance(extensions, list):
        coding = {"system": code_system("consent-status"), "code": ours}
        more = {"url": url, "valueCodeableConcept": {"coding": [coding]}}
        resource["extension"] = [*extensions, more]
        normalised_from["extension", len(extensions)] = ("status",)


@cache
def _fillers() -> tuple[Any, ...]:
    """Return what our own Flags say where R4 asks for a code and the record has none."""
    flags = (resource for resource in load_tables().resources if resource.type == "Flag")
    return tuple(row.value for flag in flags for row in flag.constants if row.theirs == "code")


def _addresses(resource: Mapping[str, Any]) -> Iterator[tuple[Steps, dict[str, Any]]]:
    given = resource.get("address")
    if isinstance(given, dict):
        yield ("address",), given
    for number, address in enumerate(items(given)):
        if isinstance(address, dict):
            yield ("address", number), address


def _normalise_address(
    address: dict[str, Any], steps: Steps, normalised_from: dict[Steps, Steps]
) -> None:
    text = address.get("text")
    if isinstance(text, str) and not address.keys() & {"line", "city", "district", "postalCode"}:
        address["line"] = [line.strip() for line in text.splitlines() if line.strip()]
        normalised_from[*steps, "line"] = (*steps, "text")

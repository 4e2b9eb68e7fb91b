"""The resources of somebody's Bundle, contained ones too, and what their references lead to."""
# DOC habits: What other people's FHIR says in another form than our tables read, put into that form.
# 
# R4 leaves much open: a name may say no use, or only a use that is not official; an
# address may be one text; a system is written with http or https. Only the form
# changes here, never what is said, and each value keeps the place where it stood.
# 

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Final

from eh_interop.core.pointer import Steps
from eh_interop.formats.fhir.compiled import Ready
from eh_interop.formats.fhir.names import structure
from eh_interop.formats.fhir.record_tree import Node
from eh_interop.formats.fhir.tables import load_tables
from eh_interop.standard.code_lists import code_map_rows, code_maps

VOID = "entered-in-error"
"""The status of what should never have been said."""


@dataclass(slots=True, eq=False)
class Source:
    """One resource of a Bundle, on its way into a record.

    Attributes:
        steps: where it stands in the document.
        given: what it says, as it stands in the file.
        resource: the same in the form of our tables.
        names: what references may call it; its full URL first, if it has one.
        base: the server that relative references are of; empty if it is not known.
        ready: the table that reads it; None if there is none.
        node: what it becomes in the record.
        holder: the item in which that stands, or of which it says more.
        place: where that stands in the record.
        read: the places in the resource that were read, or say nothing of their own.
        moved: places that hold, in the form of the tables, what the file says elsewhere.
    """

    steps: Steps
    given: Mapping[str, Any]
    names: tuple[str, ...]
    base: str = ""
    ready: Ready | None = None
    node: Node | None = None
    holder: Node | None = None
    place: Steps = ()
    read: set[Steps] = field(default_factory=set)
    moved: dict[Steps, Steps] = field(default_factory=dict)
    resource: Mapping[str, Any] = field(init=False)

    def __post_init__(self) -> None:
        """Begin with what the file says."""
        self.resource = self.given

    @property
    def type(self) -> str:
        """The FHIR type."""
        return str(self.resource.get("resourceType"))

    def at(self, steps: Steps) -> Steps:
        """Return where in the file something stands that was read at ``steps``."""
        for place, origin in self.moved.items():
            if steps[: len(place)] == place:
                return (*self.steps, *origin)
        return (*self.steps, *steps)

    def mark(self, steps: Steps) -> None:
        """Note that something was read."""
        self.read.add(self.at(steps)[len(self.steps) :])

    @property
    def is_void(self) -> bool:
        """It was entered in error: whatever it says is no fact."""
        checked = self.resource.get("verificationStatus")
        codings = checked.get("coding") if isinstance(checked, Mapping) else None
        codes = codings if isinstance(codings, list) else []
        return self.resource.get("status") == VOID or any(
            isinstance(code, Mapping) and code.get("code") == VOID for code in codes
        )


class Sources:
    """All resources of a Bundle, or of one resource by itself."""

    def __init__(self, document: Mapping[str, Any]) -> None:
        """Find every resource. Of two with the same name the first is meant."""
        self.all = tuple(_sources(document, ()))
        self._by_name: dict[str, Source] = {}
        self._by_identifier: dict[tuple[str, str], Source] = {}
        for each in self.all:
            for name in each.names:
                self._by_name.setdefault(name, each)
            for key in _identifiers(each.resource):
                self._by_identifier.setdefault(key, each)

    def lookup(self, reference: Any, reader: Source) -> Source | None:
        """Return what a Reference in ``reader`` leads to; None if that is not in the Bundle."""
        if not isinstance(reference, Mapping):
            return None
        text = reference.get("reference")
        if isinstance(text, str):
            return self.named(text, reader)
        key = next(_keys(reference.get("identifier")), None)
        return self._by_identifier.get(key) if key else None

    def named(self, text: str, reader: Source) -> Source | None:
        """Return the resource that ``reader`` calls by this name."""
        if text.startswith("#"):
            return self._by_name.get(f"{_container(reader)}{text}")
        text = text.partition("/_history/")[0]
        # https://server/fhir/Patient/1 may stand here as Patient/1, and urn:uuid:1 as a bare 1.
        ways = (f"{reader.base}{text}", text, _short(text), f"urn:uuid:{text}")
        return next((self._by_name[way] for way in ways if way in self._by_name), None)


def _short(url: str) -> str:
    return "/".join(url.split("/")[-2:])


def _container(source: Source) -> str:
    steps = source.steps
    at = steps.index("contained") if "contained" in steps else len(steps)
    return "/".join(map(str, steps[:at]))


def _identifiers(resource: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    given = resource.get("identifier")
    for each in given if isinstance(given, list) else [given]:
        yield from _keys(each)


def _keys(identifier: Any) -> Iterator[tuple[str, str]]:
    if isinstance(identifier, Mapping):
        system, value = identifier.get("system"), identifier.get("value")
        if isinstance(system, str) and isinstance(value, str):
            yield system, value


def _sources(document: Mapping[str, Any], steps: Steps, url: str = "") -> Iterator[Source]:
    if document.get("resourceType") != "Bundle":
        yield from _with_contained(document, steps, url)
        return
    entries = document.get("entry")
    for number, entry in enumerate(entries if isinstance(entries, list) else ()):
        inner = entry.get("resource") if isinstance(entry, Mapping) else None
        if isinstance(inner, Mapping):
            yield from _sources(
                inner, (*steps, "entry", number, "resource"), str(entry.get("fullUrl") or "")
            )


def _with_contained(resource: Mapping[str, Any], steps: Steps, url: str) -> Iterator[Source]:
    local = f"{resource.get('resourceType')}/{resource.get('id')}"
    names = tuple(dict.fromkeys(name for name in (url, _short(url), local) if name))
    base = url.removesuffix(_short(url)) if "://" in url else ""
    yield Source(steps, resource, names, base)
    contained = resource.get("contained")
    for number, each in enumerate(contained if isinstance(contained, list) else ()):
        if isinstance(each, Mapping):
            # A contained resource is known to its own container only.
            name = f"{'/'.join(map(str, steps))}#{each.get('id')}"
            yield Source((*steps, "contained", number), each, (name,), base)


_OWN_NAME: Final = ("official", None, "usual", "anonymous")
"""Uses of a name that may be the person's own, the most likely first."""
_PEOPLE: Final = frozenset({"Patient", "RelatedPerson", "Practitioner"})


def settle(source: Source) -> None:
    """Put a resource into the form that the tables read."""
    resource = _copied(source.given)
    if source.type in _PEOPLE:
        _settle_names(resource, source.moved)
    if source.type == "Flag":
        _settle_flag(resource, source.moved)
    for steps, address in _addresses(resource):
        _settle_address(address, steps, source.moved)
    source.resource = resource


def _copied(value: Any) -> Any:
    """Copy a value, with each system and URL in the spelling of the tables."""
    if isinstance(value, Mapping):
        return {
            name: _spelt(each) if name in {"system", "url"} else _copied(each)
            for name, each in value.items()
        }
    return [_copied(each) for each in value] if isinstance(value, list) else value


def _spelt(url: Any) -> Any:
    return _spellings().get(_bare(url), url) if isinstance(url, str) else _copied(url)


def _bare(url: str) -> str:
    return url.strip().rstrip("/").partition("://")[2].lower()


@cache
def _spellings() -> Mapping[str, str]:
    """Give every system and extension that the tables know by its name without http or https."""
    known = set(load_tables().urls.values())
    for name in code_maps():
        for row in code_map_rows(name):
            known |= {row["system"], row["theirs"]}
    return {_bare(url): url for url in known if "://" in url}


def _settle_names(resource: dict[str, Any], moved: dict[Steps, Steps]) -> None:
    names = resource.get("name")
    if not isinstance(names, list):
        return
    whole = [(number, each) for number, each in enumerate(names) if isinstance(each, dict)]
    for number, name in whole:
        text = _in_one_line(name)
        if text and "text" not in name and _is_long(name):
            name["text"] = text
            moved["name", number, "text"] = ("name", number)
    for use in _OWN_NAME:
        own = next((each for _, each in whole if each.get("use") == use), None)
        if own is not None:
            own["use"] = "official"
            return


def _is_long(name: Mapping[str, Any]) -> bool:
    """Tell whether a name has more parts than ours: several given names, or titles after it."""
    several = (name.get("prefix"), name.get("given"))
    return "suffix" in name or any(isinstance(each, list) and len(each) > 1 for each in several)


def _in_one_line(name: Mapping[str, Any]) -> str:
    parts: list[Any] = []
    for key in ("prefix", "given"):
        given = name.get(key)
        parts += given if isinstance(given, list) else []
    after = name.get("suffix")
    parts += [name.get("family"), *(after if isinstance(after, list) else [])]
    return " ".join(part for part in parts if isinstance(part, str))


def _settle_flag(resource: dict[str, Any], moved: dict[Steps, Steps]) -> None:
    """Let a warning in words be one: ours stands in an extension, since we have codes."""
    code, given = resource.get("code"), resource.get("extension", [])
    text = code.get("text") if isinstance(code, dict) else None
    if not isinstance(text, str) or code in _fillers() or not isinstance(given, list):
        return
    url = structure("warning-text")
    if all(not isinstance(each, dict) or each.get("url") != url for each in given):
        resource["extension"] = [*given, {"url": url, "valueString": text}]
        moved["extension", len(given)] = ("code", "text")


@cache
def _fillers() -> tuple[Any, ...]:
    """Return what our own Flags say where R4 asks for a code and the record has none."""
    flags = (resource for resource in load_tables().resources if resource.type == "Flag")
    return tuple(row.value for flag in flags for row in flag.constants if row.theirs == "code")


def _addresses(resource: Mapping[str, Any]) -> Iterator[tuple[Steps, dict[str, Any]]]:
    given = resource.get("address")
    if isinstance(given, dict):
        yield ("address",), given
    for number, each in enumerate(given if isinstance(given, list) else ()):
        if isinstance(each, dict):
            yield ("address", number), each


def _settle_address(address: dict[str, Any], steps: Steps, moved: dict[Steps, Steps]) -> None:
    text = address.get("text")
    if isinstance(text, str) and not address.keys() & {"line", "city", "district", "postalCode"}:
        address["line"] = [line.strip() for line in text.splitlines() if line.strip()]
        moved[*steps, "line"] = (*steps, "text")

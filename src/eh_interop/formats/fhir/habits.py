"""What other people's FHIR says in another form than our tables read, put into that form.

R4 leaves much open: a name may say no use, or only a use that is not official; an
address may be one text; a system is written with http or https. Only the form
changes here, never what is said, and each value keeps the place where it stood.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any, Final

from eh_interop.core.pointer import Steps
from eh_interop.formats.fhir.names import structure
from eh_interop.formats.fhir.sources import Source
from eh_interop.formats.fhir.tables import load_tables
from eh_interop.standard.code_lists import code_map_rows, code_maps

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

"""The package as files, in the layout of npm FHIR packages (https://hl7.org/fhir/packages.html)."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import orjson

from eh_interop.core.errors import StandardError
from eh_interop.formats.fhir.guide.about import Resource, about
from eh_interop.formats.fhir.guide.artefacts import definitions
from eh_interop.formats.fhir.guide.implementation_guide import guide
from eh_interop.formats.fhir.guide.inputs import Example, Inputs
from eh_interop.formats.fhir.names import FHIR_VERSION, implementation_guide
from eh_interop.standard.schemas import BASE

FOLDER: Final = "package"
"""The folder of a FHIR package. Examples stand in a folder of their own below it."""
EXAMPLES: Final = "example"
MANIFEST: Final = "package.json"

_INDEX: Final = ".index.json"
_INDEX_VERSION: Final = 2
_INDEXED: Final = ("resourceType", "id", "url", "version", "kind", "type", "content", "derivation")


@dataclass(frozen=True, slots=True)
class Package:
    """Everything in the package: the guide, its definitions and its examples."""

    definitions: tuple[Resource, ...]
    examples: tuple[Resource, ...]

    def files(self) -> Iterator[tuple[str, bytes]]:
        """Yield the path of every file below the package folder, and what is in it."""
        yield MANIFEST, _bytes(_manifest())
        yield from _folder("", self.definitions)
        if self.examples:
            yield from _folder(f"{EXAMPLES}/", self.examples)


def make_package(inputs: Inputs) -> Package:
    """Make the package in memory.

    Raises:
        StandardError: the standard or an input is broken, or two resources have one name.
    """
    made = tuple(definitions(inputs))
    examples = tuple(_named(inputs.examples))
    whole = (guide(made, examples), *made)
    bundles = tuple(bundle for _, bundle in examples)
    _refuse_doubles((*whole, *bundles))
    return Package(whole, bundles)


def write_package(package: Package, out: Path) -> Path:
    """Write the package into a folder ``package`` under ``out``, and return that folder.

    What an earlier run wrote there is replaced as a whole.

    Raises:
        StandardError: there is something else in its place, or it cannot be written.
    """
    target = out / FOLDER
    if target.exists() and not _ours(target):
        raise StandardError(f"{target} is there and is not this package. Choose another folder.")
    try:
        out.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=out, prefix=f".{FOLDER}.") as work:
            fresh = Path(work) / FOLDER
            for name, content in package.files():
                path = fresh / name
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(content)
            if target.exists():
                target.rename(Path(work) / "old")
            fresh.rename(target)
    except OSError as problem:
        raise StandardError(f"{target} cannot be written: {problem.strerror}.") from None
    return target


def _ours(target: Path) -> bool:
    try:
        manifest = json.loads((target / MANIFEST).read_bytes())
    except (OSError, ValueError):
        return False
    return isinstance(manifest, Mapping) and manifest.get("name") == about().package


def _named(examples: Iterable[Example]) -> Iterator[Example]:
    """Give each example an id: its own, or its name."""
    for name, bundle in examples:
        yield name, {"resourceType": bundle["resourceType"], "id": name.replace("/", "-"), **bundle}


def _refuse_doubles(resources: Iterable[Resource]) -> None:
    seen: set[str] = set()
    for resource in resources:
        name = _file_name(resource)
        if name in seen:
            raise StandardError(f"Two resources of the FHIR package are called {name}.")
        seen.add(name)


def _folder(prefix: str, resources: tuple[Resource, ...]) -> Iterator[tuple[str, bytes]]:
    for resource in resources:
        yield f"{prefix}{_file_name(resource)}", _bytes(resource)
    files = [
        {
            "filename": _file_name(resource),
            **{key: resource[key] for key in _INDEXED if key in resource},
        }
        for resource in sorted(resources, key=_file_name)
    ]
    yield f"{prefix}{_INDEX}", _bytes({"index-version": _INDEX_VERSION, "files": files})


def _file_name(resource: Resource) -> str:
    return f"{resource['resourceType']}-{resource['id']}.json"


def _manifest() -> dict[str, Any]:
    facts = about()
    return {
        "name": facts.package,
        "version": facts.version,
        "type": "IG",
        "date": facts.date.replace("-", "") + "000000",
        "license": facts.license,
        "canonical": BASE.rstrip("/"),
        "url": implementation_guide(facts.package),
        "title": facts.title,
        "description": facts.description,
        "author": facts.publisher,
        "fhirVersions": [FHIR_VERSION],
        "dependencies": {each.package: each.version for each in facts.dependency},
        "directories": {"lib": FOLDER, "example": EXAMPLES},
    }


def _bytes(content: Mapping[str, Any]) -> bytes:
    return orjson.dumps(content, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)

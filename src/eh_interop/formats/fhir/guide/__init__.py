"""The FHIR package (implementation guide), made from ``schemas/`` and ``mappings/``.

It is written in the layout of npm FHIR packages (https://hl7.org/fhir/packages.html).
:mod:`.inputs` reads what it is made from. Definitions are made by the functions called ``make_...``
in the modules here: a new one is found by itself. The order of their names is that of the guide.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules
from typing import Any, Final

import orjson

from eh_interop.core.atomic import replaced_folder
from eh_interop.core.errors import StandardError
from eh_interop.formats.fhir.guide.about import Resource, about, definition
from eh_interop.formats.fhir.guide.inputs import Example, GuideInputs
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
class FhirPackage:
    """Everything in the package: the guide, its definitions and its examples."""

    definitions: tuple[Resource, ...]
    examples: tuple[Resource, ...]

    def files(self) -> Iterator[tuple[str, bytes]]:
        """Yield the path of every file below the package folder, and what is in it."""
        yield MANIFEST, _bytes(_manifest())
        yield from _folder("", self.definitions)
        if self.examples:
            yield from _folder(f"{EXAMPLES}/", self.examples)


def make_package(inputs: GuideInputs) -> FhirPackage:
    """Make the package in memory.

    Raises:
        StandardError: the standard or an input is broken, or two resources have one name.
    """
    made = tuple(definitions(inputs))
    examples = tuple(_named(inputs.examples))
    whole = (guide(made, examples), *made)
    bundles = tuple(bundle for _, bundle in examples)
    _refuse_doubles((*whole, *bundles))
    return FhirPackage(whole, bundles)


def write_package(package: FhirPackage, out: Path) -> Path:
    """Write the package into a folder ``package`` under ``out``, and return that folder.

    What an earlier run wrote there is replaced as a whole.

    Raises:
        StandardError: there is something else in its place.
        OutputError: it cannot be written.
    """
    target = out / FOLDER
    if target.exists() and not _ours(target):
        raise StandardError(f"{target} is there and is not this package. Choose another folder.")
    with replaced_folder(target) as fresh:
        for name, content in package.files():
            (fresh / name).parent.mkdir(exist_ok=True)
            (fresh / name).write_bytes(content)
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
        "dependencies": {needed.package: needed.version for needed in facts.dependency},
        "directories": {"lib": FOLDER, "example": EXAMPLES},
    }


def _bytes(content: Mapping[str, Any]) -> bytes:
    return orjson.dumps(content, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)


def guide(definitions: Iterable[Resource], examples: Iterable[tuple[str, Resource]]) -> Resource:
    """Return the ImplementationGuide of some definitions and named examples."""
    facts = about()
    head = definition(
        "ImplementationGuide",
        implementation_guide(facts.package),
        title=facts.title,
        description=facts.description,
        name=facts.name,
    )
    listed = [
        *(_listed(made, made.get("title") or made["name"], example=False) for made in definitions),
        *(_listed(bundle, name, example=True) for name, bundle in examples),
    ]
    return {
        **head,
        "version": facts.version,
        "packageId": facts.package,
        "license": facts.license,
        "fhirVersion": [FHIR_VERSION],
        "dependsOn": [
            {"uri": needed.uri, "packageId": needed.package, "version": needed.version}
            for needed in facts.dependency
        ],
        "definition": {"resource": listed},
    }


def _listed(resource: Resource, name: str, *, example: bool) -> dict[str, Any]:
    return {
        "reference": {"reference": f"{resource['resourceType']}/{resource['id']}"},
        "name": name,
        "exampleBoolean": example,
    }


def definitions(inputs: GuideInputs) -> Iterator[Resource]:
    """Yield every definition of the guide, always in the same order.

    Raises:
        StandardError: the standard or an input is broken.
    """
    makers: dict[str, Callable[[GuideInputs], Iterator[Resource]]] = {}
    for module in iter_modules(__path__, f"{__name__}."):
        functions = vars(import_module(module.name)).items()
        makers |= {name: value for name, value in functions if name.startswith("make_")}
    for name in sorted(makers):
        yield from makers[name](inputs)

"""``eh-interop doctor``: what is installed, and whether it is whole."""

from __future__ import annotations

import platform
from collections.abc import Callable, Iterator
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Final

import click

import eh_interop
from eh_interop.cli.exits import BROKEN, OK
from eh_interop.cli.options import table
from eh_interop.core.errors import EhInteropError

_ENGINES: Final = ("jsonschema-rs", "msgspec", "orjson", "click")
Row = tuple[str, str]


@click.command("doctor")
def command() -> int:
    """Say what is installed, and whether all of it loads.

    Exit code 4 if something is missing or broken.
    """
    rows = list(_versions())
    problems = []
    for name, look in _LOOKS.items():
        try:
            rows.append((name, look()))
        except EhInteropError as error:
            problems.append(f"{name}: {error}")
        except Exception as fault:  # noqa: BLE001 (to find what is broken is what this is for)
            problems.append(f"{name}: cannot be read ({type(fault).__name__}).")
    click.echo(table(rows))
    for problem in problems:
        click.echo(f"Broken: {problem}")
    click.echo("\nSomething is broken. Install it again." if problems else "\nAll is well.")
    return BROKEN if problems else OK


def _versions() -> Iterator[Row]:
    yield "eh-interop", eh_interop.__version__
    yield "Python", f"{platform.python_version()} ({platform.python_implementation()})"
    for name in _ENGINES:
        try:
            yield name, version(name)
        except PackageNotFoundError:
            yield name, "installed without its version"
    yield "package", str(_package())


def _package() -> Path:
    return Path(eh_interop.__file__).parent


def _place(name: str) -> str:
    """Say where a folder of data is, without any path but the package's own."""
    from eh_interop.core.resources import folder

    inside = _package() in folder(name).parents
    return "inside the package" if inside else "beside the package, in a checkout"


def _standard() -> str:
    from eh_interop.standard.schemas import CURRENT, load_standard, versions

    standard = load_standard(CURRENT)
    rows = sum(len(standard.codes(name)) for name in standard.codelists)
    return (
        f"{', '.join(versions())}: {len(standard.record_types)} record types, "
        f"{len(standard.codelists)} code lists with {rows:,} codes"
    )


def _guidance() -> str:
    from eh_interop.standard.guidance import clauses, documents

    return f"{len(documents())} documents, {len(clauses())} clauses"


def _checks() -> str:
    from eh_interop.checks.catalogue import entries

    layers = [entry.layer for entry in entries()]
    return ", ".join(f"{layers.count(layer)} {layer}" for layer in dict.fromkeys(layers))


def _areas() -> str:
    from eh_interop.standard.areas import area_names, load_area

    return ", ".join(load_area(name).key for name in area_names())


def _engine() -> str:
    """Compile what a check needs, for every record type in every area."""
    from eh_interop.checks.consistency import Consistency
    from eh_interop.checks.engine import CompiledEngine
    from eh_interop.standard.areas import area_names, load_area
    from eh_interop.standard.schemas import load_standard

    standard, count = load_standard(), 0
    for area in map(load_area, area_names()):
        for kind in standard.record_types:
            CompiledEngine(standard, kind, area.requires(standard, kind))
            Consistency(area, kind)
            count += 1
    return f"{count} combinations of record type and area can be checked"


def _forms() -> str:
    from eh_interop.standard.forms import load_forms

    return f"{len(load_forms())} real forms"


_LOOKS: Final[dict[str, Callable[[], str]]] = {
    "schemas": lambda: _place("schemas"),
    "mappings": lambda: _place("mappings"),
    "examples": lambda: _place("examples"),
    "standard": _standard,
    "guidance": _guidance,
    "areas": _areas,
    "checks": _checks,
    "engine": _engine,
    "forms": _forms,
}

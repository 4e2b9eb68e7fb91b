"""Extensions of our own, as ``mappings/fhir-r4/extensions.csv`` lists them."""

from __future__ import annotations

from collections.abc import Iterable

from eh_interop.core.errors import StandardError
from eh_interop.core.resources import folder
from eh_interop.formats.fhir.guide.reading import Entry, rows

_COMPLEX = "(complex)"


class Part(Entry, frozen=True, kw_only=True):
    """One part of a complex extension. Its ``name`` is the part's ``url``."""

    name: str
    title: str
    types: tuple[str, ...]
    value_set: str = ""
    required: bool = False
    repeats: bool = False


class Extension(Entry, frozen=True, kw_only=True):
    """An extension of our own.

    Attributes:
        name: the last part of its canonical URL.
        title: what people call it.
        description: what it means.
        contexts: the elements that may carry it, such as ``RelatedPerson``.
        types: FHIR types of its value; empty if it has parts.
        value_set: code list or canonical URL of the codes of its value.
        part: what it consists of, if it is complex.
    """

    name: str
    title: str
    description: str
    contexts: tuple[str, ...]
    types: tuple[str, ...] = ()
    value_set: str = ""
    part: tuple[Part, ...] = ()


def load_extensions() -> tuple[Extension, ...]:
    """Read every extension with its parts; a part stands after its extension: ``name.part``.

    Raises:
        StandardError: the file is missing or broken.
    """
    path = folder("mappings") / "fhir-r4" / "extensions.csv"
    found: dict[str, tuple[dict[str, str], list[Part]]] = {}
    for row in rows(path):
        name, _, part = row["name"].partition(".")
        if part and name not in found:
            raise StandardError(f"{path.name}: {row['name']} stands before its extension.")
        if part:
            found[name][1].append(_part(part, row))
        else:
            found[name] = (row, [])
    return tuple(_extension(row, parts) for row, parts in found.values())


def _part(name: str, row: dict[str, str]) -> Part:
    least, _, most = (row.get("cardinality") or "0..1").partition("..")
    return Part(
        name=name,
        title=row["title"],
        types=tuple(row["types"].split()),
        value_set=row.get("value-set", ""),
        required=least != "0",
        repeats=most == "*",
    )


def _extension(row: dict[str, str], parts: Iterable[Part]) -> Extension:
    return Extension(
        name=row["name"],
        title=row["title"],
        description=row["description"],
        contexts=tuple(row["contexts"].split()),
        types=() if row["types"] == _COMPLEX else tuple(row["types"].split()),
        value_set=row.get("value-set", ""),
        part=tuple(parts),
    )

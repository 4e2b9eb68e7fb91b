"""The guidance that the standard answers to: documents, and their clauses in our words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType

from eh_interop.core.resources import csv_rows, folder


@dataclass(frozen=True, slots=True)
class Document:
    """A guidance document and its edition."""

    key: str
    title: str
    publisher: str
    edition: str
    applies_in: str


@dataclass(frozen=True, slots=True)
class Clause:
    """One thing that a document asks, in our words.

    ``carried_by`` says which part of the standard answers to it.
    """

    id: str
    document: str
    kind: str
    says: str
    carried_by: str


def _rows(name: str) -> list[dict[str, str]]:
    return csv_rows(folder("schemas") / "guidance" / name)


@cache
def documents() -> Mapping[str, Document]:
    """Return every guidance document, by key."""
    names = Document.__slots__
    rows = (Document(*(row[name] for name in names)) for row in _rows("documents.csv"))
    return MappingProxyType({row.key: row for row in rows})


@cache
def clauses() -> Mapping[str, Clause]:
    """Return every clause, by id such as ``G-112``."""
    names = Clause.__slots__
    rows = (Clause(*(row[name] for name in names)) for row in _rows("clauses.csv"))
    return MappingProxyType({row.id: row for row in rows})

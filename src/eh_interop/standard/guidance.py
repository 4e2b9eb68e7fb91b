"""The guidance that the standard answers to: documents, and their clauses in our words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date
from functools import cache
from types import MappingProxyType

from eh_interop.core.resources import csv_rows, folder


@dataclass(frozen=True, slots=True)
class Document:
    """A guidance document and its edition.

    Attributes:
        key: its short name.
        title: its title.
        publisher: who published it.
        edition: the edition that its clauses are from.
        applies_in: the area that it is about; ``england`` if it is national.
        effective_from: the day from which it applies; empty if that is not known.
        effective_to: the last day on which it applied; empty if it still does.
        superseded_by: the key of the document that took its place, if there is one.
        text_read: whether its text was read: yes, in part, second-hand or no.
    """

    key: str
    title: str
    publisher: str
    edition: str
    applies_in: str
    effective_from: str = ""
    effective_to: str = ""
    superseded_by: str = ""
    text_read: str = "yes"


@dataclass(frozen=True, slots=True)
class Precedence:
    """A clause of law that stands above what local documents ask for in one check.

    Attributes:
        check: the code of the check.
        clause: the clause of law.
    """

    check: str
    clause: str


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
    names = [field.name for field in fields(Document)]
    rows = (Document(*(row[name] for name in names)) for row in _rows("documents.csv"))
    return MappingProxyType({row.key: row for row in rows})


@cache
def clauses() -> Mapping[str, Clause]:
    """Return every clause, by id such as ``G-112``."""
    names = Clause.__slots__
    rows = (Clause(*(row[name] for name in names)) for row in _rows("clauses.csv"))
    return MappingProxyType({row.id: row for row in rows})


@cache
def precedences() -> Mapping[str, Precedence]:
    """Return the law that stands above a check of local practice, by the code of the check."""
    rows = (Precedence(**row) for row in _rows("precedence.csv"))
    return MappingProxyType({row.check: row for row in rows})


@cache
def in_force_from(clause: str) -> date:
    """Return the day from which a clause of law applies.

    Raises:
        ValueError: the register does not say from when its document applies.
    """
    return date.fromisoformat(documents()[clauses()[clause].document].effective_from)

"""Which fields of a record have a typed home in FHIR, and which have none, and why."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from eh_interop.core.pointer import split
from eh_interop.formats.fhir.tables import ElementRow, ResourceTable, field_at, load_tables
from eh_interop.standard.fields import Field, Kind, fields_of


@dataclass(frozen=True, slots=True)
class FhirHome:
    """Where one field is found in FHIR: in a resource, or ``why`` it is only in the form.

    Attributes:
        link: path of the field in the record, without positions.
        resource: type of the resource.
        name: of which kind it is, where a record part has several resources of one type.
        path: of the element in the resource, as the tables write it.
        codes: the code map on the way, if there is one.
        why: the reason, for a field that only the form holds.
    """

    link: str
    resource: str = ""
    path: str = ""
    why: str = ""
    name: str = ""
    codes: str = ""


@dataclass(frozen=True, slots=True)
class Coverage:
    """What the tables say of every leaf of a record type, and which they forget."""

    leaves: tuple[str, ...]
    homes: tuple[FhirHome, ...]
    lost: tuple[FhirHome, ...]
    forgotten: tuple[str, ...]

    @property
    def share(self) -> float:
        """How many of the leaves have a typed home, from 0 to 1."""
        return len({home.link for home in self.homes}) / len(self.leaves)


def coverage(record_type: str) -> Coverage:
    """Compare the fields of a record type with the tables.

    Reasons for what is missing (``absent``) and ``localData`` count as no leaves: they
    are about other fields, or belong to nobody but their area.

    Raises:
        MappingError: a table is broken.
    """
    root = fields_of(record_type)
    leaves = tuple(field.link for field in root.walk() if _is_leaf(field))
    known = frozenset(leaves)
    homes = tuple(home for home in _homes(record_type, root) if home.link in known)
    housed = {home.link for home in homes}
    lost = tuple(
        FhirHome(link, why=row.why)
        for row in load_tables().lost
        for link in leaves
        if link not in housed and f"{link}.".startswith(f"{_link(split(row.ours))}.")
    )
    mentioned = housed | {home.link for home in lost}
    return Coverage(leaves, homes, lost, tuple(leaf for leaf in leaves if leaf not in mentioned))


def _is_leaf(field: Field) -> bool:
    return field.kind not in {Kind.GROUP, Kind.REASONS, Kind.LOCAL}


def _link(steps: tuple[str, ...]) -> str:
    return ".".join(step for step in steps if step != "*")


def _homes(record_type: str, root: Field) -> Iterator[FhirHome]:
    for table in load_tables().resources:
        if table.records and record_type not in table.records:
            continue
        if field_at(root, split(table.items)) is None:
            continue
        if table.per:
            yield _home(table, table.per, "subject")
        if table.onto:
            yield _home(table, table.onto, "url")
        if table.main:
            yield _home(table, "id", "id")
        for row in table.fields:
            if row.ours.startswith("/"):
                yield from _of_row(table, row)


def _of_row(table: ResourceTable, row: ElementRow) -> Iterator[FhirHome]:
    for below in row.covers or ("",):
        yield _home(table, row.ours + below, row.theirs, row.codes)


def _home(table: ResourceTable, ours: str, path: str, codes: str = "") -> FhirHome:
    link = _link((*split(table.items), *split(f"/{ours.removeprefix('/')}")))
    return FhirHome(link, table.type, path, name=table.name, codes=codes)

"""Real forms, and where each of their labels has its place in the standard."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from eh_interop.core.resources import csv_rows, folder


@dataclass(frozen=True, slots=True)
class FormField:
    """A label of a form, and one place in the standard for it.

    A label that asks for several things has several fields. ``place`` is empty
    where the standard has none; ``note`` then says why.
    """

    section: str
    label: str
    record: str
    place: str
    note: str


@dataclass(frozen=True, slots=True)
class Form:
    """A form that was studied.

    Attributes:
        key: short name, such as ``marf-bradford``.
        kind: what it is used for.
        authority: whose form it is.
        dated: the date on it, if there is one.
        evidence: what was seen of it.
        record: the record type that holds most of it.
        fields: its labels, in order.
    """

    key: str
    kind: str
    authority: str
    dated: str
    evidence: str
    record: str
    fields: tuple[FormField, ...]

    @property
    def labels(self) -> tuple[tuple[str, str], ...]:
        """Section and label of each thing that the form asks for, each once."""
        return tuple(dict.fromkeys((field.section, field.label) for field in self.fields))

    @property
    def homeless(self) -> tuple[tuple[str, str], ...]:
        """The labels that have no place in the standard."""
        placed = {(field.section, field.label) for field in self.fields if field.place}
        return tuple(label for label in self.labels if label not in placed)


@cache
def load_forms() -> tuple[Form, ...]:
    """Read the register of forms, sorted by key.

    Raises:
        StandardError: the mappings are missing from this installation.
    """
    fields: dict[str, list[FormField]] = {}
    for row in _rows("fields.csv"):
        form = row.pop("form")
        fields.setdefault(form, []).append(FormField(**row))
    rows = sorted(_rows("forms.csv"), key=lambda row: row["form"])
    keyed = ((row.pop("form"), row) for row in rows)
    return tuple(Form(key=key, **row, fields=tuple(fields.get(key, ()))) for key, row in keyed)


def _rows(name: str) -> list[dict[str, str]]:
    return csv_rows(folder("mappings") / "forms" / name)

"""A record in which nobody has a name: initials where names stood, and no text that holds one."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from eh_interop.core.lenient import Record, inner, items, text
from eh_interop.protection import Protections, View


def with_initials(answer: Protections, record: Record) -> View:
    """Return a record with the initials of the family in place of their names.

    Texts and names of homes that hold the name of anybody are left out. Practitioners keep their
    names, unless they bear that of somebody in the family.
    """
    view = answer.without_names(record)
    family = {
        _plain(name)
        for listed in ("children", "people")
        for entry in items(record.get(listed))
        if isinstance(entry, dict) and (name := inner(entry, "name"))
    }
    for listed in ("children", "people", "practitioners"):
        for original, copy in _pairs(items(record.get(listed)), items(view.document.get(listed))):
            name = inner(original, "name")
            if listed == "practitioners" and _plain(name) not in family:
                copy.update({"name": name} if name else {})
            elif letters := initials(name):
                copy["name"] = {"full": " ".join(letters)}
    return view


def initials(name: Record) -> list[str]:
    """Return the initials of a name."""
    given = text(name, "preferred") or " ".join(text(name, "given").split()[:1])
    family, full = text(name, "family"), text(name, "full")
    parts = [given, family] if given or family else full.split()
    return [part[0].upper() for part in parts if part]


def _plain(name: Record) -> str:
    parts = (text(name, "given"), text(name, "family"))
    return " ".join(filter(None, parts)).casefold() or text(name, "full").casefold()


def _pairs(originals: list[Any], copies: list[Any]) -> Iterator[tuple[Record, dict[str, Any]]]:
    """Yield each entry with its copy: by their order, or by their ids if some were left out."""
    if len(originals) == len(copies):
        pairs = list(zip(originals, copies, strict=True))
    else:
        by_id = {text(one, "id"): one for one in originals if isinstance(one, dict)}
        pairs = [(by_id.get(text(copy, "id")), copy) for copy in copies if isinstance(copy, dict)]
    for original, copy in pairs:
        if isinstance(original, dict) and isinstance(copy, dict):
            yield original, copy

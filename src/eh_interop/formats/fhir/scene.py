"""One record on its way to FHIR: its items, the ids of their resources, and who it is about."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from eh_interop.formats.fhir.names import resource_id
from eh_interop.formats.fhir.rules import Ready

Resource = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Item:
    """One thing in the record that a table makes a resource of.

    Attributes:
        value: the object in the record.
        place: its steps in the record.
        around: the objects that it stands in, the nearest first; the record is the last.
    """

    value: Mapping[str, Any]
    place: tuple[str | int, ...]
    around: tuple[Mapping[str, Any], ...] = ()


def items(record: Mapping[str, Any], each: tuple[str, ...]) -> Iterator[Item]:
    """Yield every item of a record at a path in which ``*`` means each entry."""
    found = [Item(record, ())]
    if each:
        parts = "/".join(each).split("/*/")
        for part in parts:
            found = [inner for item in found for inner in _inside(item, part.split("/"))]
    yield from found


def _inside(item: Item, names: list[str]) -> Iterator[Item]:
    value: Any = item.value
    for name in names:
        value = value.get(name)
        if value is None:
            return
    around = (item.value, *item.around)
    if isinstance(value, list):
        for number, each in enumerate(value):
            yield Item(each, (*item.place, *names, number), around)
    else:
        yield Item(value, (*item.place, *names), around)


class RecordScene:
    """The resources of one record by the items that they stand for."""

    def __init__(self, record: Mapping[str, Any], tables: tuple[Ready, ...]) -> None:
        """Name the resource of every item that others can refer to."""
        self.record = record
        self.key = str(record["recordId"])
        self._urls: dict[str, dict[str, str]] = {}
        self._items: dict[tuple[str, ...], list[Item]] = {}
        for ready in tables:
            if ready.table.main:
                for item in self.items(ready.each):
                    # The record, or an object that it has once, needs no id.
                    once = not item.place or isinstance(item.place[-1], str)
                    local_id = item.value.get("id", "" if once else None)
                    if local_id is not None:
                        url = self.id_of(ready.table.key, item)
                        named = self._urls.setdefault(next(iter(ready.each), ""), {})
                        named.setdefault(local_id, f"urn:uuid:{url}")
        self.form = f"urn:uuid:{self.own_id('form')}"
        self.children = list(self._urls.get("children", {}).values())
        self.subject = self._subject()

    def items(self, each: tuple[str, ...]) -> list[Item]:
        """Return every item of the record at a path."""
        known = self._items.get(each)
        if known is None:
            known = self._items[each] = list(items(self.record, each))
        return known

    def id_of(self, key: str, item: Item, child: str = "") -> str:
        """Return the id of the resource that a table makes of an item (and a child)."""
        place = "/".join(map(str, item.place))
        return resource_id(f"{self.key}/{key}/{place}/{child}")

    def own_id(self, key: str) -> str:
        """Return the id of a resource that the record has once, such as its Composition."""
        return resource_id(f"{self.key}/{key}")

    def _subject(self) -> str | None:
        """Return the child, or the Group of the children; None for a record about nobody."""
        if len(self.children) < 2:  # noqa: PLR2004 (one child is a Patient)
            return self.children[0] if self.children else None
        return f"urn:uuid:{self.own_id('children')}"

    def url(self, lists: tuple[str, ...], local_id: str) -> str | None:
        """Return the URL of the resource that stands for a member of one of these lists."""
        for name in lists:
            url = self._urls.get(name, {}).get(local_id)
            if url is not None:
                return url
        return None

    def main(self, item: Item) -> str | None:
        """Return the URL of the main resource of an item; the record itself is one, too."""
        if not item.place:
            return self.url(("",), "")
        return self.url((str(item.place[0]),), item.value.get("id", ""))

    def local_id(self, lists: tuple[str, ...], reference: str) -> str | None:
        """Return the local id of what a reference leads to, if it is in one of these lists."""
        for name in lists:
            for local_id, url in self._urls.get(name, {}).items():
                if url == reference:
                    return local_id
        return None

"""Which children the records of a pack are about, so that a consent can be compared with them."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from typing import Any, Final

import msgspec

from eh_interop.checks.across.identity import SIZE, RecordLinker, hashed, keys_of
from eh_interop.packs.parties import entries
from eh_interop.standard.model import Child, Name

_KEY_BYTES: Final = 32
_NUMBERS: Final = 3


class Everybody:
    """The children of all records: who is who. Nothing of them is kept but hashes."""

    def __init__(self, documents: Iterable[Mapping[str, Any]]) -> None:
        """Read the children of each record."""
        key = os.urandom(_KEY_BYTES)
        self._children = RecordLinker()
        self._mentions: list[dict[str, int]] = [
            {
                entry["id"]: self._children.add(_keys(document, entry, key))
                for entry in entries(document, "children")
                if isinstance(entry.get("id"), str)
            }
            for document in documents
        ]
        self._children.link_by_identifier()
        self._children.link_by_name()

    def of(self, number: int, local_ids: Iterable[str] = ()) -> frozenset[int]:
        """Return the children that local ids of a record mean; all of its children if none."""
        mentions = self._mentions[number]
        chosen = set(local_ids) or set(mentions)
        return frozenset(
            self._children.child(mention) for each, mention in mentions.items() if each in chosen
        )


def _keys(document: Mapping[str, Any], entry: Mapping[str, Any], key: bytes) -> bytes:
    try:
        child = msgspec.convert(entry, Child)
    except msgspec.ValidationError:
        return bytes(SIZE * (_NUMBERS + 2))
    return _unborn(document, child, key) if child.unborn else keys_of(child, key)


def _unborn(document: Mapping[str, Any], child: Child, key: bytes) -> bytes:
    """Tell by its mother who an unborn baby is: it has no name or number yet."""
    mother = next(
        (entry for entry in entries(document, "people") if entry.get("id") == child.mother), None
    )
    try:
        name = msgspec.convert(mother.get("name") if mother else None, Name)
    except msgspec.ValidationError:
        return keys_of(child, key)
    full = name.full or f"{name.given or ''} {name.family or ''}"
    return bytes(SIZE * _NUMBERS) + hashed(key, "mother", full) + hashed(key, "unborn")

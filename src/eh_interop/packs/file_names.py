"""Names of files in a pack: which ones the system of a computer made, and which may be told."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from typing import Final

from eh_interop.standard.code_lists import titles
from eh_interop.standard.schemas import load_standard

_OF_A_SYSTEM: Final = frozenset({".ds_store", "desktop.ini", "thumbs.db"})
_MAC_FOLDER: Final = "__macosx"
_MAC_FILE: Final = "._"
_OURS: Final = frozenset(
    {
        "bagit.txt",
        "bag-info.txt",
        "data/pack.json",
        "fetch.txt",
        "manifest-sha512.txt",
        "tagmanifest-sha512.txt",
    }
)
_NUMBERED: Final = re.compile(r"data/(records|attachments)/[0-9]{3}-([a-z-]{1,60})\.[a-z0-9]{1,5}")


def is_of_a_system(name: str) -> bool:
    """Return whether Windows or a Mac puts such a file into folders by itself."""
    steps = name.casefold().split("/")
    return steps[-1] in _OF_A_SYSTEM or steps[-1].startswith(_MAC_FILE) or _MAC_FOLDER in steps[:-1]


def shown(names: Iterable[str]) -> str:
    """Return the first of some names as it may be told; its place if it may hold anybody's name."""
    every = sorted(names)
    if not every:
        return ""
    first, more = every[0], len(every) - 1
    folder, _, _ = first.rpartition("/")
    where = f"in {folder}/" if folder in {"data", "data/records", "data/attachments"} else "there"
    name = first if may_be_told(first) else f"a file {where} whose name is not told here"
    return f"{name} and {more} more" if more else name


def may_be_told(name: str) -> bool:
    """Return whether a name is one that we give, or that says nothing about anybody."""
    if name in _OURS or is_of_a_system(name):
        return True
    numbered = _NUMBERED.fullmatch(name)
    return numbered is not None and numbered[2] in _kinds()


@cache
def _kinds() -> frozenset[str]:
    return frozenset({*titles("attachment-type"), *load_standard().record_types})

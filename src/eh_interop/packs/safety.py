"""What a pack is refused for: unsafe names of files, and limits on number and size.

Also which files the system of a computer made, and which names may be told.

Larger packs are refused before anything is unpacked.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import cache
from typing import Final, Never

from eh_interop.core.errors import UnreadableInputError
from eh_interop.core.findings import Finding
from eh_interop.standard.code_lists import titles
from eh_interop.standard.finding_codes import finding_code
from eh_interop.standard.schemas import load_standard

MEBIBYTE: Final = 1024 * 1024

MAX_FILES: Final = 1000
"""Files in a pack, with its own lists."""
MAX_FILE_BYTES: Final = 256 * MEBIBYTE
"""One file, unpacked."""
MAX_TOTAL_BYTES: Final = 1024 * MEBIBYTE
"""All files, unpacked; also the most that a zip file itself may take."""
MAX_RATIO: Final = 100
"""How many times larger than in the zip file a file may be, or all together, over ``SMALL``."""
SMALL: Final = MEBIBYTE
"""A file up to this size may be packed as tightly as it likes."""
MAX_LIST_BYTES: Final = 4 * MEBIBYTE
"""One of the pack's own lists, and the directory of a zip file."""

_LONGEST: Final = 240
_FORBIDDEN: Final = frozenset('\\:*?"<>|')
_DEVICES: Final = frozenset(
    {"aux", "clock$", "con", "conin$", "conout$", "nul", "prn"}
    | {f"{port}{number}" for port in ("com", "lpt") for number in range(10)}
)
_INVISIBLE: Final = frozenset({"Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp"})
"""Kinds of character that cannot be seen, or change the direction of what follows."""


class PackError(UnreadableInputError):
    """The pack is not whole, not safe, or not a pack. Nothing has been written.

    Attributes:
        finding: the same as a finding, for reports.
    """

    def __init__(self, finding: Finding) -> None:
        super().__init__(f"{finding.message} ({finding.code})")
        self.finding = finding


def refuse(code: str, message: str = "") -> Never:
    """Give up on a pack.

    Args:
        code: what was found; see ``schemas/1.0/findings/packs.csv``.
        message: a fixed sentence that says it more exactly. It never names a file: a
            name may hold that of a child.

    Raises:
        PackError: always.
    """
    raise PackError(finding_code(code).at(message=message))


def check_name(name: str) -> None:
    """Refuse a name that is not a plain relative path everywhere.

    A name is looked at as it stands and as it is read once look-alikes are replaced
    (NFKC): a full-width solidus must not become a path.

    Raises:
        PackError: it is absolute, leads upwards, names a drive or a device, is too long, or
            holds what Windows, a terminal or a person would read in another way.
    """
    if name != unicodedata.normalize("NFC", name):
        refuse("PCK-004", "A file in the pack has a name that is not in the usual form (NFC).")
    plain = unicodedata.normalize("NFKC", name)
    if plain.count("/") != name.count("/") or not (_is_plain(name) and _is_plain(plain)):
        refuse("PCK-002")


def _is_plain(name: str) -> bool:
    return (
        0 < len(name) <= _LONGEST
        and _FORBIDDEN.isdisjoint(name)
        and not any(unicodedata.category(letter) in _INVISIBLE for letter in name)
        and all(_is_plain_step(step) for step in name.split("/"))
    )


def _is_plain_step(step: str) -> bool:
    """Return whether a step means the same everywhere. ``.`` and ``..`` end in a dot."""
    return (
        bool(step)
        and step == step.strip()
        and not step.endswith(".")
        and step.partition(".")[0].casefold() not in _DEVICES
    )


def check_no_twins(names: Iterable[str]) -> None:
    """Refuse names of which two are the same on some computer, or to the eye.

    Raises:
        PackError: two are equal once capitals and look-alikes (NFKC) are set aside, or one
            is a file and the beginning of another one's path.
    """
    plain_names: set[str] = set()
    folders: dict[str, str] = {}
    for name in names:
        plain = _plain(name)
        if plain in plain_names:
            refuse("PCK-004")
        plain_names.add(plain)
        steps = name.split("/")
        for number in range(1, len(steps)):
            folder = "/".join(steps[:number])
            if folders.setdefault(_plain(folder), folder) != folder:
                refuse("PCK-004", "Two folders in the pack have names that look the same.")
    if not plain_names.isdisjoint(folders):
        refuse("PCK-004", "One name in the pack is both a file and a folder.")


def _plain(name: str) -> str:
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", name).casefold())


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
    if name in _OURS:
        return True
    numbered = _NUMBERED.fullmatch(name)
    return numbered is not None and numbered[2] in _kinds()


@cache
def _kinds() -> frozenset[str]:
    return frozenset({*titles("attachment-type"), *load_standard().record_types})

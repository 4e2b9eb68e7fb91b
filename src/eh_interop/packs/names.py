"""Names of files in a pack: which are safe on every computer, and which are really the same."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from typing import Final

from eh_interop.packs.faults import refuse

_LONGEST: Final = 240
_FORBIDDEN: Final = frozenset('\\:*?"<>|')
_DEVICES: Final = frozenset(
    {"aux", "con", "nul", "prn"}
    | {f"{port}{number}" for port in ("com", "lpt") for number in range(10)}
)
_INVISIBLE: Final = frozenset({"Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp"})
"""Kinds of character that cannot be seen, or change the direction of what follows."""


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
        and not any(unicodedata.category(each) in _INVISIBLE for each in name)
        and all(_is_plain_step(step) for step in name.split("/"))
    )


def _is_plain_step(step: str) -> bool:
    """Tell whether one step of a path means the same everywhere. ``.`` and ``..`` end in a dot."""
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
    seen: set[str] = set()
    for name in names:
        plain = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", name).casefold())
        if plain in seen:
            refuse("PCK-004")
        seen.add(plain)
    for name in seen:
        steps = name.split("/")
        if any("/".join(steps[:number]) in seen for number in range(1, len(steps))):
            refuse("PCK-004", "One name in the pack is both a file and a folder.")

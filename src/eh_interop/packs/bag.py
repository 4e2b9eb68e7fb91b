"""A BagIt bag (RFC 8493), read: every file is there, is listed, and is as it was.

The Library of Congress ``bagit`` library reads folders only, so a hostile zip file would
have to be unpacked before it could be looked at, and it changes the working directory of
the whole process. The tests use it to show that our packs are bags for others.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from eh_interop.packs.faults import refuse
from eh_interop.packs.limits import MAX_FILE_BYTES, MAX_LIST_BYTES
from eh_interop.packs.members import Members, members
from eh_interop.packs.names import check_name, check_no_twins

MANIFEST: Final = "manifest-sha512.txt"
TAG_MANIFEST: Final = "tagmanifest-sha512.txt"
PAYLOAD: Final = "data/"
_DECLARATION: Final = re.compile(
    rb"BagIt-Version: (0\.97|1\.0)\r?\nTag-File-Character-Encoding: UTF-8(\r?\n)?"
)
_LINE: Final = re.compile(r"([0-9A-Fa-f]+)[ \t]+\*?(.+)")
_DIGEST: Final = re.compile(r"[0-9A-Fa-f]{128}")
_ESCAPED: Final = {"%0A": "\n", "%0D": "\r", "%25": "%"}
_CHUNK: Final = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Bag:
    """A bag whose files are all there, listed and unchanged.

    Attributes:
        digests: the SHA-512 fingerprint of each file, by its path, with the lists themselves.
    """

    digests: Mapping[str, str]
    _members: Members = field(repr=False)

    @property
    def sizes(self) -> Mapping[str, int]:
        """The size of each file in bytes. Reading has shown that it is so."""
        return self._members.sizes

    def read(self, name: str, most: int = MAX_FILE_BYTES) -> bytes:
        """Read one file again. What was changed since it was looked at is refused.

        Raises:
            PackError: it is larger than ``most`` bytes, or has changed.
        """
        data = b"".join(chunks(self._members, name, most))
        if not hmac.compare_digest(hashlib.sha512(data).hexdigest(), self.digests[name]):
            refuse("PCK-008")
        return data


@contextmanager
def opened_bag(path: Path) -> Iterator[Bag]:
    """Open a bag and look at every byte of it.

    Raises:
        PackError: it is not a bag, not safe, not whole or not unchanged.
    """
    with members(path) as held:
        yield Bag(_verified(held), held)


def chunks(held: Members, name: str, most: int = MAX_FILE_BYTES) -> Iterator[bytes]:
    """Yield a file piece by piece, and stop when it grows beyond what it said or may be."""
    left = min(most, held.sizes[name])
    with held.open(name) as file:
        while piece := file.read(_CHUNK):
            left -= len(piece)
            if left < 0:
                refuse("PCK-005", "A file in the pack is larger than it says or may be.")
            yield piece


def _verified(held: Members) -> dict[str, str]:
    names = set(held.sizes)
    _check_kind(held, names)
    listed, tags = _list(held, MANIFEST), _list(held, TAG_MANIFEST)
    if any(not each.startswith(PAYLOAD) for each in listed):
        refuse("PCK-013", "The pack's list of its contents names what is not its contents.")
    if any(tag.startswith(PAYLOAD) for tag in tags):
        refuse("PCK-013", "The pack's list of its own lists names what is not one of them.")
    known = {**listed, **tags}
    if known.keys() - names:
        refuse("PCK-006")
    if names - known.keys() - {TAG_MANIFEST}:
        refuse("PCK-007")
    found = {name: _digest(held, name) for name in sorted(names)}
    for name, digest in known.items():
        if not hmac.compare_digest(found[name], digest.lower()):
            refuse("PCK-008")
    return found


def _check_kind(held: Members, names: set[str]) -> None:
    if not _DECLARATION.fullmatch(_tag(held, "bagit.txt")):
        refuse("PCK-001", "This is not a pack: bagit.txt does not say that it is a BagIt bag.")
    if "fetch.txt" in names:
        refuse("PCK-006", "The pack leaves files to be fetched from elsewhere. A pack is whole.")
    kinds = {name for name in names if re.fullmatch(r"(tag)?manifest-[^/]+\.txt", name)}
    if MANIFEST not in kinds or TAG_MANIFEST not in kinds or len(kinds) > 2:  # noqa: PLR2004 (these two)
        refuse("PCK-009")


def _tag(held: Members, name: str) -> bytes:
    return b"".join(chunks(held, name, MAX_LIST_BYTES))


def _list(held: Members, name: str) -> dict[str, str]:
    """Read one of the pack's lists of files."""
    found: dict[str, str] = {}
    try:
        lines = _tag(held, name).decode().splitlines()
    except UnicodeDecodeError:
        refuse("PCK-013")
    for line in filter(None, lines):
        match = _LINE.fullmatch(line)
        if match is None:
            refuse("PCK-013")
        digest, path = (
            match[1],
            re.sub("%0[AaDd]|%25", lambda each: _ESCAPED[each[0].upper()], match[2]),
        )
        if not _DIGEST.fullmatch(digest):
            refuse("PCK-009")
        check_name(path)
        if path in found:
            refuse("PCK-004", "The pack lists a file twice.")
        found[path] = digest
    check_no_twins(found)
    return found


def _digest(held: Members, name: str) -> str:
    digest = hashlib.sha512()
    for piece in chunks(held, name):
        digest.update(piece)
    return digest.hexdigest()

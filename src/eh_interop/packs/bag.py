"""A BagIt bag (RFC 8493): verified when it is read, and written as a folder or a zip file.

Reading shows that every file is there, is listed, and is as it was. Writing the same
contents always gives the same bytes: files in the order of their names, no times, and no
compression, whose result differs between computers.

The Library of Congress ``bagit`` library reads folders only, so a hostile zip file would
have to be unpacked before it could be looked at, and it changes the working directory of
the whole process. The tests use it to show that our packs are bags for others.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import IO, Final

from eh_interop.core.atomic import new_folder
from eh_interop.core.findings import Finding
from eh_interop.packs.pack_files import PackFiles, opened_files
from eh_interop.packs.safety import (
    MAX_FILE_BYTES,
    MAX_LIST_BYTES,
    check_name,
    check_no_twins,
    is_of_a_system,
    refuse,
    shown,
)
from eh_interop.standard.finding_codes import finding_code

MANIFEST: Final = "manifest-sha512.txt"
TAG_MANIFEST: Final = "tagmanifest-sha512.txt"
PAYLOAD: Final = "data/"
INFORMATION: Final = "bag-info.txt"
_OXUM: Final = re.compile(
    r"^Payload-Oxum:[ \t]*([0-9]{1,15})\.([0-9]{1,9})[ \t]*\r?$", re.MULTILINE
)
_DECLARATION: Final = b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"
_ACCEPTED_DECLARATION: Final = re.compile(
    rb"BagIt-Version: (0\.97|1\.0)\r?\nTag-File-Character-Encoding: UTF-8(\r?\n)?"
)
_LINE: Final = re.compile(r"([0-9A-Fa-f]+)[ \t]+\*?(.+)")
_DIGEST: Final = re.compile(r"[0-9A-Fa-f]{128}")
_ESCAPED: Final = {"%0A": "\n", "%0D": "\r", "%25": "%"}
_CHUNK: Final = 1024 * 1024
_PLAIN_FILE: Final = 0o100644 << 16
_BEGINNING: Final = (1980, 1, 1, 0, 0, 0)

Files = Mapping[str, bytes]
"""The contents of a file by its path in the bag."""


@dataclass(frozen=True, slots=True)
class Bag:
    """A bag whose files are all there, listed and unchanged.

    Attributes:
        digests: the SHA-512 fingerprint of each file, by its path, with the lists themselves.
        notes: what is said of it that keeps nobody from using it.
    """

    digests: Mapping[str, str]
    notes: tuple[Finding, ...]
    _files: PackFiles = field(repr=False)

    @property
    def sizes(self) -> Mapping[str, int]:
        """The size of each file in bytes. Reading has shown that it is so."""
        return self._files.sizes

    def read(self, name: str, most: int = MAX_FILE_BYTES) -> bytes:
        """Read one file again. What was changed since it was looked at is refused.

        Raises:
            PackError: it is larger than ``most`` bytes, or has changed.
        """
        data = b"".join(chunks(self._files, name, most))
        if not hmac.compare_digest(hashlib.sha512(data).hexdigest(), self.digests[name]):
            refuse("PCK-008")
        return data


@contextmanager
def opened_bag(path: Path) -> Iterator[Bag]:
    """Open a bag and look at every byte of it.

    Raises:
        PackError: it is not a bag, not safe, not whole or not unchanged.
    """
    with opened_files(path) as files:
        yield Bag(_verified(files), tuple(_notes(files)), files)


def chunks(files: PackFiles, name: str, most: int = MAX_FILE_BYTES) -> Iterator[bytes]:
    """Yield a file piece by piece, and stop when it grows beyond what it said or may be."""
    left = min(most, files.sizes[name])
    with files.open(name) as file:
        while piece := file.read(_CHUNK):
            left -= len(piece)
            if left < 0:
                refuse("PCK-005", "A file in the pack is larger than it says or may be.")
            yield piece


def _verified(files: PackFiles) -> dict[str, str]:
    names = set(files.sizes)
    _check_kind(files, names)
    listed, tags = _list(files, MANIFEST), _list(files, TAG_MANIFEST)
    if not all(name.startswith(PAYLOAD) for name in listed):
        refuse("PCK-013", "manifest-sha512.txt lists a file that is not below data/.")
    if any(tag.startswith(PAYLOAD) for tag in tags):
        refuse("PCK-013", "tagmanifest-sha512.txt lists a file that is not a tag file.")
    stated = {**listed, **tags}
    stated = {name: digest for name, digest in stated.items() if not is_of_a_system(name)}
    if lost := stated.keys() - names:
        refuse("PCK-006", f"The pack lists a file that is not in it: {shown(lost)}.")
    if added := names - stated.keys() - {TAG_MANIFEST}:
        refuse("PCK-007", f"The pack holds a file that it does not list: {shown(added)}.")
    digests = {name: _digest(files, name) for name in sorted(names)}
    for name, digest in stated.items():
        if not hmac.compare_digest(digests[name], digest.lower()):
            changed = f"A file in the pack is not as it was when it was made: {shown([name])}."
            refuse("PCK-008", changed)
    return digests


def _notes(files: PackFiles) -> Iterator[Finding]:
    """Yield what is said of a bag that can be used all the same."""
    if files.passed_over:
        yield finding_code("PCK-015").at()
    if INFORMATION in files.sizes:
        oxum = _OXUM.search(_tag(files, INFORMATION).decode(errors="replace"))
        payload = [size for name, size in files.sizes.items() if name.startswith(PAYLOAD)]
        if oxum and (int(oxum[1]), int(oxum[2])) != (sum(payload), len(payload)):
            yield finding_code("PCK-016").at()


def _check_kind(files: PackFiles, names: set[str]) -> None:
    if not _ACCEPTED_DECLARATION.fullmatch(_tag(files, "bagit.txt")):
        refuse("PCK-001", "This is not a pack: bagit.txt does not say that it is a BagIt bag.")
    if "fetch.txt" in names:
        refuse("PCK-006", "The pack leaves files to be fetched from elsewhere. A pack is whole.")
    kinds = {name for name in names if re.fullmatch(r"(tag)?manifest-[^/]+\.txt", name)}
    if MANIFEST not in kinds or TAG_MANIFEST not in kinds or len(kinds) > 2:  # noqa: PLR2004 (these two)
        refuse("PCK-009")


def _tag(files: PackFiles, name: str) -> bytes:
    return b"".join(chunks(files, name, MAX_LIST_BYTES))


def _list(files: PackFiles, name: str) -> dict[str, str]:
    """Read one of the pack's lists of files."""
    digests: dict[str, str] = {}
    try:
        # A line ends with LF or CRLF, and nothing else that some systems take for its end.
        lines = re.split(r"\r?\n", _tag(files, name).decode())
    except UnicodeDecodeError:
        refuse("PCK-013")
    for line in filter(None, lines):
        match = _LINE.fullmatch(line)
        if match is None:
            refuse("PCK-013")
        digest = match[1]
        path = re.sub("%0[AaDd]|%25", lambda code: _ESCAPED[code[0].upper()], match[2])
        if not _DIGEST.fullmatch(digest):
            refuse("PCK-009")
        check_name(path)
        if path in digests:
            refuse("PCK-004", "The pack lists a file twice.")
        digests[path] = digest
    check_no_twins(digests)
    return digests


def _digest(files: PackFiles, name: str) -> str:
    digest = hashlib.sha512()
    for piece in chunks(files, name):
        digest.update(piece)
    return digest.hexdigest()


def bag_files(payload: Files, on: date) -> dict[str, bytes]:
    """Add to the contents what makes a bag of them.

    Args:
        payload: files below ``data/``.
        on: the day on which the pack is made.
    """
    size = sum(map(len, payload.values()))
    information = (
        "BagIt-Profile-Identifier: https://w3id.org/eh-interop/1.0/pack.schema.json\n"
        "Bag-Software-Agent: eh-interop\n"
        f"Bagging-Date: {on.isoformat()}\n"
        f"Payload-Oxum: {size}.{len(payload)}\n"
    ).encode()
    if not all(name.startswith(PAYLOAD) for name in payload):
        raise ValueError("what a bag holds is below data/")
    tags = {INFORMATION: information, "bagit.txt": _DECLARATION, MANIFEST: _listed(payload)}
    return {**payload, **tags, TAG_MANIFEST: _listed(tags)}


def _listed(files: Files) -> bytes:
    return "".join(
        f"{hashlib.sha512(files[name]).hexdigest()}  {name}\n" for name in sorted(files)
    ).encode()


def write_zip(files: Files, file: IO[bytes], top: str) -> None:
    """Write a zip file whose only folder is the bag.

    Args:
        files: the contents.
        file: where to write.
        top: the name of the folder.
    """
    with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as archive:
        for name in sorted(files):
            info = zipfile.ZipInfo(f"{top}/{name}", _BEGINNING)
            info.external_attr = _PLAIN_FILE
            info.create_system = 3
            archive.writestr(info, files[name])


def write_folder(files: Iterable[tuple[str, bytes]], target: Path) -> None:
    """Write files, one at a time, below a folder that does not exist yet.

    Raises:
        OutputError: there is something already, or it cannot be written.
    """
    with new_folder(target) as folder:
        for name, data in files:
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)

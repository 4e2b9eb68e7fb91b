"""Writing a pack: a folder or a zip file that is there whole or not at all.

The same contents always give the same bytes: files in the order of their names, no
times, and no compression, whose result differs between computers.
"""

from __future__ import annotations

import hashlib
import shutil
import tempfile
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import IO, Final

from eh_interop.core.errors import UnreadableInputError
from eh_interop.packs.bag import MANIFEST, PAYLOAD, TAG_MANIFEST

_DECLARATION: Final = b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"
_PLAIN_FILE: Final = 0o100644 << 16
_BEGINNING: Final = (1980, 1, 1, 0, 0, 0)

Files = Mapping[str, bytes]
"""The contents of a file by its path in the bag."""


def bag_files(payload: Files, on: date) -> dict[str, bytes]:
    """Add to the contents what makes a bag of them.

    Args:
        payload: files below ``data/``.
        on: the day on which the pack is made.
    """
    size = sum(len(each) for each in payload.values())
    information = (
        "BagIt-Profile-Identifier: https://w3id.org/eh-interop/1.0/pack.schema.json\n"
        "Bag-Software-Agent: eh-interop\n"
        f"Bagging-Date: {on.isoformat()}\n"
        f"Payload-Oxum: {size}.{len(payload)}\n"
    ).encode()
    if any(not each.startswith(PAYLOAD) for each in payload):
        raise ValueError("what a bag holds is below data/")
    tags = {
        "bag-info.txt": information,
        "bagit.txt": _DECLARATION,
        MANIFEST: _listed(payload),
    }
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
        UnreadableInputError: there is something already, or it cannot be written.
    """
    with _beside(target, "bag") as folder:
        folder.mkdir()
        for name, data in files:
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)


@contextmanager
def new_file(target: Path) -> Iterator[IO[bytes]]:
    """Open a file that appears under its name only when all of it has been written.

    Raises:
        UnreadableInputError: there is something already, or it cannot be written.
    """
    with _beside(target, "pack") as path, path.open("xb") as file:
        yield file


@contextmanager
def _beside(target: Path, name: str) -> Iterator[Path]:
    """Give a path in a hidden folder beside the target; what is made there moves into place."""
    if target.exists() or target.is_symlink():
        raise UnreadableInputError(
            "There is a file or folder of that name already. Please choose another name."
        )
    try:
        temporary = Path(tempfile.mkdtemp(dir=target.absolute().parent, prefix=".eh-interop-pack-"))
    except OSError as problem:
        raise UnreadableInputError(f"It cannot be written there: {problem.strerror}.") from None
    try:
        yield temporary / name
        # A rename on one disk happens whole or not at all.
        (temporary / name).rename(target)
    except OSError as problem:
        raise UnreadableInputError(f"It cannot be written there: {problem.strerror}.") from None
    finally:
        shutil.rmtree(temporary, ignore_errors=True)

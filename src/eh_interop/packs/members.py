"""The files of a pack, from a folder or a zip file: checked by name and size before any is read."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from eh_interop.packs.faults import refuse
from eh_interop.packs.folders import folder_files
from eh_interop.packs.limits import MAX_FILE_BYTES, MAX_FILES, MAX_TOTAL_BYTES
from eh_interop.packs.names import check_name, check_no_twins
from eh_interop.packs.zips import opened_zip

Open = Callable[[str], AbstractContextManager[IO[bytes]]]


@dataclass(frozen=True, slots=True)
class Members:
    """The files of a bag, by their path in it.

    Attributes:
        sizes: how large each file says that it is.
        open: opens one of them. Whoever reads counts the bytes: a file can lie about its size.
    """

    sizes: Mapping[str, int]
    open: Open = field(repr=False)


@contextmanager
def members(path: Path) -> Iterator[Members]:
    """Open a folder or a zip file.

    Raises:
        PackError: it is neither, or holds what a pack may not hold.
    """
    if path.is_dir():
        sizes, open_one = folder_files(path)
        yield _checked(sizes, open_one)
        return
    with opened_zip(path) as (sizes, open_one):
        yield _checked(sizes, open_one)


def _checked(sizes: Mapping[str, int], open_one: Open) -> Members:
    if len(sizes) > MAX_FILES or sum(sizes.values()) > MAX_TOTAL_BYTES:
        refuse("PCK-005")
    if max(sizes.values(), default=0) > MAX_FILE_BYTES:
        refuse("PCK-005")
    for name in sizes:
        check_name(name)
    check_no_twins(sizes)
    if "bagit.txt" not in sizes:
        refuse("PCK-001", "This is not a pack: there is no bagit.txt in it.")
    return Members(sizes, open_one)

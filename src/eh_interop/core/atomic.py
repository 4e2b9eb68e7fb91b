"""Files and folders that appear whole or not at all, and files that have no name.

What is written stands under a hidden name beside its target and moves into place at the end, which
happens whole or not at all on one disk. If anything goes wrong, nothing is left behind.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any, Final

from eh_interop.core.errors import OutputError


@contextmanager
def output_errors(target: Path | str, hint: str = "") -> Iterator[None]:
    """Turn what the system says while something is written into a sentence.

    Args:
        target: what is being written, as the person named it.
        hint: a further sentence that says what to do.

    Raises:
        OutputError: it cannot be written.
    """
    try:
        yield
    except OSError as problem:
        reason = problem.strerror or "the system refused"
        raise OutputError(f"{target} cannot be written: {reason}. {hint}".rstrip()) from None


@contextmanager
def new_file(target: Path) -> Iterator[IO[bytes]]:
    """Open a file that appears under its name only when all of it has been written.

    Raises:
        OutputError: there is something of that name already, or it cannot be written.
    """
    with _beside(target) as path, path.open("xb") as file:
        yield file


@contextmanager
def new_folder(target: Path) -> Iterator[Path]:
    """Give a folder to fill that appears under its name only when it is full.

    Raises:
        OutputError: there is something of that name already, or it cannot be written.
    """
    with _beside(target) as path:
        path.mkdir()
        yield path


@contextmanager
def replaced_file(target: Path, mode: str = "wb", **options: Any) -> Iterator[IO[Any]]:
    """Open a file that takes the place of another only when all of it has been written.

    Args:
        target: the file; it need not exist.
        mode: as for :func:`open`.
        options: as for :func:`open`, such as ``encoding``.

    Raises:
        OutputError: it cannot be written.
    """
    with output_errors(target):
        handle, name = tempfile.mkstemp(dir=target.absolute().parent, prefix=f".{target.name}.")
        temporary = Path(name)
        try:
            with os.fdopen(handle, mode, **options) as file:
                yield file
            temporary.replace(target)
        finally:
            temporary.unlink(missing_ok=True)


@contextmanager
def replaced_files(folder: Path) -> Iterator[Path]:
    """Give a folder for drafts. Its files move into the real one when all of them are written.

    Files of the same names are replaced. The folder has to be there.

    Raises:
        OSError: a file cannot be written. What was there is untouched.
    """
    with tempfile.TemporaryDirectory(dir=folder, prefix=".writing-") as name:
        yield Path(name)
        for draft in sorted(Path(name).iterdir()):
            draft.replace(folder / draft.name)


@contextmanager
def replaced_folder(target: Path) -> Iterator[Path]:
    """Give a folder to fill that takes the place of another, as a whole, when it is full.

    Raises:
        OutputError: it cannot be written.
    """
    with output_errors(target):
        target.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=target.parent, prefix=f".{target.name}.") as hidden:
            fresh = Path(hidden) / target.name
            fresh.mkdir()
            yield fresh
            if target.exists():
                target.rename(Path(hidden) / "old")
            fresh.rename(target)


@contextmanager
def _beside(target: Path) -> Iterator[Path]:
    if target.exists() or target.is_symlink():
        raise OutputError(
            "There is a file or folder of that name already. Please choose another name."
        )
    with output_errors(target):
        hidden = Path(tempfile.mkdtemp(dir=target.absolute().parent, prefix=f".{target.name}."))
        try:
            yield hidden / target.name
            (hidden / target.name).rename(target)
        finally:
            shutil.rmtree(hidden, ignore_errors=True)


_DESCRIPTORS: Final = "/dev/fd"


@contextmanager
def nameless_file() -> Iterator[tuple[IO[bytes], Path]]:
    """Give a file to write to, and a path at which it can be read as long as the block runs.

    Whoever writes has to flush before anybody reads. Where the system has no files without a name,
    it has one and is removed at the end.

    Raises:
        OSError: there is no room for it.
    """
    if Path(_DESCRIPTORS).is_dir():
        with tempfile.TemporaryFile() as file:
            yield file, Path(_DESCRIPTORS, str(file.fileno()))
    else:
        with tempfile.TemporaryDirectory(prefix="eh-interop-") as folder:
            path = Path(folder, "file")
            with path.open("wb") as file:
                yield file, path

"""Writing a folder of results so that it can be stopped at any moment and gone on with.

Everything is written into a hidden folder beside the results. A journal there says how
many records are done and how long each shared file is; what was written after it is
cut off when the work goes on. At the end everything is moved into place, and the
manifest last: a folder with a manifest is complete.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping
from contextlib import AbstractContextManager, ExitStack
from pathlib import Path
from typing import Any, BinaryIO, Final

import orjson

from eh_interop.core.atomic import output_errors
from eh_interop.core.errors import OutputError
from eh_interop.sources.own_files import MANIFEST, is_sidecar_name

_PARTIAL: Final = ".partial"
_JOURNAL: Final = "journal.json"
_FILES: Final = "files"


class Staging:
    """The results of one run, on their way to a folder."""

    def __init__(self, out: Path, plan: Mapping[str, Any], *, resume: bool) -> None:
        """Begin, or go on where an earlier run was stopped.

        Args:
            out: the folder for the results. It may hold other files.
            plan: what is done, to what and how: a run goes on only with the same plan.
            resume: go on with an earlier run, if there is one with this plan.

        Raises:
            OutputError: the folder cannot be written, or an earlier run is there that must be
                gone on with or removed.
        """
        self.out, self.plan = out, dict(plan)
        self._at = out / _PARTIAL
        self._files: dict[str, BinaryIO] = {}
        self.tally: dict[str, Any] = {}
        self.done = 0
        with self.output_errors():
            out.mkdir(parents=True, exist_ok=True)
            journal = self._journal() if self._at.exists() else None
            if journal is not None and resume and self._can_go_on(journal):
                self._go_on(journal)
            else:
                self._begin(journal, resume=resume)

    def _journal(self) -> dict[str, Any] | None:
        try:
            known: dict[str, Any] = orjson.loads((self._at / _JOURNAL).read_bytes())
        except (FileNotFoundError, orjson.JSONDecodeError):
            return None
        return known

    def _begin(self, journal: dict[str, Any] | None, *, resume: bool) -> None:
        if journal is not None and journal["plan"] != self.plan and resume:
            raise OutputError(
                f"{self.out}: what was begun here was another conversion (other files, other "
                "options, or another version). Give the same, or leave out --resume."
            )
        if self._at.exists():
            shutil.rmtree(self._at)
        self._at.mkdir()
        self.checkpoint(0, {})

    def _can_go_on(self, journal: Mapping[str, Any]) -> bool:
        """Tell whether the journal fits. A run stopped while it moved its files begins anew."""
        there = all((self._at / name).exists() for name in journal["sizes"])
        return journal["plan"] == self.plan and there

    def _go_on(self, journal: Mapping[str, Any]) -> None:
        self.done, self.tally = journal["done"], journal["counts"]
        for path in self._at.iterdir():
            if path.name in journal["sizes"]:
                os.truncate(path, journal["sizes"][path.name])
            elif path.name != _JOURNAL and path.is_file():
                path.unlink()
        if not self.done:
            shutil.rmtree(self._at / _FILES, ignore_errors=True)

    def append(self, name: str, data: bytes) -> None:
        """Add to a file that all records share.

        Raises:
            OutputError: it cannot be written: the disk is full, for example.
        """
        with self.output_errors():
            file = self._files.get(name)
            if file is None:
                file = self._files[name] = (self._at / name).open("ab")
            file.write(data)

    def head(self, name: str, size: int) -> bytes:
        """Return the first bytes of a file that all records share; none if it has not begun.

        Raises:
            OutputError: it cannot be written or read.
        """
        with self.output_errors():
            if name in self._files:
                self._files[name].flush()
            path = self._at / name
            if not path.exists():
                return b""
            with path.open("rb") as file:
                return file.read(size)

    def folder(self) -> Path:
        """Return a folder for files that one record or the whole run makes."""
        with self.output_errors():
            folder = self._at / _FILES
            folder.mkdir(exist_ok=True)
        return folder

    def write(self, name: str, data: bytes) -> None:
        """Write a file of its own. The same name again replaces it.

        Raises:
            OutputError: it cannot be written.
        """
        folder = self.folder()
        with self.output_errors():
            (folder / name).write_bytes(data)

    def checkpoint(self, done: int, tally: Mapping[str, Any]) -> None:
        """Note in the journal that so many records are done. What is noted is safe on the disk.

        Raises:
            OutputError: it cannot be written.
        """
        with self.output_errors():
            for file in self._files.values():
                file.flush()
                os.fsync(file.fileno())
            sizes = {name: file.tell() for name, file in self._files.items()}
            known = {
                path.name: path.stat().st_size for path in self._at.iterdir() if path.is_file()
            }
            known.pop(_JOURNAL, None)
            journal = {
                "plan": self.plan,
                "done": done,
                "counts": tally,
                "sizes": {**known, **sizes},
            }
            beside = self._at / f"{_JOURNAL}.new"
            with beside.open("wb") as file:
                file.write(orjson.dumps(journal))
                file.flush()
                os.fsync(file.fileno())
            beside.replace(self._at / _JOURNAL)
        self.done = done

    def finish(self, manifest: Mapping[str, Any]) -> list[str]:
        """Move everything into place, the manifest last. Return the names of the files.

        Args:
            manifest: what is said of the whole run.
                Files that tell of an earlier run in this folder are removed: they would be taken
                for what this one found.

        Raises:
            OutputError: it cannot be written.
        """
        with self.output_errors():
            for file in self._files.values():
                file.close()
            made = [path for path in self._at.iterdir() if path.is_file()]
            made = [path for path in made if not path.name.startswith(_JOURNAL)]
            if (self._at / _FILES).exists():
                made += [path for path in (self._at / _FILES).rglob("*") if path.is_file()]
            for path in self.out.iterdir():
                if path.is_file() and is_sidecar_name(path.name):
                    path.unlink()
            for path in made:
                path.replace(self.out / path.name)
            last = self.out / f".{MANIFEST}"
            last.write_bytes(orjson.dumps(manifest, option=orjson.OPT_INDENT_2) + b"\n")
            last.replace(self.out / MANIFEST)
            shutil.rmtree(self._at)
        return sorted(path.name for path in made)

    def close(self) -> None:
        """Let go of open files. What the journal does not know will be made again.

        Raises:
            OutputError: what was left to write cannot be written.
        """
        with self.output_errors(), ExitStack() as stack:
            for file in self._files.values():
                stack.callback(file.close)

    def output_errors(self) -> AbstractContextManager[None]:
        """Turn what the system says while something is written there into a sentence."""
        return output_errors(self.out, "What was written is kept; go on with --resume.")

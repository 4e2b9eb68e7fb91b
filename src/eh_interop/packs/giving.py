"""What was given for a pack: the records and papers, read, and who is to get them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final

from eh_interop.core.errors import UnreadableInputError
from eh_interop.packs.contents import Held, parts
from eh_interop.packs.limits import MAX_FILE_BYTES, MAX_FILES
from eh_interop.reading import SourceRecord, read_path
from eh_interop.standard.areas import Area
from eh_interop.standard.model import Attachment
from eh_interop.standard.pack_kinds import PackKind
from eh_interop.standard.schemas import load_standard


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What somebody asks for when a pack is to be built.

    Attributes:
        records: files with one record each.
        papers: other files, with the type of each; codes of ``attachment-type``.
        kind: what kind of pack.
        to: the recipient, by local id or name.
        purposes: what it is shared for; by default what the kind of pack is for.
        area: whose guidance to use; by default that of the main record.
        minimise: leave out what the recipient does not need.
        on: the day on which it is shared.
    """

    records: tuple[Path, ...]
    papers: tuple[tuple[str, Path], ...]
    kind: PackKind
    to: str
    purposes: tuple[str, ...] = ()
    area: Area | None = None
    minimise: bool = False
    on: date


@dataclass(frozen=True, slots=True)
class Given:
    """A paper as it was given.

    Attributes:
        type: what kind of paper it is.
        suffix: how its file name ends, such as ``.pdf``.
        data: what is in it.
        listed: what the main record says of it.
    """

    type: str
    suffix: str
    data: bytes
    listed: Attachment | None = None


_LONGEST_SUFFIX: Final = 10


def read_given_records(paths: Iterable[Path]) -> list[SourceRecord]:
    """Read the records for a pack.

    Raises:
        UnreadableInputError: a file cannot be read as records of the standard.
    """
    known = load_standard().record_types
    found: list[SourceRecord] = []
    for path in paths:
        for raw in read_path(path, str(path)):
            kind = (raw.document or {}).get("recordType")
            if kind not in known:
                what = raw.findings[0].message if raw.findings else "It is no record."
                raise UnreadableInputError(f"{path} cannot go into a pack. {what}")
            found.append(raw)
    if len(found) > MAX_FILES:
        raise UnreadableInputError(f"A pack holds at most {MAX_FILES} files.")
    return found


def read_given_papers(papers: Iterable[tuple[str, Path]], main: Mapping[str, Any]) -> list[Given]:
    """Read the other papers, and find each on the main record's list of documents.

    A paper is the document of its type that is said to be attached and has its file name,
    or else the first of its type that no other paper is. A document that has the number of
    a record is that record.

    Raises:
        UnreadableInputError: a file cannot be read, or is too large.
    """
    left = [part for part in parts(main, "attachments", Attachment) if part.status == "attached"]
    found = []
    for kind, path in papers:
        of_kind = [each for each in left if each.type == kind]
        named = [each for each in of_kind if each.file_name == path.name]
        listed = next(iter(named or of_kind), None)
        if listed:
            left.remove(listed)
        found.append(Given(kind, _suffix(path), _read(path), listed))
    return found


def _suffix(path: Path) -> str:
    """Return the end of a file name if it is a plain one; the rest may hold a name."""
    suffix = path.suffix.lower()
    plain = suffix[1:].isascii() and suffix[1:].isalnum() and len(suffix) <= _LONGEST_SUFFIX
    return suffix if plain else ""


def _read(path: Path) -> bytes:
    try:
        if path.stat().st_size > MAX_FILE_BYTES:
            raise UnreadableInputError(f"{path} is too large for a pack.")
        return path.read_bytes()
    except OSError as problem:
        raise UnreadableInputError(f"{path} cannot be read: {problem.strerror}.") from None


def main_of(raws: Iterable[SourceRecord], kind: PackKind) -> SourceRecord | None:
    """Return the record that a pack is about: the first of the type that its kind is for."""
    return next(
        (raw for raw in raws if (raw.document or {}).get("recordType") == kind.record), None
    )


def held_at(raws: Iterable[SourceRecord], prefix: str) -> tuple[Held, ...]:
    """Give each record a path of its own, made of what it is and not of its file's name."""
    return tuple(
        Held(f"{prefix}{number:03d}-{(raw.document or {}).get('recordType')}.json", raw)
        for number, raw in enumerate(raws, 1)
    )

"""A pack that was received: safe to open, whole, unaltered, and as it says of itself."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any

from eh_interop.packs.bag import Bag, opened_bag
from eh_interop.packs.contents import Contents, Held, Paper
from eh_interop.packs.description import PLACE, Description, read_description, read_records
from eh_interop.packs.encryption import decrypted
from eh_interop.packs.faults import PackError
from eh_interop.packs.judging import Judgement, judge
from eh_interop.packs.parties import Party
from eh_interop.packs.scope import Scope
from eh_interop.packs.writing import write_folder
from eh_interop.reading import SourceRecord
from eh_interop.standard.areas import Area
from eh_interop.standard.pack_kinds import pack_kinds


@dataclass(frozen=True, slots=True)
class Pack:
    """A pack that can be relied on to be whole.

    Attributes:
        source: what it was opened as.
        description: what ``data/pack.json`` says.
        records: the records by their path in the bag.
        bag: its files.
    """

    source: str
    description: Description = field(repr=False)
    records: Mapping[str, SourceRecord] = field(repr=False)
    bag: Bag = field(repr=False)

    @property
    def contents(self) -> Contents:
        """What the checks of a pack look at."""
        said = self.description
        held = tuple(Held(path, raw) for path, raw in self.records.items())
        about = said.get("about", {})
        main = next(
            (
                each
                for each in held
                if about and all(each.document.get(name) == about[name] for name in about)
            ),
            None,
        )
        empty = Contents(
            kind=pack_kinds()[said["packType"]],
            main=main,
            records=held,
            papers=(),
            recipient=_party(said["recipient"]),
            purposes=tuple(said["purposes"]),
            on=date.fromisoformat(said["createdOn"]),
            logged="sharingLog" in said,
        )
        return _with_papers(empty, said)


def _party(recipient: Mapping[str, Any]) -> Party:
    return Party(recipient.get("organisation"), recipient.get("person"))


def _with_papers(contents: Contents, said: Description) -> Contents:
    listed = {each.id: each for each in contents.listed}
    papers = tuple(
        Paper(
            path=attachment["path"],
            type=attachment["type"],
            listed=listed.get(attachment["id"]) if attachment.get("listed") else None,
        )
        for attachment in said.get("attachments", ())
    )
    return replace(contents, papers=papers)


@contextmanager
def opened_pack(path: Path, *, identity: Path | None = None) -> Iterator[Pack]:
    """Open a pack: a folder, a zip file, or an encrypted zip file.

    Args:
        path: where it is.
        identity: the file of the key that opens an encrypted one.

    Raises:
        PackError: it is not a pack, not safe, not whole, altered, or locked.
        UnreadableInputError: the key cannot be read.
    """
    with decrypted(path, identity) as plain, opened_bag(plain) as bag:
        description = read_description(bag)
        yield Pack(str(path), description, read_records(bag, description, str(path)), bag)


def records_of_pack(path: Path, source: str) -> Iterator[SourceRecord]:
    """Yield the records of a pack, or one that says why it could not be opened."""
    try:
        with opened_pack(path) as pack:
            for place, raw in pack.records.items():
                yield replace(raw, source=f"{source}!{place}")
    except PackError as problem:
        yield SourceRecord(source=source, document=None, findings=(problem.finding,))


def check_pack(pack: Pack, *, area: Area | None, as_of: date) -> Judgement:
    """Check the records of a pack, its papers, and whether it could be shared.

    Consent is judged on the day on which the pack was made, everything else ``as_of``.
    """
    contents = pack.contents
    return judge(contents, Scope(contents), area, as_of)


def pack_source(pack: Pack) -> str:
    """Return the name under which a report lists the pack itself."""
    return f"{pack.source}!{PLACE}"


def unpack(pack: Pack, target: Path) -> None:
    """Write the files of a pack below a folder that is not there yet.

    Raises:
        PackError: a file has changed since it was looked at.
        UnreadableInputError: the folder is there already, or cannot be written.
    """
    write_folder(((name, pack.bag.read(name)) for name in sorted(pack.bag.digests)), target)

"""A pack that was received: opened safely, found whole and unaltered, checked and unpacked."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

from eh_interop.packs.bag import Bag, opened_bag, write_folder
from eh_interop.packs.consent_scope import ConsentScope
from eh_interop.packs.contents import PackContents, PackedPaper, PackedRecord, PackRecipient
from eh_interop.packs.encryption import decrypted
from eh_interop.packs.judging import PackReport, report_on
from eh_interop.packs.pack_json import PLACE, Description, is_about, read_description, read_records
from eh_interop.packs.safety import PackError
from eh_interop.reading import SourceRecord
from eh_interop.standard.areas import Area
from eh_interop.standard.pack_kinds import pack_kinds


@dataclass(frozen=True, slots=True)
class Pack:
    """A pack that can be relied on to be whole.

    ``source`` is what it was opened as, ``description`` what ``data/pack.json`` says; records
    have their path in the bag.
    """

    source: str
    description: Description = field(repr=False)
    records: Mapping[str, SourceRecord] = field(repr=False)
    bag: Bag = field(repr=False)

    @property
    def contents(self) -> PackContents:
        """What the checks of a pack look at."""
        description = self.description
        records = tuple(PackedRecord(path, record) for path, record in self.records.items())
        recipient = description["recipient"]
        contents = PackContents(
            kind=pack_kinds()[description["packType"]],
            main=next((one for one in records if is_about(description, one.document)), None),
            records=records,
            papers=(),
            recipient=PackRecipient(recipient.get("organisation"), recipient.get("person")),
            purposes=tuple(description["purposes"]),
            on=date.fromisoformat(description["createdOn"]),
            logged="sharingLog" in description,
        )
        listed = {entry.id: entry for entry in contents.listed}
        papers = tuple(
            PackedPaper(
                path=attachment["path"],
                type=attachment["type"],
                listed=listed.get(attachment["id"]) if attachment.get("listed") else None,
            )
            for attachment in description.get("attachments", ())
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
            for place, record in pack.records.items():
                yield replace(record, source=f"{source}!{place}")
    except PackError as problem:
        yield SourceRecord(source=source, document=None, findings=(problem.finding,))


def check_pack(pack: Pack, *, area: Area | None, as_of: date) -> PackReport:
    """Check the records of a pack, its papers, and whether it could be shared.

    Consent is judged on the day on which the pack was made, everything else ``as_of``.
    """
    contents = pack.contents
    report = report_on(contents, ConsentScope(contents), area, as_of)
    return replace(report, findings=(*pack.bag.notes, *report.findings))


def pack_source(pack: Pack) -> str:
    """Return the name under which a report lists the pack itself."""
    return f"{pack.source}!{PLACE}"


def unpack(pack: Pack, target: Path) -> None:
    """Write the files of a pack below a folder that is not there yet.

    Raises:
        PackError: a file has changed since it was looked at.
        OutputError: the folder is there already, or cannot be written.
    """
    write_folder(((name, pack.bag.read(name)) for name in sorted(pack.bag.digests)), target)

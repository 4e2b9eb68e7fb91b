"""Messages as sources: what is attached to them, each read as what it is, or the message itself."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from io import BytesIO
from pathlib import Path
from typing import Final

from eh_interop.core.fence import fenced
from eh_interop.core.findings import Finding, Origin
from eh_interop.formats import mail
from eh_interop.formats._shared.forms.covering import Covering, Paper, with_message
from eh_interop.formats._shared.forms.document import FormDocument, Paragraph, Piece
from eh_interop.formats._shared.forms.reading import record_of
from eh_interop.reading.faults import DocumentFault, Fault
from eh_interop.reading.probe import UNKNOWN, Probe
from eh_interop.reading.source_record import SourceRecord
from eh_interop.reading.streams import RefusedError
from eh_interop.sources.formats import Reader, SourceOptions, reader_of
from eh_interop.sources.forms import FORMS, named, read_form

_KIND: Final = "an e-mail"
_CLOSING: Final = re.compile(
    r"^\W*(many |kind |best |warm )?"
    r"(thanks?( you)?|regards|wishes|yours( sincerely| faithfully)?)\W*$",
    re.IGNORECASE | re.MULTILINE,
)
"""Where a message is signed."""
_DEEPEST: Final = 3
"""How many messages may lie within each other."""


@dataclass(frozen=True, slots=True)
class MailReader:
    """Reads messages.

    Attributes:
        name: how reports call the file.
        options: how what is attached is to be read.
        read_other: reads what is attached and is neither a form nor a message.
    """

    name: str
    options: SourceOptions
    read_other: Callable[[Probe], Iterator[SourceRecord]]

    def read(self, path: Path) -> Iterator[SourceRecord]:
        """Yield the records of a message.

        Raises:
            MissingExtraError: what reads it is not installed.
            RefusedError: it cannot be read.
        """
        with named(_KIND):
            message = mail.read(path)
        yield from self._of(message, _DEEPEST)

    def _of(self, message: mail.Message, depth: int) -> Iterator[SourceRecord]:
        """Yield the records of what is attached; if it holds none, the message itself as one."""
        attached = _Attached()
        for number, one in enumerate(message.attachments, 1):
            part, failed = Origin(part=f"attachment {number}"), list[str]()
            with fenced(failed.append):
                self._sort(one, part, attached, depth)
            findings = tuple(Fault.OURS.finding(why, part) for why in failed)
            if findings:
                attached.others.append(self._without_document(part, findings))
        covering = Covering(
            message.sender, message.address, message.sent, message.text, tuple(attached.papers)
        )
        if not attached.forms and not any(one.document for one in attached.others):
            yield record_of(_as_form(message), self.name, covering)
        for part, form in attached.forms:
            yield replace(record_of(form, self.name, covering), position=part)
        yield from (with_message(record, covering) for record in attached.others)

    def _sort(self, one: mail.Attachment, part: Origin, attached: _Attached, depth: int) -> None:
        """Read one attachment, and put it where it belongs."""
        probe = Probe(one.name, stream=BytesIO(one.data))
        reader = reader_of(probe, self.options) if one.data else None
        if reader in FORMS:
            self._form(one, reader, part, attached)
        elif reader is Reader.MAIL and depth:
            inner = self._of(mail.of_bytes(one.data), depth - 1)
            attached.others.extend(_placed(record, part) for record in inner)
        elif reader is None or reader is Reader.MAIL:
            what = "" if probe.kind is UNKNOWN or not one.data else probe.kind.title
            attached.papers.append(_paper(one, part, what))
        else:
            others = (replace(one, source=self.name) for one in self.read_other(probe))
            attached.others.extend(_placed(record, part) for record in others)

    def _form(
        self, one: mail.Attachment, reader: Reader, part: Origin, attached: _Attached
    ) -> None:
        try:
            form = read_form(BytesIO(one.data), reader, self.options)
        except RefusedError as problem:
            finding = problem.fault.finding(problem.message, part)
            attached.papers.append(_paper(one, part, FORMS[reader]))
            attached.others.append(self._without_document(part, (finding,)))
            return
        record = record_of(form, self.name)
        if record.document is not None:
            attached.forms.append((part, form))
            return
        attached.papers.append(_paper(one, part, FORMS[reader]))
        if DocumentFault.NOT_A_FORM.code not in {finding.code for finding in record.findings}:
            attached.others.append(replace(record, position=part))

    def _without_document(self, part: Origin, findings: tuple[Finding, ...]) -> SourceRecord:
        return SourceRecord(source=self.name, position=part, document=None, findings=findings)


@dataclass(frozen=True, slots=True)
class _Attached:
    """What is attached to a message.

    Attributes:
        forms: forms, and where they are.
        others: other records, and what could not be read.
        papers: what holds no record.
    """

    forms: list[tuple[Origin, FormDocument]] = field(default_factory=list)
    others: list[SourceRecord] = field(default_factory=list)
    papers: list[Paper] = field(default_factory=list)


def _placed(record: SourceRecord, part: Origin) -> SourceRecord:
    """Say of a record to which attachment it belongs."""
    return replace(record, position=replace(record.position, part=part.part))


def _paper(one: mail.Attachment, part: Origin, what: str) -> Paper:
    return Paper(one.name, one.media_type, len(one.data), part, what)


def _as_form(message: mail.Message) -> FormDocument:
    """Return a message as a form: its lines may be labels with their answers."""
    text = _CLOSING.split(message.text, maxsplit=1)[0]
    lines = [line for line in text.split("\n") if line.strip()]
    blocks = tuple(Paragraph((Piece(text=line),), at) for at, line in enumerate(lines, 1))
    year = message.sent.year if message.sent else 0
    return FormDocument(_KIND, message.subject, blocks, year)

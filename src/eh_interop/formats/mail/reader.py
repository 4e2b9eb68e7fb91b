"""Messages: who sent them, when, what they say and what is attached."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from email.utils import parseaddr
from pathlib import Path
from typing import Any, Final

from eh_interop.core.errors import optional_library
from eh_interop.formats.mail.body import own_text, text_of_html
from eh_interop.reading.faults import DocumentFault
from eh_interop.reading.streams import MIB, RefusedError

MOST_BYTES: Final = 150 * MIB
MOST_ATTACHMENTS: Final = 500
_OUTLOOK: Final = b"\xd0\xcf\x11\xe0"


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that came with a message."""

    name: str
    media_type: str
    data: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Message:
    """A message.

    Attributes:
        sender: the name of who sent it.
        address: the e-mail address of who sent it.
        subject: its subject.
        sent: when it was sent; None if it does not say.
        text: what the sender wrote.
        attachments: the files that came with it.
    """

    sender: str
    address: str
    subject: str
    sent: datetime | None
    text: str = field(repr=False)
    attachments: tuple[Attachment, ...]


def read(path: Path) -> Message:
    """Read a message.

    Raises:
        MissingExtraError: it is of Outlook, and the extra ``forms`` is not installed.
        RefusedError: it is damaged or too large.
    """
    if path.stat().st_size > MOST_BYTES:
        raise RefusedError(DocumentFault.TOO_LARGE, "It is larger than any that a mailbox takes.")
    data = path.read_bytes()
    return _of_outlook(path) if data.startswith(_OUTLOOK) else of_bytes(data)


def of_bytes(data: bytes) -> Message:
    """Read a message in the form of the internet (.eml).

    Raises:
        RefusedError: more is attached to it than is read.
    """
    parsed: Any = BytesParser(policy=policy.default).parsebytes(data)
    sender, address = parseaddr(str(parsed.get("From", "")))
    return Message(
        sender=sender,
        address=address,
        subject=str(parsed.get("Subject", "")),
        sent=_date(parsed),
        text=own_text(_body(parsed)),
        attachments=_not_too_many(_attachments(parsed)),
    )


def _not_too_many(attachments: Iterable[Attachment]) -> tuple[Attachment, ...]:
    attached = tuple(attachments)
    if len(attached) > MOST_ATTACHMENTS:
        message = f"More than {MOST_ATTACHMENTS} files are attached to it."
        raise RefusedError(DocumentFault.TOO_LARGE, message)
    return attached


def _date(parsed: EmailMessage) -> datetime | None:
    header: Any = parsed.get("Date")
    moment = getattr(header, "datetime", None)
    return moment if isinstance(moment, datetime) else None


def _body(parsed: EmailMessage) -> str:
    part = parsed.get_body(("plain", "html"))
    if part is None:
        return ""
    try:
        content = str(part.get_content())
    except (LookupError, ValueError):  # an encoding that nobody knows
        payload = part.get_payload(decode=True)
        content = payload.decode("utf-8", "replace") if isinstance(payload, bytes) else ""
    return text_of_html(content) if part.get_content_type() == "text/html" else content


def _attachments(parsed: EmailMessage) -> Iterator[Attachment]:
    for number, part in enumerate(parsed.iter_attachments(), 1):
        if part.get_content_type() == "message/rfc822":
            inner = part.get_payload(0)
            data: Any = inner.as_bytes() if isinstance(inner, EmailMessage) else b""
        else:
            data = part.get_payload(decode=True)
        if isinstance(data, bytes) and not (
            part.get_content_disposition() == "inline" and part.get_content_maintype() == "image"
        ):
            yield Attachment(
                part.get_filename() or f"attachment {number}", part.get_content_type(), data
            )


def _of_outlook(path: Path) -> Message:
    oxmsg = optional_library("oxmsg", "forms", "Messages of Outlook need")
    try:
        blocks_read = oxmsg.Message.load(str(path))
        body = blocks_read.body or text_of_html(blocks_read.html_body or "")
        sender, address = parseaddr(blocks_read.sender or "")
        attached = _not_too_many(
            Attachment(
                one.file_name or f"attachment {number}", one.mime_type or "", one.file_bytes or b""
            )
            for number, one in enumerate(blocks_read.attachments, 1)
        )
        return Message(
            sender,
            address,
            blocks_read.subject or "",
            blocks_read.sent_date,
            own_text(body),
            attached,
        )
    except (ArithmeticError, AttributeError, LookupError, OSError, TypeError, ValueError):
        message = "It is damaged. Save it again from the mail program, as .eml if it can."
        raise RefusedError(DocumentFault.DAMAGED, message) from None

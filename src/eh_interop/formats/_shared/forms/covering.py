"""The message that a form came with: who sent it and when, and what it says that the form does not.

Sender and date are where the form comes from, and become facts of the record only if the form
lacks them. Words about immediate risk count wherever they stand.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Final

from eh_interop.core.findings import Finding, Origin
from eh_interop.core.folding import words_in
from eh_interop.formats._shared.code_maps import spellings
from eh_interop.formats._shared.forms import special
from eh_interop.formats._shared.forms.answers import FormAnswer
from eh_interop.formats._shared.forms.context import FormContext
from eh_interop.formats._shared.forms.persons import name_words, relationship_of
from eh_interop.formats._shared.forms.said import PHONE, find_time, phones_in
from eh_interop.formats._shared.forms.vocabulary import CERTAIN
from eh_interop.formats._shared.forms.watching import protect
from eh_interop.formats._shared.signals import About, of_text
from eh_interop.reading.faults import DocumentFault
from eh_interop.reading.source_record import SourceRecord

_LIKELY: Final = 0.7
_RISK: Final = ("immediateRisk",)
_NAMED_KIN: Final = re.compile(
    r"((?:[\w'\u2019]+ )?[\w'\u2019]+) ?\(([A-Z][\w'\u2019-]+(?: [A-Z][\w'\u2019-]+)+)\)"
)
_RANG: Final = re.compile(
    r"\b(?:i|we) (?:have )?(?:just )?(?:rang|called|phoned|telephoned|spoke|rung)\b", re.IGNORECASE
)
_REFERENCE: Final = re.compile(
    r"\bref(?:erence)?(?: (?:no|number))?\.?:? ?([A-Z0-9][\w/\-]{3,})", re.IGNORECASE
)
_MINE: Final = re.compile(
    r"\b(i am|i'm|my|mobile|call me|ring me|contact me|direct)\b", re.IGNORECASE
)
_ANSWERED_NO: Final = re.compile(r"^[^\n:?]*[:?]\s*(no|n|none)\b.*$", re.IGNORECASE | re.MULTILINE)
"""A line that asks and says no."""
_SENTENCE: Final = re.compile(r"(?<=[.!?])\s+|\n+")


@dataclass(frozen=True, slots=True)
class Paper:
    """A paper that came with a message and holds no record.

    Attributes:
        name: of its file.
        media_type: as the message says.
        size: in bytes.
        origin: where in the message it is.
        what: what it is, for people: *a picture*; empty if nobody knows.
    """

    name: str
    media_type: str
    size: int
    origin: Origin
    what: str = ""

    def not_read(self) -> Finding:
        """Say that somebody has to look at it."""
        message = f"An attachment of the message is {self.what}, and was not read as a form."
        return DocumentFault.ATTACHMENT_NOT_READ.finding(message if self.what else "", self.origin)


@dataclass(frozen=True, slots=True)
class Covering:
    """A message that a form came with.

    Attributes:
        sender: the name of who sent it.
        address: the e-mail address of who sent it.
        sent: when it was sent.
        text: what it says, without older messages and small print.
        papers: what else came with it.
    """

    sender: str = ""
    address: str = ""
    sent: datetime | None = None
    text: str = field(default="", repr=False)
    papers: tuple[Paper, ...] = ()


def add(context: FormContext, message: Covering) -> None:
    """Add to a record what the message says that the form does not."""
    origin = Origin(part="message")
    risk_in(context, message, origin)
    _sender(context, message, origin)
    for kin, name in _NAMED_KIN.findall(message.text):
        words = kin.split()
        kind = relationship_of(kin) or relationship_of(words[-1])
        if kind:
            context.family.person(name, kind, origin, _LIKELY)
    _call(context, message, origin)
    for paper in message.papers:
        _paper(context, paper)


def with_message(record: SourceRecord, message: Covering) -> SourceRecord:
    """Say of a record that is no form what the message with it says of risk and protection."""
    papers = (paper.not_read() for paper in message.papers)
    return replace(record, findings=(*record.findings, *_signals(message), *papers))


def risk_in(context: FormContext, message: Covering, origin: Origin) -> None:
    """Take words about immediate risk for a yes, and say so."""
    draft, about = context.draft, _about(message)
    if About.RISK in about and draft.field(_RISK) is not None:
        draft.put(_RISK, value=True, origin=origin, confidence=_LIKELY)
    draft.findings += _signals(message)
    if about - {About.RISK}:
        protect(draft, about - {About.RISK}, message.text, origin)


def _about(message: Covering) -> set[About]:
    """Return what a message speaks of: risk, addresses, contact."""
    about = set(of_text(message.text)) & {About.ADDRESS, About.CONTACT}
    at_risk = About.RISK in of_text(_ANSWERED_NO.sub("", message.text))
    return about | ({About.RISK} if at_risk else set())


def _signals(message: Covering) -> Iterator[Finding]:
    about, origin = _about(message), Origin(part="message")
    if About.RISK in about:
        words = "The message speaks of immediate risk."
        yield DocumentFault.RISK_SEEN.finding(words, origin, "/immediateRisk")
    if about - {About.RISK}:
        yield DocumentFault.PROTECTION_SEEN.finding("", origin)


def _sender(context: FormContext, message: Covering, origin: Origin) -> None:
    draft = context.draft
    asked = next(
        (name for name in ("referrer", "requester") if draft.field((name,)) is not None), ""
    )
    if not asked:
        return
    has_referrer = draft.get((asked, "practitioner")) is not None
    who = special.referrer(context, FormAnswer(label="", origin=origin))
    if not has_referrer and message.sender:
        draft.put((*who, "name", "full"), message.sender, origin, _LIKELY)
    name = draft.get((*who, "name")) or {}
    is_sender = sorted(name_words(str(name.get("full", "")))) == sorted(name_words(message.sender))
    known = [one.get("value", "").casefold() for one in draft.get((*who, "contacts")) or ()]
    if not is_sender and message.address.casefold() not in known:
        return
    if message.address and not any("@" in one for one in known):
        context.family.contact(who, message.address, origin, _LIKELY)
    for sentence in _SENTENCE.split(message.text):
        if _MINE.search(sentence):
            for number in phones_in(sentence):
                context.family.contact(who, number, origin, _LIKELY)
    day = ("referredOn",) if asked == "referrer" else ("requestedOn",)
    if message.sent is not None and draft.get(day) is None:
        draft.put(day, message.sent.date().isoformat(), origin, _LIKELY)


def _call(context: FormContext, message: Covering, origin: Origin) -> None:
    """Read *I rang you at 2.20pm, ref 24/77310*: a contact before the form was sent."""
    draft = context.draft
    if draft.field(("contacts",)) is None or message.sent is None:
        return
    for sentence in _SENTENCE.split(re.sub(r"(\d)\.(\d)", r"\1:\2", message.text)):
        rang, time = _RANG.search(sentence), find_time(PHONE.sub("", sentence))
        if not rang or not time:
            continue
        hour, minute = map(int, time.split(":"))
        at = message.sent.replace(hour=hour, minute=minute, second=0, microsecond=0)
        if at > message.sent:
            continue
        steps = draft.entry("contacts")
        draft.put((*steps, "at"), at.isoformat(), origin, _LIKELY)
        draft.put((*steps, "mode"), "phone", origin, _LIKELY)
        if match := _REFERENCE.search(sentence):
            draft.put((*steps, "reference"), match[1], origin, _LIKELY)


def _paper(context: FormContext, paper: Paper) -> None:
    draft = context.draft
    draft.findings.append(paper.not_read())
    if draft.field(("attachments",)) is None:
        return
    steps, origin = draft.entry("attachments"), paper.origin
    values = {
        "type": next(_types(paper.name), "other"),
        "status": "attached",
        "fileName": paper.name,
        "mediaType": paper.media_type,
        "sizeBytes": paper.size,
    }
    for name, value in values.items():
        draft.put((*steps, name), value, origin, _LIKELY if name == "type" else CERTAIN)


def _types(name: str) -> Iterator[str]:
    """Yield the kinds of paper that the name of a file may stand for."""
    words = set(words_in(re.sub(r"[_\-.]+", " ", name)))
    for spelling, code in spellings("attachment-type"):
        parts = set(words_in(spelling))
        if parts and parts <= words and not parts <= {"other", "report"}:
            yield code

"""What a cover page is made from."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final

from eh_interop.api import check
from eh_interop.checks.record_report import RecordReport
from eh_interop.checks.subject import speaks_of_immediate_risk
from eh_interop.core.findings import Severity
from eh_interop.genogram import Names
from eh_interop.genogram.reading import Record, day, entries, text
from eh_interop.genogram.words import titles
from eh_interop.letters.replies import questions
from eh_interop.standard.areas import Area
from eh_interop.standard.schemas import load_standard

LEADING: Final = ("marf", "step-down", "referral-outcome", "escalation", "early-help-request")
"""Record types that others travel with, the first one found leads."""

_PRESENT: Final = frozenset({"attached", "sent-separately"})


@dataclass(frozen=True, slots=True)
class Paper:
    """A document that travels with the records, or does not.

    Attributes:
        title: what it is called.
        kind: what sort of document it is, in words.
        status: such as ``Attached``, in words.
        present: it is there.
        on: its date.
        reason: why it is not there.
        note: more about why, in the sender's words.
        confidential: it must be kept from the family.
    """

    title: str
    kind: str
    status: str
    present: bool
    on: date | None = None
    reason: str = ""
    note: str = ""
    confidential: bool = False


@dataclass(frozen=True, slots=True)
class Gap:
    """Something that is missing from a record."""

    record: str
    where: str
    ask: str
    serious: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Cover:
    """Everything that a cover page shows.

    Attributes:
        records: the records that travel; they may be incomplete.
        as_of: the day of the page: ages and what is due are counted from it.
        papers: documents, present and missing.
        gaps: what is missing from the records.
        do_now: what to do at once, if somebody may be at immediate risk.
        sender: who sends it; by default the referrer of the referral.
        recipient: who gets it.
        purpose: why it is sent; by default what the referral asks for.
        lawful_basis: the lawful basis of sharing, in words.
        for_family: the recipient is somebody of the family. Warnings, what is to be kept
            from somebody, confidential papers and gaps are then left out, and nothing
            says that they exist.
        names: how people are called in the drawing and the tables.
    """

    records: Sequence[Record]
    as_of: date
    papers: tuple[Paper, ...] = ()
    gaps: tuple[Gap, ...] = ()
    do_now: tuple[str, ...] = ()
    sender: str = ""
    recipient: str = ""
    purpose: str = ""
    lawful_basis: str = ""
    for_family: bool = False
    names: Names = "first"

    def with_gaps(self, more: tuple[Gap, ...]) -> Cover:
        """Return the same cover with more gaps, those of the pack first."""
        return replace(self, gaps=(*more, *self.gaps))

    @property
    def leading(self) -> Record:
        """The record that the others travel with."""
        return min(self.records, key=_place, default={})

    @property
    def act_now(self) -> bool:
        """Whether a record says that somebody may be at immediate risk."""
        return any(speaks_of_immediate_risk(record) for record in self.records)

    @property
    def keeps_secrets(self) -> bool:
        """Whether a record holds something that must be kept from somebody."""
        return any(
            list(entries(record, "safetyWarnings")) or list(entries(record, "withheldInformation"))
            for record in self.records
        )


def _place(record: Record) -> int:
    kind = text(record, "recordType")
    return LEADING.index(kind) if kind in LEADING else len(LEADING)


def cover_of(
    records: Sequence[dict[str, Any]], *, as_of: date, area: Area | None = None, **facts: Any
) -> Cover:
    """Check records and put a cover together: their papers, their gaps, and what to do now.

    Args:
        records: the records that travel.
        as_of: the day of the page.
        area: whose guidance to use; by default the one that each record names.
        facts: other attributes of :class:`Cover`.
    """
    reports = [check(record, area=area, as_of=as_of) for record in records]
    do_now = tuple(dict.fromkeys(line for report in reports for line in report.do_now))
    leading = min(records, key=_place, default={})
    return Cover(
        records=tuple(records),
        as_of=as_of,
        # The papers of a plan stay with the plan: only those of the leading record travel.
        papers=tuple(papers_of([leading])),
        gaps=tuple(gaps_of(reports, area)),
        do_now=do_now,
        **facts,
    )


def papers_of(records: Iterable[Record]) -> Iterator[Paper]:
    """Yield the documents that records list, each once."""
    kinds, statuses = titles("attachment-type"), titles("attachment-status")
    reasons = titles("absence-reason")
    found: dict[tuple[str, str, date | None], Paper] = {}
    for record in records:
        for entry in entries(record, "attachments"):
            kind, status = text(entry, "type"), text(entry, "status")
            paper = Paper(
                title=text(entry, "title") or kinds.get(kind, "Document"),
                kind=kinds.get(kind, ""),
                status=statuses.get(status, "Not said"),
                present=status in _PRESENT,
                on=day(entry, "date"),
                reason=reasons.get(text(entry, "reason"), ""),
                note=text(entry, "reasonNote"),
                confidential=entry.get("confidential") is True,
            )
            found.setdefault((paper.kind, paper.title, paper.on), paper)
    yield from found.values()


def gaps_of(reports: Iterable[RecordReport], area: Area | None = None) -> Iterator[Gap]:
    """Yield what is missing from each record, the most serious first."""
    for report in reports:
        for section in questions(report, area):
            for question in section.questions:
                where = "; ".join(question.where)
                yield Gap(_title(report), where, question.ask, question.severity is Severity.ERROR)


def _title(report: RecordReport) -> str:
    if report.record_type is None:
        return "Record"
    return str(load_standard().record_schema(report.record_type)["title"])

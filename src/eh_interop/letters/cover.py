"""What a cover page is made from: the records that travel together, their papers and their gaps.

The records may come from files or from a pack.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Any, Final

from eh_interop.checks.record import check_record
from eh_interop.checks.record_report import RecordReport
from eh_interop.checks.subject import speaks_of_immediate_risk
from eh_interop.core.findings import Severity
from eh_interop.core.lenient import Record, day, objects, text
from eh_interop.genogram import Names
from eh_interop.letters.questions import form_title, questions
from eh_interop.protection import Given, protections
from eh_interop.reading.source_record import SourceRecord
from eh_interop.standard.areas import Area
from eh_interop.standard.code_lists import titles

if TYPE_CHECKING:
    from eh_interop.packs import Pack

LEADING: Final = ("marf", "step-down", "referral-outcome", "escalation", "early-help-request")
"""Record types that others travel with; the first one found leads."""

_PRESENT: Final = frozenset({"attached", "sent-separately"})


@dataclass(frozen=True, slots=True)
class CoverPaper:
    """A document that travels with the records, or the reason why it does not.

    Kind, status and reason are words, not codes; the note is the sender's own. What is
    confidential must be kept from the family.
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
    """Something that is missing from a record, or from what travels together."""

    record: str
    where: str
    ask: str
    serious: bool


@dataclass(frozen=True, slots=True)
class Marked:
    """Something in the records that must not be disclosed.

    Attributes:
        words: to whom not.
        why: what protects it, in words.
        where: for each record, its title and the places in words.
    """

    words: str
    why: str
    where: tuple[str, ...]


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
        for_family: the recipient is somebody of the family. What that leaves out is decided in
            :mod:`eh_interop.letters.protected`; nothing says that it exists.
        names: how people are called in the drawing and the tables.
        given: the records as they were read, with the restrictions of their source.
        marks: what the readers must not pass on. Found in the records for the page.
    """

    records: Sequence[Record]
    as_of: date
    papers: tuple[CoverPaper, ...] = ()
    gaps: tuple[Gap, ...] = ()
    do_now: tuple[str, ...] = ()
    sender: str = ""
    recipient: str = ""
    purpose: str = ""
    lawful_basis: str = ""
    for_family: bool = False
    names: Names = "first"
    given: Sequence[Given] = ()
    marks: tuple[Marked, ...] = ()

    @property
    def leading(self) -> Record:
        """The record that the others travel with."""
        return _leading(self.records)

    @property
    def act_now(self) -> bool:
        """Whether a record says that somebody may be at immediate risk."""
        return any(map(speaks_of_immediate_risk, self.records))


def _leading(records: Sequence[Record]) -> Record:
    def rank(record: Record) -> int:
        kind = text(record, "recordType")
        return LEADING.index(kind) if kind in LEADING else len(LEADING)

    return min(records, key=rank, default={})


def cover_of(
    records: Sequence[Record | SourceRecord], *, as_of: date, area: Area | None = None, **facts: Any
) -> Cover:
    """Check records and put a cover together: their papers, their gaps, and what to do now.

    Args:
        records: the records that travel.
        as_of: the day of the page.
        area: whose guidance to use; by default the one that each record names.
        facts: other attributes of :class:`Cover`.
    """
    documents = [
        (record.document or {}) if isinstance(record, SourceRecord) else record
        for record in records
    ]
    answer = protections(records)
    reports = [
        check_record(
            SourceRecord(source="", document=dict(document)),
            area=area,
            as_of=as_of,
            more=answer.half_said,
        )
        for document in documents
    ]
    return Cover(
        records=tuple(documents),
        given=tuple(records),
        as_of=as_of,
        # The papers of a plan stay with the plan: only those of the leading record travel.
        papers=tuple(papers_of([_leading(documents)])),
        gaps=tuple(gaps_of(reports, area)),
        do_now=tuple(dict.fromkeys(line for report in reports for line in report.do_now)),
        **facts,
    )


def cover_of_pack(pack: Pack, *, as_of: date, area: Area | None = None) -> Cover:
    """Put the cover of a pack together. Its main record comes first.

    Args:
        pack: a pack that was found whole.
        as_of: the day of the page.
        area: whose guidance to use; by default the one that each record names.
    """
    from eh_interop.packs import check_pack

    contents, description = pack.contents, pack.description
    main = contents.main.source if contents.main else None
    others = [record.source for record in contents.records if record.source is not main]
    cover = cover_of(
        [main, *others] if main else others,
        as_of=as_of,
        area=area,
        sender=_party(description.get("sender", {})),
        recipient=_party(description.get("recipient", {})),
        purpose=_in_words("consent-purpose", description.get("purposes", ())),
        lawful_basis=_in_words("lawful-basis", [description.get("lawfulBasis", "")]),
        for_family="person" in description.get("recipient", {}),
    )
    in_pack = (
        Gap(
            "Pack",
            "What travels together",
            finding.ask or finding.message,
            finding.severity is Severity.ERROR,
        )
        for finding in check_pack(pack, area=area, as_of=as_of).findings
        if finding.severity is not Severity.INFO
    )
    return replace(cover, gaps=(*in_pack, *cover.gaps))


def _party(party: Mapping[str, Any]) -> str:
    organisation = party.get("organisation", {})
    names = (organisation.get("name", ""), organisation.get("service", ""))
    return ", ".join(filter(None, names)) or str(party.get("name", ""))


def _in_words(code_list: str, codes: Iterable[str]) -> str:
    return "; ".join(titles(code_list)[code] for code in codes if code in titles(code_list))


def coded(entry: Record, name: str, code_list: str, default: str = "") -> str:
    """Return the title of the code called ``name``; ``default`` if there is none."""
    return titles(code_list).get(text(entry, name), default)


def papers_of(records: Iterable[Record]) -> Iterator[CoverPaper]:
    """Yield the documents that records list, each once."""
    papers: dict[tuple[str, str, date | None], CoverPaper] = {}
    for record in records:
        for entry in objects(record, "attachments"):
            kind = coded(entry, "type", "attachment-type")
            paper = CoverPaper(
                title=text(entry, "title") or kind or "Document",
                kind=kind,
                status=coded(entry, "status", "attachment-status", "Not said"),
                present=text(entry, "status") in _PRESENT,
                on=day(entry, "date"),
                reason=coded(entry, "reason", "absence-reason"),
                note=text(entry, "reasonNote"),
                confidential=entry.get("confidential") is True,
            )
            papers.setdefault((paper.kind, paper.title, paper.on), paper)
    yield from papers.values()


def gaps_of(reports: Iterable[RecordReport], area: Area | None = None) -> Iterator[Gap]:
    """Yield what is missing from each record, the most serious first."""
    for report in reports:
        for section in questions(report, area):
            for question in section.questions:
                where = "; ".join(question.where)
                serious = question.severity is Severity.ERROR
                yield Gap(form_title(report.record_type), where, question.ask, serious)

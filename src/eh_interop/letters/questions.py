"""What to ask for, by section of the form, the most serious first.

Questions name places in words (``Child 1, Date of birth``), never a value.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from eh_interop.checks.record_report import RecordReport
from eh_interop.core.findings import Finding, Layer, Severity
from eh_interop.reports import words
from eh_interop.standard.areas import Area, area_names, load_area
from eh_interop.standard.code_lists import titles
from eh_interop.standard.requirements import Requirement
from eh_interop.standard.schemas import load_standard

_TO_CORRECT: Final = frozenset({Layer.READING, Layer.SHAPE})


@dataclass(frozen=True, slots=True)
class Question:
    """One question to send back.

    Attributes:
        code: the check behind it.
        severity: ``error`` for what has to be there, ``warning`` for what normally is.
        ask: the question in plain English.
        where: the places it is about, in words of the form.
        reasons: codes with which it can be answered instead, if it cannot be given.
        document: the type of document to send, if it asks for one.
    """

    code: str
    severity: Severity
    ask: str
    where: tuple[str, ...]
    reasons: tuple[str, ...]
    document: str | None

    @property
    def how(self) -> str:
        """How to answer."""
        reasons = ", ".join(titles("absence-reason")[reason].lower() for reason in self.reasons)
        if self.document:
            first = "Send the document with its date"
            return f"{first}, or list it as not attached and say why: {reasons}."
        if self.reasons:
            return f"Fill it in. If you cannot, say why: {reasons}."
        return "Fill it in, or correct what stands there."


@dataclass(frozen=True, slots=True)
class SectionOfQuestions:
    """The questions on one section of the form."""

    title: str
    questions: tuple[Question, ...]


def form_title(record_type: str | None) -> str:
    """Return what a form is called, such as ``Multi-agency referral (MARF)``."""
    if record_type not in load_standard().record_types:
        return "Record"
    return str(load_standard().record_schema(record_type)["title"])


def questions(report: RecordReport, area: Area | None = None) -> tuple[SectionOfQuestions, ...]:
    """Turn the findings of a report into questions.

    What is only worth knowing, and what the area has waived, is not asked.

    Args:
        report: what the check found.
        area: the area that was asked for, if it is from a file of its own.
    """
    requirements = _requirements(report, area)
    sections = [
        SectionOfQuestions(title, tuple(sorted(_asked(report, findings, requirements), key=_rank)))
        for title, findings in words.sections(report)
    ]
    asked = [section for section in sections if section.questions]
    return tuple(sorted(asked, key=lambda section: _rank(section.questions[0])))


def _rank(question: Question) -> int:
    return question.severity.rank


def _requirements(report: RecordReport, area: Area | None) -> Mapping[str, Requirement]:
    used = area or (load_area(report.area) if report.area in area_names() else None)
    if used is None or report.record_type is None:
        return {}
    return {require.code: require for require in used.requires(load_standard(), report.record_type)}


def accepted_reasons(report: RecordReport, area: Area | None = None) -> dict[str, tuple[str, ...]]:
    """Return the reasons that are accepted for each property of the record itself."""
    accepted: dict[str, tuple[str, ...]] = {}
    for requirement in _requirements(report, area).values():
        of_record = requirement.place.count("/") == 1
        if requirement.accepts and requirement.document is None and of_record:
            name = requirement.place.removeprefix("/")
            accepted[name] = tuple(dict.fromkeys((*accepted.get(name, ()), *requirement.accepts)))
    return accepted


def _asked(
    report: RecordReport, findings: Iterable[Finding], requirements: Mapping[str, Requirement]
) -> Iterator[Question]:
    """Ask each question once, with all the places that it is about."""
    grouped: dict[tuple[str, str], list[Finding]] = {}
    for finding in findings:
        if finding.severity is not Severity.INFO:
            grouped.setdefault((finding.code, _ask(finding)), []).append(finding)
    for (code, ask), group in grouped.items():
        requirement = requirements.get(code)
        yield Question(
            code=code,
            severity=min((finding.severity for finding in group), key=lambda level: level.rank),
            ask=ask,
            where=tuple(dict.fromkeys(words.where(report, finding) for finding in group)),
            reasons=requirement.accepts if requirement else (),
            document=requirement.document if requirement else None,
        )


def _ask(finding: Finding) -> str:
    if finding.ask:
        return finding.ask
    if finding.layer in _TO_CORRECT:
        return f"Please correct this: {finding.message}"
    return f"Please look at this again: {finding.message}"

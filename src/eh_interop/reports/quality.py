"""Quality: how complete referrals are, by the sector of who refers, without any child.

It counts and keeps no record. A group of fewer than five referrals is named
and not counted, and a count below five is not written out, because it could
point at one family. Where the rest would give such a count away, the rest is
left out too.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from eh_interop.checks.record_report import RecordReport
from eh_interop.checks.subject import FAMILY
from eh_interop.core.csv_injection import csv_line
from eh_interop.core.findings import Disposition, Finding, Layer, Severity
from eh_interop.reports import words
from eh_interop.reports.writer import Run, Totals, Writer
from eh_interop.standard.code_lists import titles

SMALLEST: Final = 5
"""The smallest count that is written out."""
FEW: Final = f"fewer than {SMALLEST}"
HIDDEN: Final = "not shown"
NEARLY_ALL: Final = "nearly all"
UNKNOWN: Final = "not-known"
_COUNTED: Final = "marf"
_SHOWN: Final = 5
"""How many of the things that are most often missing are named."""
_PARTS: Final = (
    Disposition.READY,
    Disposition.READY_WITH_GAPS,
    Disposition.ACT_NOW,
    Disposition.ASK_FIRST,
)


@dataclass(slots=True)
class Sector:
    """The counts of one sector.

    ``complete`` counts referrals in which nothing is missing that would be asked for.
    """

    dispositions: Counter[Disposition] = field(default_factory=Counter)
    complete: int = 0
    missing: Counter[str] = field(default_factory=Counter)

    @property
    def referrals(self) -> int:
        """How many referrals there are."""
        return self.dispositions.total()


Cell = tuple[str, str, str, str]
"""What is counted, the code and the question of a check (or nothing), and the count in words."""


class QualityReport(Writer):
    """Text: a paragraph for each sector."""

    def __init__(self, run: Run) -> None:
        super().__init__(run)
        self._sectors: dict[str, Sector] = {}
        self._asks: dict[str, str] = {}
        self._faults: dict[str, str] = {}
        self._others = 0

    def record(self, report: RecordReport) -> Iterator[str]:
        """Count one record, and yield nothing."""
        yield from ()
        self._faults.update({one.check: one.why for one in report.not_run if one.fault})
        if report.across:  # the record has been counted already
            return
        if report.record_type != _COUNTED:
            self._others += report.disposition is not Disposition.UNREADABLE
            return
        missing = {finding.code: finding.ask for finding in report.findings if _is_missing(finding)}
        self._asks.update({code: ask for code, ask in missing.items() if ask})
        sector = self._sectors.setdefault(report.sector or UNKNOWN, Sector())
        sector.dispositions[report.disposition] += 1
        sector.complete += not missing
        sector.missing.update(missing.keys())

    def end(self, totals: Totals) -> Iterator[str]:
        """Yield each sector, those with the most referrals first, and what was not counted."""
        for code, sector in self._ordered():
            yield f"{_title(code)}\n"
            for what, check, ask, count in self._cells(sector):
                name = what.replace("-", " ")
                line = f"{name} in {count}: {check} {ask}" if check else f"{name}: {count}"
                yield words.wrap(line, "  ", "    ") + "\n"
            yield "\n"
        for note in self._notes(totals):
            yield words.wrap(note) + "\n"

    def _ordered(self) -> list[tuple[str, Sector]]:
        """Sort by size; those that are too small to be counted stand last, by their names."""
        return sorted(
            self._sectors.items(),
            key=lambda item: (-item[1].referrals if item[1].referrals >= SMALLEST else 0, item[0]),
        )

    def _cells(self, sector: Sector) -> Iterator[Cell]:
        yield "referrals", "", "", _in_words(sector.referrals)
        if sector.referrals < SMALLEST:
            return
        for name, count_in_words in _without_small(sector).items():
            yield name, "", "", count_in_words
        yield "complete", "", "", _share(sector.complete, sector.referrals)
        common = sorted(sector.missing.items(), key=lambda item: (-item[1], item[0]))
        for code, count in common[:_SHOWN]:
            if count >= SMALLEST:
                most = 0 < sector.referrals - count < SMALLEST
                yield "missing", code, self._asks[code], NEARLY_ALL if most else f"{count:,}"

    def _notes(self, totals: Totals) -> Iterator[str]:
        if totals.dispositions[Disposition.ACT_NOW]:
            yield (
                "At least one record here says that a child may be at immediate risk. "
                "Read it at once with --format text."
            )
        small = any(sector.referrals < SMALLEST for sector in self._sectors.values())
        referrals = sum(sector.referrals for sector in self._sectors.values())
        if not small:  # the sum would give the small number away
            sectors = words.plural(len(self._sectors), "sector")
            yield f"{words.plural(referrals, 'referral')} from {sectors}."
        if small or any(_is_small(sector) for sector in self._sectors.values()):
            yield f"Counts below {SMALLEST} are not shown, because they could point at one family."
        if self._others:
            yield f"{words.plural(self._others, 'record')} of other types: not counted."
        if unreadable := totals.dispositions[Disposition.UNREADABLE]:
            yield f"{words.plural(unreadable, 'record')} could not be read, and not counted."
        if totals.known:
            yield "Known findings, which stand in the baseline, are counted here too."
        yield from filter(None, (words.without_figure(totals), words.left_out(totals)))
        for code, why in sorted(self._faults.items()):
            yield f"Not checked: {code}. {why}"


class QualityTable(QualityReport):
    """CSV: a row for each count. What is said in words goes nowhere else, so it is left out."""

    def end(self, totals: Totals) -> Iterator[str]:
        """Yield the table."""
        yield csv_line(("sector", "what", "check", "question", "count"))
        for code, sector in self._ordered():
            for cell in self._cells(sector):
                yield csv_line((code, *cell))
        for note in self._notes(totals):
            yield csv_line(("", "note", "", note, ""))


def _is_missing(finding: Finding) -> bool:
    """Return whether a finding is about something that has to be asked for."""
    return (
        finding.layer is Layer.COMPLETENESS
        and bool(finding.ask)
        and finding.severity is not Severity.INFO
    )


def _is_small(sector: Sector) -> bool:
    return any(0 < sector.dispositions[part] < SMALLEST for part in _PARTS)


def _in_words(count: int) -> str:
    return FEW if 0 < count < SMALLEST else f"{count:,}"


def _without_small(sector: Sector) -> Mapping[str, str]:
    """Write how many referrals are ready, and so on, so that no small count can be worked out.

    All add up to the referrals. If only one is small, the next larger one is hidden as well.
    """
    counts = {part: sector.dispositions[part] for part in _PARTS}
    written = {part: _in_words(count) for part, count in counts.items()}
    if sum(count == FEW for count in written.values()) == 1:
        larger = [part for part in _PARTS if counts[part] >= SMALLEST]
        written[min(larger, key=counts.__getitem__)] = HIDDEN
    return {part.value: count for part, count in written.items()}


def _share(part: int, whole: int) -> str:
    """Write a share in whole percent, unless it stands for fewer than five."""
    if 0 < part < SMALLEST or 0 < whole - part < SMALLEST:
        return HIDDEN
    return f"{100 * part // whole}%"


def _title(code: str) -> str:
    own = {UNKNOWN: "Sector not known", FAMILY: "Family members and the public"}
    return own.get(code) or titles("agency-sector")[code]

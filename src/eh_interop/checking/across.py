"""Checking across records: what the records of one call show together.

While records stream through, only a small summary of each is kept, packed into
bytes. At the end the summaries of each child are brought together, a child at a
time, and each record that something is said of gets one further report.
"""

from __future__ import annotations

from array import array
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from types import MappingProxyType
from typing import Any, Final

import msgspec

from eh_interop.across.identity import Children, surely_others
from eh_interop.across.records import ChildRecords, Seen, across_rules
from eh_interop.across.summarise import summarise
from eh_interop.across.summary import Summary, packed, unpacked
from eh_interop.areas import Area, load_area
from eh_interop.checking.record import (
    at_immediate_risk,
    by_place,
    disposition_of,
    never_blocking,
)
from eh_interop.checking.reports import RecordReport
from eh_interop.consistency import describe
from eh_interop.findings import Layer, NotRun
from eh_interop.rules.engine import Context, Rule

KEY_BYTES: Final = 32
"""Length of the key that makes the hashes of one call."""
_AMBIGUOUS: Final = -1
_NOTHING: Final[Mapping[Any, Any]] = MappingProxyType({})


def summed_up(report: RecordReport, key: bytes) -> RecordReport:
    """Add to a report the summary of its record. A fault of ours never loses the report."""
    document = report.document
    if document is None or report.record_type is None:
        return report
    try:
        summary = summarise(
            document,
            key,
            record_id=report.record_id,
            at_risk=at_immediate_risk(document),
            sound=all(each.layer is not Layer.SHAPE for each in report.findings),
        )
    except Exception as fault:  # noqa: BLE001 (what was found in the record is still reported)
        failed = NotRun("ACR-000", describe(fault), fault=True)
        return replace(report, not_run=tuple(sorted((*report.not_run, failed))))
    return replace(report, summary=packed(summary))


class Batch:
    """The records of one call, summed up."""

    def __init__(self, area: str | None, as_of: date) -> None:
        """Begin with no record.

        Args:
            area: the area that was asked for; None for the area that each record names.
            as_of: the day on which to judge.
        """
        self._area, self._as_of = area, as_of
        self._summaries: list[bytes] = []
        self._sources: list[str] = []
        self._lines = array("q")
        self._areas: list[str] = []
        self._shared: dict[str, str] = {}

    def __len__(self) -> int:
        """Return how many records can be compared."""
        return len(self._summaries)

    def add(self, report: RecordReport) -> None:
        """Keep the summary of a record, and where it stood."""
        if report.summary is not None:
            self._summaries.append(report.summary)
            self._sources.append(self._shared.setdefault(report.source, report.source))
            self._lines.append(report.line)
            self._areas.append(self._shared.setdefault(report.area, report.area))

    def reports(self) -> Iterator[RecordReport]:
        """Yield a report for each record of which the others show something, in their order.

        A rule of ours that fails is a fault: the first of these reports lists it.
        """
        found: dict[int, list[tuple[Rule, Seen]]] = defaultdict(list)
        faults: set[NotRun] = set()
        for records in self._children(self._by_id()):
            for each in across_rules():
                try:
                    self._look(each, records, found)
                except Exception as fault:  # noqa: BLE001 (the other rules still run)
                    faults.add(NotRun(each.code, describe(fault), fault=True))
        for number in sorted(found) or ([0] if faults else []):
            yield replace(self._report(number, found[number]), not_run=tuple(sorted(faults)))
            faults = set()

    def _look(
        self, rule: Rule, records: ChildRecords, found: dict[int, list[tuple[Rule, Seen]]]
    ) -> None:
        """Let one rule look at the records of one child, if their areas care about it."""
        context = Context(None, self._as_of, _NOTHING, _NOTHING, _NOTHING)
        for seen in rule.check(records, context):
            number = seen.record.number
            if load_area(self._area or self._areas[number]).cares_about(rule.cites):
                found[number].append((rule, seen))

    def _summary(self, number: int) -> Summary:
        return msgspec.structs.replace(unpacked(self._summaries[number]), number=number)

    def _by_id(self) -> dict[str, int]:
        """Give each id the number of its record. Of two copies of one record, the newer counts."""
        ids: dict[str, int] = {}
        for number, data in enumerate(self._summaries):
            new = unpacked(data)
            if new.record_id is None:
                continue
            known = ids.setdefault(new.record_id, number)
            if known not in {number, _AMBIGUOUS}:
                ids[new.record_id] = self._newer(known, number, new)
        return ids

    def _newer(self, known: int, number: int, new: Summary) -> int:
        old = unpacked(self._summaries[known])
        if old.record_type != new.record_type or not _share_a_child(old, new):
            return _AMBIGUOUS
        return number if new.edition >= old.edition else known

    def _children(self, ids: Mapping[str, int]) -> Iterator[ChildRecords]:
        """Yield the records of each child, one child at a time."""

        def find(record_id: str) -> Summary | None:
            number = ids.get(record_id, _AMBIGUOUS)
            return None if number == _AMBIGUOUS else self._summary(number)

        for group in self._groups(ids):
            records = {number: self._summary(number) for number, _ in group}
            if len(records) > 1 or any(
                each.record_id in ids for record in records.values() for each in record.names
            ):
                places = dict(reversed(group))
                yield ChildRecords(
                    records=tuple(records.values()),
                    mentions=tuple(
                        each.children[places[number]] for number, each in records.items()
                    ),
                    find=find,
                )

    def _groups(self, ids: Mapping[str, int]) -> Iterator[list[tuple[int, int]]]:
        """Yield for each child the numbers of its records, and its position in each of them."""
        children, owners, positions = Children(), array("q"), array("q")
        for number, data in enumerate(self._summaries):
            summary = unpacked(data)
            if ids.get(summary.record_id or "", number) in {number, _AMBIGUOUS}:
                for position, mention in enumerate(summary.children):
                    children.add(mention.keys)
                    owners.append(number)
                    positions.append(position)
        children.bring_together()
        groups: dict[int, array[int]] = {}
        for entry in range(len(owners)):
            groups.setdefault(children.child(entry), array("q")).append(entry)
        for group in groups.values():
            yield [(owners[entry], positions[entry]) for entry in group]

    def _report(self, number: int, seen: Iterable[tuple[Rule, Seen]]) -> RecordReport:
        """Say what the other records show of one record, as far as its area cares."""
        summary, area = self._summary(number), load_area(self._area or self._areas[number])
        found = {
            each.finding(problem, "")
            for each, problem in ((_in_area(rule, area), problem) for rule, problem in seen)
        }
        findings = sorted(found, key=by_place)
        if summary.at_risk:
            findings = [never_blocking(each) for each in findings]
        return RecordReport(
            source=self._sources[number],
            line=self._lines[number],
            record_type=summary.record_type,
            record_id=summary.record_id,
            area=area.key,
            disposition=disposition_of(findings, at_risk=summary.at_risk, readable=True),
            do_now=area.do_now if summary.at_risk else (),
            findings=tuple(findings),
            across=True,
        )


def _in_area(rule: Rule, area: Area) -> Rule:
    """Give a rule the severity that it has in an area."""
    return replace(rule, severity=area.severity.get(rule.code, rule.severity))


def _share_a_child(one: Summary, other: Summary) -> bool:
    return any(
        not surely_others(mine.keys, theirs.keys)
        for mine in one.children
        for theirs in other.children
    )

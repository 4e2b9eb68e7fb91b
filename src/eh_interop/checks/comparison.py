"""Comparing: the rules across records look at the records of one child after the other."""

from __future__ import annotations

from array import array
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import groupby
from types import MappingProxyType
from typing import Any, Final

from eh_interop.checks.across.identity import RecordLinker
from eh_interop.checks.across.records import ChildRecords, RelatedProblem, across_rules
from eh_interop.checks.across.summary import RecordIdIndex, SummaryStore
from eh_interop.checks.rules.engine import Context, Rule
from eh_interop.core.fence import fenced
from eh_interop.core.findings import NotRun
from eh_interop.standard.areas import Area

MOST_OF_A_CHILD: Final = 500
"""How many records of one child are compared.

More come only from a number that stands for a missing one, and each is compared with each.
"""
_NOTHING: Final[Mapping[Any, Any]] = MappingProxyType({})
_BITS: Final = 32


@dataclass(slots=True)
class RelatedFinding:
    """What a rule saw of a record, be it for one of its children or for several.

    Attributes:
        rule: the rule.
        problem: where and what.
        others: numbers of the other records that show it.
        matched_by_identifier: one of them belongs to the record by a number, or none is needed.
    """

    rule: Rule
    problem: RelatedProblem
    others: set[int] = field(default_factory=set)
    matched_by_identifier: bool = False


class Comparison:
    """One look at all summaries, and for each the area that it is judged by.

    Attributes:
        findings: what was found, by number of the record.
        crowded: the records that were not compared, because too many seem to be of one child.
        faults: rules of ours that failed.
    """

    def __init__(self, store: SummaryStore, areas: Sequence[Area], as_of: date) -> None:
        self._store, self._areas = store, areas
        self._context = Context(None, as_of, _NOTHING, _NOTHING, _NOTHING)
        self._ids = RecordIdIndex(store)
        self._by_place: dict[tuple[int, str, str, str], RelatedFinding] = {}
        self.findings: dict[int, list[RelatedFinding]] = {}
        self.crowded: set[int] = set()
        self.faults: set[NotRun] = set()

    def run(self) -> None:
        """Let every rule look at the records of every child."""
        for records in self._children():
            for rule in across_rules():
                failed: list[str] = []
                with fenced(failed.append):
                    self._look(rule, records)
                self.faults.update(NotRun(rule.code, why, fault=True) for why in failed)

    def _look(self, rule: Rule, records: ChildRecords) -> None:
        """Let one rule look at the records of one child, if their areas care about it."""
        for problem in rule.check(records, self._context):
            number = problem.record.number
            if not self._areas[number].follows_any(rule.cites):
                continue
            key = number, rule.code, problem.at, problem.message
            if key not in self._by_place:
                self._by_place[key] = RelatedFinding(rule, problem)
                self.findings.setdefault(number, []).append(self._by_place[key])
            finding = self._by_place[key]
            finding.others.update(other.number for other in problem.others)
            finding.matched_by_identifier |= not problem.others or any(
                records.matched_by_identifier(problem.record, other) for other in problem.others
            )

    def _children(self) -> Iterator[ChildRecords]:
        """Yield the records of each child, one child at a time."""
        for group in self._groups():
            places = {number: (position, entry) for number, position, entry in reversed(group)}
            if len(places) > MOST_OF_A_CHILD:
                self.crowded.update(places)
                continue
            records = [self._store[number] for number in sorted(places)]
            if len(records) > 1 or any(
                name.record_id and self._ids.find(name.record_id) for name in records[0].names
            ):
                yield ChildRecords(
                    records=tuple(records),
                    mentions=tuple(record.children[places[record.number][0]] for record in records),
                    numbered=tuple(places[record.number][1] for record in records),
                    find=self._ids.find,
                )

    def _groups(self) -> Iterator[list[tuple[int, int, int]]]:
        """Yield for each child its mentions: record, position in it, and child by number alone."""
        linker, owners, positions = RecordLinker(), array("I"), array("I")
        for summary in self._store:
            if self._ids.is_older_copy(summary.number):
                continue
            for position, mention in enumerate(summary.children):
                linker.add(mention.keys)
                owners.append(summary.number)
                positions.append(position)
        linker.link_by_identifier()
        numbered = linker.children()
        linker.link_by_name()
        # The child and the mention in one whole number: half the memory of a pair.
        whose = linker.children()
        entries = sorted(child << _BITS | entry for entry, child in enumerate(whose))
        for _, group in groupby(entries, key=lambda entry: entry >> _BITS):
            mentions = (entry % (1 << _BITS) for entry in group)
            yield [(owners[mention], positions[mention], numbered[mention]) for mention in mentions]

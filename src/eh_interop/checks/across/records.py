"""All records of one child, as rules across records look at them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache

from eh_interop.checks.across.summary import Day, Mention, Named, Summary
from eh_interop.checks.rules.engine import Problem, Rule, rules_in
from eh_interop.standard.model import Part


@dataclass(frozen=True, slots=True)
class RelatedProblem(Problem):
    """What a rule saw, the record that it concerns, and the others that show it."""

    record: Summary
    others: tuple[Summary, ...] = ()


class ChildRecords(Part, frozen=True, kw_only=True):
    """All records of one child among those of a call.

    The call is never all there is: a record that is not here may well exist.

    Attributes:
        records: the child's records whose shape is sound, in the order of the call.
        find: gives a record of the call by its id, whichever child it is about; None
            if it is not there or if two have that id.
        mentions: the child's mentions, one for each of the records.
        numbered: for each of the records, which of them a number of the child joins: those with the
            same entry. The others were joined by name and date of birth alone.
    """

    records: tuple[Summary, ...]
    mentions: tuple[Mention, ...]
    numbered: tuple[int, ...]
    find: Callable[[str], Summary | None]

    def of_type(self, *types: str) -> tuple[Summary, ...]:
        """Return the records of some types."""
        return tuple(record for record in self.records if record.record_type in types)

    def concerns(self, record: Summary, children: tuple[str, ...]) -> bool:
        """Return whether a list of local ids in a record names the child. An empty one does."""
        return not children or any(
            mention.id in children
            for own, mention in zip(self.records, self.mentions, strict=True)
            if own.number == record.number
        )

    def matched_by_identifier(self, one: Summary, other: Summary) -> bool:
        """Return whether two records belong together by a number, of the child or of a record."""
        if one.knows(other.record_id) or other.knows(one.record_id):
            return True
        joined = {
            entry
            for own, entry in zip(self.records, self.numbered, strict=True)
            if own.number in {one.number, other.number}
        }
        return len(joined) == 1

    def named(self, record: Summary, *places: str) -> Iterator[tuple[Named, Summary]]:
        """Yield the records that a record names for the child and that were given."""
        for name in record.named(*places):
            given = self.find(name.record_id) if name.record_id else None
            if given and given.number != record.number and self.concerns(record, name.children):
                yield name, given


def before(one: Day | None, other: Day | None) -> bool:
    """Return whether one day is surely before another: both are known."""
    return one is not None and other is not None and one < other


def latest(records: tuple[Summary, ...]) -> Summary | None:
    """Return the record of the latest day; the later in the call if there are several."""
    dated = [record for record in records if record.on]
    return max(dated, key=lambda record: (record.on or 0, record.number), default=None)


@cache
def across_rules() -> tuple[Rule, ...]:
    """Find every rule across records, sorted by code."""
    return rules_in(__name__.rpartition(".")[0])

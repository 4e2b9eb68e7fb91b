"""What the tests of the rules say, without pytest, for rules that were read anew.

It compares what ``test_every_rule.py``, ``test_edges.py`` and ``test_conformance.py``
compare: which rules the examples of a rule trip, what is found at the edges, and code
and place of everything that a conformance vector expects of these rules.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

import msgspec
from tests.helpers.conformance import FOLDER, area_of, read
from tests.helpers.edges import Edge, edges
from tests.helpers.rule_bases import AREA, base, patched
from tests.helpers.support import AS_OF

from eh_interop.checks.consistency import Consistency
from eh_interop.checks.rules.engine import Context, RecordNotSoundError, Rule
from eh_interop.core.findings import Layer
from eh_interop.standard.areas import Area
from eh_interop.standard.model import RECORDS
from eh_interop.standard.parts import collect

Seen = Counter[tuple[str, str]]
"""Codes and places."""


class Case:
    """A record that is read once and looked at by many mutants."""

    def __init__(
        self, document: Mapping[str, Any], area: Area, today: date = AS_OF, *, sound: bool = True
    ) -> None:
        """Read the record."""
        self._checks = checks(area, document["recordType"])
        self._document = document
        kind = RECORDS[document["recordType"]]
        whole = msgspec.convert(document, kind) if sound else None
        parts = collect(whole) if whole is not None else {}
        self._given = (whole, today, area.settings, area.facts, parts)
        self.applies = {rule.code for rules in self._checks._rules.values() for rule in rules}
        self._placed: dict[type[Any], Any] = {}

    def seen(self, rules: Sequence[Rule]) -> Seen:
        """Return what rules find. An exception of a rule is passed on: it kills the mutant."""
        context = Context(*self._given)
        found: Seen = Counter()
        for rule in rules:
            for part, place in self._parts(rule, context) if rule.code in self.applies else ():
                try:
                    found.update((rule.code, place + x.at) for x in rule.check(part, context))
                except RecordNotSoundError:
                    break
        return found

    def _parts(self, rule: Rule, context: Context) -> Any:
        kind = rule.looks_at
        if kind not in self._placed:
            self._placed[kind] = self._checks._placed(self._document, kind, context) or ()
        return self._placed[kind]


_CHECKS: dict[tuple[str, str, str], Consistency] = {}


def checks(area: Area, record_type: str) -> Consistency:
    """Return the rules that apply to a record type in an area, chosen once."""
    key = area.key, repr(sorted(area.settings.items())) + repr(area.facts), record_type
    if key not in _CHECKS:
        _CHECKS[key] = Consistency(area, record_type)
    return _CHECKS[key]


@dataclass(frozen=True)
class Examples:
    """The examples of a rule, and which codes of others its base trips anyway."""

    rule: str
    plain: Case
    passes: Case
    fails: Case

    def hold(self, rules: Sequence[Rule]) -> bool:
        """Tell whether the examples do what they should, as far as these rules see them."""
        others = codes(self.plain.seen(rules)) - {self.rule}
        own = {self.rule} & {rule.code for rule in rules}
        return (
            self.rule not in codes(self.passes.seen(rules))
            and codes(self.fails.seen(rules)) - others == own
        )


def codes(seen: Seen) -> set[str]:
    """Return the codes that were seen."""
    return {code for code, _ in seen}


def examples(rules: Sequence[Rule]) -> list[Examples]:
    """Read the examples of rules."""
    return [
        Examples(
            rule.code,
            Case(base(rule), AREA),
            Case(patched(rule, rule.passes), AREA),
            Case(patched(rule, rule.fails), AREA),
        )
        for rule in rules
    ]


@cache
def edge_cases() -> list[tuple[Edge, Case]]:
    """Read the records at the edges of rules."""
    return [(edge, Case(edge.record, edge.area)) for edge in edges()]


@dataclass(frozen=True)
class Vector:
    """A conformance vector, and what is expected of rules in it."""

    case: Case
    expected: Seen


@cache
def vectors() -> list[Vector]:
    """Read every conformance vector."""
    return [_vector(each) for path in sorted(FOLDER.rglob("*.ndjson")) for each in read(path)]


def _vector(stated: Mapping[str, Any]) -> Vector:
    expected = stated["expected"]["findings"]
    sound = not any(each["layer"] == Layer.SHAPE for each in expected)
    day = date.fromisoformat(stated["asOf"])
    return Vector(
        Case(stated["record"], area_of(stated), day, sound=sound),
        Counter((x["code"], x["place"]) for x in expected if x["layer"] == Layer.CONSISTENCY),
    )


def agree(rules: Sequence[Rule], known: Sequence[Examples]) -> Iterator[bool]:
    """Yield, quickest first, whether tests hold for these rules."""
    own = {each.code for each in rules}
    for each in known:
        yield each.hold(rules)
    for edge, case in edge_cases():
        if edge.rule.code in own:
            rule = [each for each in rules if each.code == edge.rule.code]
            yield sorted(place for _, place in case.seen(rule).elements()) == edge.places
    for vector in vectors():
        mine = [x for x in rules if x.code in vector.case.applies]
        expected = Counter({x: n for x, n in vector.expected.items() if x[0] in own})
        yield vector.case.seen(mine) == expected

"""Consistency: runs the rules that apply in an area over one record.

A record whose shape is sound is read into typed parts once. In a record whose
shape is not, every part that is sound by itself is still looked at, and rules
that need the whole record are listed as not run. A rule of ours that fails is
a fault: it is listed, and the other rules still run.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

import msgspec

from eh_interop.checks.rules.engine import Context, RecordNotSoundError, Rule, all_rules
from eh_interop.core.fence import fenced
from eh_interop.core.findings import NO_FIGURE, Finding, NotRun
from eh_interop.standard.areas import Area
from eh_interop.standard.model import RECORDS, Part
from eh_interop.standard.parts import collect, paths_to, raw_parts

_SHAPE_FIRST = "It needs the whole record, and the shape of this record is not sound yet."


class Consistency:
    """The rules for one record type in one area."""

    def __init__(self, area: Area, record_type: str) -> None:
        self._area = area
        self._kind = RECORDS[record_type]
        self._rules: dict[type[Part], list[Rule]] = defaultdict(list)
        self._not_stated: list[NotRun] = []
        for rule in all_rules():
            if not paths_to(self._kind, rule.looks_at) or not area.follows_any(rule.cites):
                continue
            if not all(map(area.has_setting, rule.needs)):
                self._not_stated.append(NotRun(rule.code, NO_FIGURE))
            else:
                severity = area.severity.get(rule.code, rule.severity)
                self._rules[rule.looks_at].append(replace(rule, severity=severity))

    def run(
        self, document: Mapping[str, Any], today: date, *, sound: bool
    ) -> tuple[list[Finding], list[NotRun]]:
        """Run the rules over one record.

        Args:
            document: the record.
            today: the day on which to judge.
            sound: whether the record's shape is sound.
        """
        whole = msgspec.convert(document, self._kind) if sound else None
        parts = collect(whole) if whole is not None else {}
        context = Context(whole, today, self._area.settings, self._area.facts, parts)
        findings: list[Finding] = []
        not_run = list(self._not_stated)
        for kind, rules in self._rules.items():
            placed = self._placed(document, kind, context)
            if placed is None:
                not_run += [NotRun(rule.code, _SHAPE_FIRST) for rule in rules]
                continue
            if not placed:
                continue
            for rule in rules:
                failed: list[str] = []
                with fenced(failed.append):
                    try:
                        _look(rule, placed, context, findings)
                    except RecordNotSoundError:
                        not_run.append(NotRun(rule.code, _SHAPE_FIRST))
                not_run += [NotRun(rule.code, why, fault=True) for why in failed]
        return findings, not_run

    def _placed(
        self, document: Mapping[str, Any], kind: type[Part], context: Context
    ) -> Sequence[tuple[Part, str]] | None:
        """Return the parts of a kind; None for the record itself if it is not sound."""
        if issubclass(self._kind, kind):
            return [(context.whole, "")] if context.whole is not None else None
        if context.whole is not None:
            return context.parts.get(kind, ())
        return list(self._sound_by_itself(document, kind))

    def _sound_by_itself(
        self, document: Mapping[str, Any], kind: type[Part]
    ) -> Iterator[tuple[Part, str]]:
        for value, place in raw_parts(document, self._kind, kind):
            try:
                yield msgspec.convert(value, kind), place
            except msgspec.ValidationError:
                continue  # the shape layer has already said what is wrong here


def _look(
    rule: Rule, placed: Sequence[tuple[Part, str]], context: Context, findings: list[Finding]
) -> None:
    """Let one rule look at its parts. What it saw before a fault is kept."""
    for part, place in placed:
        for seen in rule.check(part, context):
            findings += (rule.finding(seen, place),)

"""Consistency: runs the rules that apply in an area over one record.

A record whose shape is sound is read into typed parts once. In a record whose
shape is not, every part that is sound by itself is still looked at, and rules
that need the whole record are listed as not run. A rule of ours that fails is
a fault: it is listed, and the other rules still run.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import msgspec

from eh_interop.areas import Area
from eh_interop.findings import Finding, NotRun
from eh_interop.model import RECORDS, Part
from eh_interop.parts import parts, raw_parts, ways
from eh_interop.rules.engine import Context, RecordNotSoundError, Rule, all_rules

_SHAPE_FIRST = "It needs the whole record, and the shape of this record is not sound yet."


class Consistency:
    """The rules for one record type in one area."""

    def __init__(self, area: Area, record_type: str) -> None:
        """Choose the rules that apply."""
        self._area = area
        self._kind = RECORDS[record_type]
        self._rules: list[Rule] = []
        self._without_settings: list[NotRun] = []
        for each in all_rules():
            if not ways(self._kind, each.looks_at) or not area.cares_about(each.cites):
                continue
            missing = [name for name in each.needs if name not in area.settings]
            if missing:
                why = f"This area does not say: {', '.join(missing)}."
                self._without_settings.append(NotRun(each.code, why))
            else:
                severity = area.severity.get(each.code, each.severity)
                self._rules.append(replace(each, severity=severity))

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
        context = Context(whole, today, self._area.settings, self._area.facts)
        findings: list[Finding] = []
        not_run = list(self._without_settings)
        for each in self._rules:
            try:
                for part, place in self._parts(document, each, context):
                    findings += [each.finding(seen, place) for seen in each.check(part, context)]
            except RecordNotSoundError:
                not_run.append(NotRun(each.code, _SHAPE_FIRST))
            except Exception as fault:  # noqa: BLE001 (the other rules still run)
                not_run.append(NotRun(each.code, describe(fault), fault=True))
        return findings, not_run

    def _parts(
        self, document: Mapping[str, Any], rule: Rule, context: Context
    ) -> Iterator[tuple[Part, str]]:
        if context.whole is not None:
            yield from parts(context.whole, rule.looks_at)
            return
        if issubclass(self._kind, rule.looks_at):
            raise RecordNotSoundError
        for value, place in raw_parts(document, self._kind, rule.looks_at):
            try:
                yield msgspec.convert(value, rule.looks_at), place
            except msgspec.ValidationError:
                continue  # the shape layer has already said what is wrong here


def describe(fault: BaseException) -> str:
    """Say where our own code failed, without the exception's text: it may quote a record."""
    trace = fault.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    where = f" at {Path(trace.tb_frame.f_code.co_filename).name}:{trace.tb_lineno}" if trace else ""
    return f"Our own fault: {type(fault).__name__}{where}. Please report it."

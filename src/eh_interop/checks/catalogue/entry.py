"""One check, as the catalogue lists it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from eh_interop.checks.rules.engine import Rule
from eh_interop.core.findings import Layer, Severity
from eh_interop.standard.requirements import Requirement


@dataclass(frozen=True, slots=True, kw_only=True)
class CatalogueEntry:
    """One check.

    Attributes:
        code: stable code, never reused.
        name: the fault in words joined by hyphens.
        layer: which kind of check it is.
        severity: how much it matters, where no area says otherwise.
        title: the fault in a sentence, without full stop.
        why: why it matters.
        ask: the question to send back, if there is one.
        cites: the guidance clauses that it rests on.
        records: the record types in which it can be found; empty for every file.
        areas: the areas in which it applies, with the severity there.
        since: the first version of the standard that has it.
        source: the requirement or the rule; None for shape and reading.
    """

    code: str
    name: str
    layer: Layer
    severity: Severity
    title: str
    why: str
    ask: str | None = None
    cites: tuple[str, ...] = ()
    records: tuple[str, ...] = ()
    areas: Mapping[str, Severity]
    since: str
    source: Requirement | Rule | None = None

    @property
    def order(self) -> int:
        """The position of its layer: a record is read first and compared last."""
        return list(Layer).index(self.layer)

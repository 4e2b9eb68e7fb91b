"""What an area is, once it has been read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any

from eh_interop.core.findings import Severity, Waiver
from eh_interop.standard.guidance import Clause, Document, clauses
from eh_interop.standard.requirements import Requirement, load_requirements
from eh_interop.standard.schemas import Standard


@dataclass(frozen=True, kw_only=True, eq=False)
class Area:
    """One local authority's settings.

    Attributes:
        key: short name, such as ``gloucestershire``.
        title: name for people.
        extends: the areas it builds on, nearest first.
        follows: keys of the guidance documents whose clauses apply here.
        do_now: what to do when a child may be at immediate risk, one sentence each.
        settings: figures that the guidance has_setting, by name.
        labels: local words for codes: code list, then code, then label.
        aliases: local spellings of codes: code list, then spelling, then code.
        requirements: local requirements, beside those of the standard.
        severity: requirement or rule codes whose severity is raised here.
        waivers: requirement or rule codes with which the area lives for a time.
        documents: guidance documents of its own, beside those of the standard.
        clauses: clauses of its own, beside those of the standard.
        facts: everything else in the file (districts, roles and the like): see :meth:`has_setting`.
        origin: what to give to :func:`load_area` to get this area again.
    """

    key: str
    title: str
    extends: tuple[str, ...] = ()
    follows: frozenset[str] = frozenset()
    do_now: tuple[str, ...] = ()
    settings: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))
    labels: Mapping[str, Mapping[str, str]] = field(default_factory=lambda: MappingProxyType({}))
    aliases: Mapping[str, Mapping[str, str]] = field(default_factory=lambda: MappingProxyType({}))
    requirements: tuple[Requirement, ...] = ()
    severity: Mapping[str, Severity] = field(default_factory=lambda: MappingProxyType({}))
    waivers: Mapping[str, Waiver] = field(default_factory=lambda: MappingProxyType({}))
    documents: Mapping[str, Document] = field(default_factory=lambda: MappingProxyType({}))
    clauses: Mapping[str, Clause] = field(default_factory=lambda: MappingProxyType({}))
    facts: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}), repr=False)
    origin: str = ""

    def follows_any(self, cites: tuple[str, ...]) -> bool:
        """Return whether one of the cited clauses is from a document that this area follows."""
        known = {**clauses(), **self.clauses} if self.clauses else clauses()
        return any(known[cite].document in self.follows for cite in cites)

    def has_setting(self, name: str) -> bool:
        """Return whether the area gives what a rule needs.

        Args:
            name: a setting, such as ``oldest-age``, or another fact by its path,
                such as ``roles.non-case-holding``. An empty list has_setting nothing.
        """
        if name in self.settings:
            return True
        held: Any = self.facts
        for key in name.split("."):
            held = held.get(key) if isinstance(held, Mapping) else None
        return held not in (None, [], {})

    def label(self, codelist: str, code: str) -> str:
        """Return the local word for a code, or the code itself."""
        return self.labels.get(codelist, {}).get(code, code)

    def requires(self, standard: Standard, record_type: str) -> tuple[Requirement, ...]:
        """Return every requirement that applies here to a record type, sorted by code."""
        applying = (
            *(
                requirement
                for requirement in load_requirements(standard, record_type)
                if self.follows_any(requirement.cites)
            ),
            *(own for own in self.requirements if own.applies_to(record_type)),
        )
        raised = (
            replace(check, severity=self.severity.get(check.code, check.severity))
            for check in applying
        )
        return tuple(sorted(raised, key=lambda requirement: requirement.code))

"""What records can be converted to. Each module here holds one or more targets.

A target that makes each record by itself (:class:`EachTarget`) can run in several
processes and go on where it was stopped. One that looks at all records together
(:class:`WholeTarget`) begins anew.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules
from typing import Any, Protocol, runtime_checkable

from eh_interop.core.findings import Finding


@dataclass(frozen=True, slots=True)
class Settings:
    """What a target may want to know. It can be sent to another process.

    Attributes:
        as_of: the day on which ages and windows are reckoned.
        verify: ``all``, ``sample`` or ``none``: which FHIR documents are verified fully.
        forms: for a return, the forms of its files (``csv``, ``xlsx``); empty for the usual one.
        authority: for the census, the council's three digits.
        prove: read tables back and compare them with the records.
    """

    as_of: date
    verify: str = "all"
    forms: tuple[str, ...] = ()
    authority: str = ""
    prove: bool = False


@dataclass(frozen=True, slots=True)
class Made:
    """What became of one record.

    Attributes:
        data: the record in the target's form; None if it was not written.
        findings: what was found when it was made.
    """

    data: bytes | None
    findings: tuple[Finding, ...] = ()


@runtime_checkable
class EachTarget(Protocol):
    """A format in which each record stands by itself."""

    name: str
    suffix: str
    """How the name of a record's own file ends; empty if all records share one file."""
    shared: str
    """The name of the file that all records share; empty if each has its own."""
    has_lines: bool
    """Each record is one line, so that several can stand one after the other."""

    def make(self, record: Mapping[str, Any], number: int, settings: Settings) -> Made:
        """Make one record, the ``number``-th from 0. Its bytes end with a line break."""


@runtime_checkable
class WholeTarget(Protocol):
    """A format that holds all records together."""

    name: str

    def write(
        self, records: Iterable[Mapping[str, Any]], folder: Path, settings: Settings
    ) -> Iterable[Finding]:
        """Write all records into a folder that exists and is empty."""


Target = EachTarget | WholeTarget


@cache
def targets() -> Mapping[str, Target]:
    """Return every target by its name."""
    found: dict[str, Target] = {}
    for module in iter_modules(__path__, f"{__name__}."):
        for value in vars(import_module(module.name)).values():
            if isinstance(value, EachTarget | WholeTarget) and not isinstance(value, type):
                found[value.name] = value
    return dict(sorted(found.items()))

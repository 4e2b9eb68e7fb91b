"""Baselines: findings that are known, with an owner, a reason and an end.

A team that begins with old records has many findings at once. A baseline keeps
them in sight and lets only new ones fail a build. It holds fingerprints, codes
and what people wrote there: no value, no line number and no name from a record.
"""

from __future__ import annotations

import json
import tomllib
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Final

from eh_interop.checks.record_report import RecordReport
from eh_interop.core.atomic import replaced_file
from eh_interop.core.errors import BaselineError, OutputError
from eh_interop.core.findings import Finding, Severity
from eh_interop.core.resources import folder
from eh_interop.standard.schemas import CURRENT
from eh_interop.standard.toml_forms import form_fault, plain

GRACE: Final = timedelta(days=30)
"""How long a new entry holds: time to name an owner, a reason and a better day."""

_HEAD: Final = """\
# Known findings: they are reported and not counted until the day under "expires" is over.
# Give each an owner and a reason. Written by eh-interop check --write-baseline.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """One entry of a baseline.

    Attributes:
        fingerprint: what the finding is known by.
        code: the check that found it.
        name: the same in words.
        owner: who looks after it.
        reason: why it is still there.
        expires: the last day on which it is not counted.
        count: how many findings it stands for.
    """

    fingerprint: str
    code: str
    name: str
    owner: str
    reason: str
    expires: date
    count: int = 1

    def as_json(self) -> dict[str, Any]:
        """Return every part, as the file and the report have it."""
        return {**asdict(self), "expires": self.expires.isoformat()}


Entries = Mapping[str, Known]
"""The entries of a baseline, by fingerprint."""


@dataclass(slots=True)
class Baseline:
    """A baseline during one run. It counts what it meets and keeps no record.

    Attributes:
        entries: what was known before the run.
        as_of: the day on which to judge what has expired.
        collects: remember new findings as well, to write them.
        met: how many findings there were of each fingerprint.
        unknown: how many findings have no fingerprint, because their record has no id.
        whole: every record was looked at and could be read.
    """

    entries: Entries
    as_of: date
    collects: bool = False
    met: Counter[str] = field(default_factory=Counter)
    unknown: int = 0
    whole: bool = True
    _seen: dict[str, Finding] = field(default_factory=dict, repr=False)

    def mark(self, report: RecordReport) -> RecordReport:
        """Mark the findings that are known. What to do with the record stays as it is."""
        if report.record_type is None:
            self.whole = False
            return report
        return replace(report, findings=tuple(map(self._marked, report.findings)))

    def _marked(self, finding: Finding) -> Finding:
        if finding.severity is Severity.INFO:
            return finding
        if finding.fingerprint is None:
            self.unknown += 1
            return finding
        entry = self.entries.get(finding.fingerprint)
        if entry is None and not self.collects:
            return finding
        self.met[finding.fingerprint] += 1
        if self.collects:
            self._seen.setdefault(finding.fingerprint, finding)
        if entry is None or self._over(entry) or self.met[entry.fingerprint] > entry.count:
            return finding
        return replace(finding, known=True)

    def _over(self, entry: Known) -> bool:
        return self.as_of > entry.expires

    def expired(self) -> tuple[Known, ...]:
        """Return the entries whose day is over although the finding is still there."""
        return tuple(
            entry for entry in self.entries.values() if self._over(entry) and self._has(entry)
        )

    def stale(self, takes: Callable[[str], bool]) -> tuple[Known, ...]:
        """Return the entries whose finding is gone.

        Args:
            takes: tells whether findings with a code were asked for at all.
        """
        if not self.whole:
            return ()
        return tuple(
            entry for entry in self.entries.values() if takes(entry.code) and not self._has(entry)
        )

    def _has(self, entry: Known) -> bool:
        return entry.fingerprint in self.met

    def updated(self, takes: Callable[[str], bool]) -> tuple[Known, ...]:
        """Return what to write: what was found, with what people wrote about it before."""
        gone = {entry.fingerprint for entry in self.stale(takes)}
        kept = {key: entry for key, entry in self.entries.items() if key not in gone}
        new = {key: self._entry(key, finding) for key, finding in self._seen.items()}
        order = sorted({**kept, **new}.values(), key=lambda entry: (entry.code, entry.fingerprint))
        return tuple(order)

    def _entry(self, fingerprint: str, finding: Finding) -> Known:
        count = self.met[fingerprint]
        if fingerprint in self.entries:
            return replace(self.entries[fingerprint], count=count)
        return Known(
            fingerprint=fingerprint,
            code=finding.code,
            name=finding.name,
            owner="",
            reason="",
            expires=self.as_of + GRACE,
            count=count,
        )


def read_baseline(path: Path) -> Entries:
    """Read a baseline: JSON if the file ends in ``.json``, otherwise TOML.

    Raises:
        BaselineError: the file cannot be read or is not in the form of its schema.
    """
    try:
        text = path.read_text(encoding="utf-8")
        given = plain(json.loads(text) if path.suffix == ".json" else tomllib.loads(text))
    except (OSError, ValueError):
        raise BaselineError(f"The baseline {path.name} cannot be read.") from None
    if fault := form_fault(given, folder("schemas") / CURRENT / "baseline.schema.json"):
        where = fault.at or "the file"
        raise BaselineError(f"The baseline {path.name} is not right at {where}: {fault.message}.")
    entries: dict[str, Known] = {}
    for table in given.get("known", ()):
        entry = Known(**{**table, "expires": date.fromisoformat(table["expires"])})
        if entry.fingerprint in entries:
            raise BaselineError(
                f"The baseline {path.name} has the fingerprint {entry.fingerprint} twice."
            )
        entries[entry.fingerprint] = entry
    return entries


def write_baseline(path: Path, entries: Iterable[Known]) -> None:
    """Write a baseline, so that nobody ever reads half of it.

    Raises:
        BaselineError: the file cannot be written.
    """
    known = [entry.as_json() for entry in entries]
    if path.suffix == ".json":
        text = json.dumps({"known": known}, indent=2, ensure_ascii=False) + "\n"
    else:
        text = "\n".join([_HEAD, *map(_table, known)])
    try:
        with replaced_file(path, "w", encoding="utf-8", newline="\n") as file:
            file.write(text)
    except OutputError as problem:
        raise BaselineError(f"The baseline {problem}") from None


def _table(entry: Mapping[str, Any]) -> str:
    """Write an entry in TOML. A basic string of TOML is written as in JSON, but for DEL."""
    lines = (f"{key} = {_value(key, value)}" for key, value in entry.items())
    return "\n".join(["[[known]]", *lines, ""])


def _value(key: str, value: Any) -> str:
    if key == "expires":
        return str(value)
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")

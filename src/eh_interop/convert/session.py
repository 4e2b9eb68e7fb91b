"""One conversion from beginning to end: what is read, what becomes of it, and what is said."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, Final

import orjson

from eh_interop.convert.prepared import Given, prepare
from eh_interop.convert.rejects import Rejects, is_rejects
from eh_interop.convert.running import Converted, Work, convert_many, converted
from eh_interop.convert.staging import MANIFEST, Staging
from eh_interop.convert.targets import EachTarget, Made, WholeTarget, targets
from eh_interop.convert.targets.returns import NOTES
from eh_interop.core.findings import Finding, Severity
from eh_interop.core.pointer import join
from eh_interop.reading import SourceRecord
from eh_interop.standard.schemas import CURRENT

FINDINGS: Final = "findings.ndjson"
"""The file with what was found, one line for each record of which something is said."""
LINEAGE: Final = "lineage.ndjson"
"""The file that says where each value stood in its source. It holds places, and no values."""
EVERY: Final = 200
"""So many records are done between two notes in the journal."""

Tell = Callable[[Converted], None]


def is_about(name: str) -> bool:
    """Tell whether a file tells of a conversion, and holds nothing of what was converted."""
    return name in {MANIFEST, FINDINGS, LINEAGE, NOTES} or is_rejects(name)


@dataclass(slots=True)
class Tally:
    """What a conversion did, counted. It holds nothing of any record."""

    records: int = 0
    written: int = 0
    unreadable: int = 0
    severities: Counter[str] = field(default_factory=Counter)
    codes: Counter[str] = field(default_factory=Counter)

    def add(self, one: Converted) -> None:
        """Count one record. A file that could not be read to its end counts as one."""
        self.count(one.findings)
        if one.is_record or any(finding.severity is Severity.ERROR for finding in one.findings):
            self.records += 1
            self.written += one.data is not None
            self.unreadable += one.data is None

    def count(self, findings: Iterable[Finding]) -> None:
        """Count what was found."""
        for finding in findings:
            self.severities[finding.severity.value] += 1
            self.codes[finding.code] += 1

    def as_json(self) -> dict[str, Any]:
        """Return the counts for the manifest and the journal."""
        return {
            "records": self.records,
            "written": self.written,
            "notConverted": self.unreadable,
            "findings": dict(sorted(self.codes.items())),
            "severities": dict(sorted(self.severities.items())),
        }

    @classmethod
    def of(cls, counts: Mapping[str, Any]) -> Tally:
        """Go on counting from what a journal says."""
        if not counts:
            return cls()
        return cls(
            counts["records"],
            counts["written"],
            counts["notConverted"],
            Counter(counts["severities"]),
            Counter(counts["findings"]),
        )


def convert_into(
    staging: Staging,
    raws: Iterable[SourceRecord | Given],
    work: Work,
    jobs: int,
    tell: Tell,
    extra: Callable[[], Mapping[str, Any]] = dict,
) -> Tally:
    """Convert records into a folder; return the counts.

    Args:
        staging: where to; it knows how much an earlier run has done.
        raws: every record, from the first.
        work: what they become.
        jobs: how many processes. The bytes are the same with any number.
        tell: told of each record.
        extra: what else the manifest says; asked when all records are done.

    Raises:
        OutputError: the folder cannot be written. What is done is kept.
    """
    target = targets()[work.target]
    tally = Tally.of(staging.counts)
    notes = _Notes(staging, lineage=work.lineage)
    if isinstance(target, EachTarget):
        _each(staging, raws, work, jobs, tell, target, tally, notes)
    else:
        _whole(staging, raws, work, tell, target, tally, notes)
    manifest = {
        "standard": CURRENT,
        **staging.plan,
        **tally.as_json(),
        **extra(),
    }
    staging.finish(manifest, is_about)
    return tally


def _each(
    staging: Staging,
    raws: Iterable[SourceRecord | Given],
    work: Work,
    jobs: int,
    tell: Tell,
    target: EachTarget,
    tally: Tally,
    notes: _Notes,
) -> None:
    numbered = islice(enumerate(raws), staging.done, None)
    for number, one in enumerate(convert_many(numbered, work, jobs), staging.done):
        if one.data is not None and target.shared:
            staging.append(target.shared, one.data)
        elif one.data is not None:
            staging.write(f"{number + 1:06}-{one.record_id}{target.suffix}", one.data)
        notes.add(one)
        tally.add(one)
        tell(one)
        if (number + 1) % EVERY == 0:
            staging.keep(number + 1, tally.as_json())


def _whole(
    staging: Staging,
    raws: Iterable[SourceRecord | Given],
    work: Work,
    tell: Tell,
    target: WholeTarget,
    tally: Tally,
    notes: _Notes,
) -> None:
    def records() -> Iterator[Mapping[str, Any]]:
        for raw in raws:
            ready = prepare(raw)
            one = converted(raw, ready, Made(None if ready.record is None else b""))
            notes.add(one)
            tally.add(one)
            tell(one)
            if ready.record is not None:
                yield ready.record

    folder = staging.folder()
    with staging.telling():
        found = tuple(target.write(records(), folder, work.settings))
    whole = Converted("", 1, None, b"", found, is_record=False)
    notes.add(whole)
    tally.count(found)
    tell(whole)


class _Notes:
    """Keeps what was found, where values stood, and the rows that a partner has to mend.

    A finding never holds a value of the record; the rows are the partner's own.
    """

    def __init__(self, staging: Staging, *, lineage: bool) -> None:
        self._staging, self._lineage = staging, lineage
        self._rejects = Rejects(staging)

    def add(self, one: Converted) -> None:
        """Keep what there is of one record."""
        if one.rows:
            self._rejects.add(one)
        if one.lineage and self._lineage:
            self._staging.append(LINEAGE, b"".join(_lineage(one)))
        if one.findings:
            line = {
                "source": one.source,
                "line": one.line,
                "recordId": one.record_id,
                "findings": [_finding(finding) for finding in one.findings],
            }
            self._staging.append(FINDINGS, orjson.dumps(line, option=orjson.OPT_APPEND_NEWLINE))


def _lineage(one: Converted) -> Iterator[bytes]:
    for steps, where in one.lineage.items():
        line = {"recordId": one.record_id, "place": join(steps), "from": where}
        yield orjson.dumps(line, option=orjson.OPT_APPEND_NEWLINE)


def _finding(finding: Finding) -> dict[str, Any]:
    origin = finding.origin
    where: dict[str, Any] = {"line": origin.line, "column": origin.column} if origin else {}
    if origin and origin.path:
        where["path"] = origin.path
    return {
        "code": finding.code,
        "severity": finding.severity,
        "place": finding.place,
        **({"origin": where} if where else {}),
        "message": finding.message,
    }

"""Records as statutory returns and shared tables."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import orjson

from eh_interop.convert.targets import Settings
from eh_interop.core.findings import Finding

NOTES: Final = "notes.json"
"""The file that says how many rows there are, and what the return does not carry."""


@dataclass(frozen=True, slots=True)
class _Return:
    name: str

    def write(
        self, records: Iterable[Mapping[str, Any]], folder: Path, settings: Settings
    ) -> Iterable[Finding]:
        """Write the return and, beside it, what it leaves out."""
        from eh_interop.convert.inputs import in_prose
        from eh_interop.formats.returns import ReturnOptions, write_return

        options = ReturnOptions(formats=settings.forms, authority=settings.authority)
        result = write_return(self.name, records, folder, settings.as_of, options)
        notes = {
            "edition": result.edition,
            "rows": dict(result.rows),
            "outside": dict(result.outside),
            "ignored": dict(result.ignored),
            "lost": [
                {"record": loss.record, "field": loss.pointer, "why": loss.why}
                for loss in result.lost
            ],
            "unfilled": dict(result.unfilled),
            "notes": list(result.notes),
        }
        (folder / NOTES).write_bytes(orjson.dumps(notes, option=orjson.OPT_INDENT_2) + b"\n")
        return [in_prose(written.finding) for written in result.findings]


ANNEX_A: Final = _Return("annex-a")
SSD: Final = _Return("ssd")
CIN: Final = _Return("cin")

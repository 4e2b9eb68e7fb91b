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
        from eh_interop.convert.inputs import finding_of
        from eh_interop.formats.returns import Options, write_return

        options = Options(formats=settings.forms, authority=settings.authority)
        written = write_return(self.name, records, folder, settings.as_of, options)
        notes = {
            "edition": written.edition,
            "rows": dict(written.rows),
            "outside": dict(written.outside),
            "ignored": dict(written.ignored),
            "lost": [
                {"record": each.record, "field": each.pointer, "why": each.why}
                for each in written.lost
            ],
            "unfilled": dict(written.unfilled),
            "notes": list(written.notes),
        }
        (folder / NOTES).write_bytes(orjson.dumps(notes, option=orjson.OPT_INDENT_2) + b"\n")
        return [finding_of(remark) for remark in written.remarks]


ANNEX_A: Final = _Return("annex-a")
SSD: Final = _Return("ssd")
CIN: Final = _Return("cin")

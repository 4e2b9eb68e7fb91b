"""Records as JSON: a file for each, or one with a record on each line."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import orjson

from eh_interop.convert.targets import Made, Settings


@dataclass(frozen=True, slots=True)
class _Json:
    name: str
    suffix: str
    shared: str
    option: int
    has_lines: bool

    def make(self, record: Mapping[str, Any], number: int, settings: Settings) -> Made:
        """Write the record as it is."""
        del number, settings
        return Made(orjson.dumps(record, option=self.option))


JSON: Final = _Json(
    "json", ".json", "", orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE, has_lines=False
)
NDJSON: Final = _Json("ndjson", "", "records.ndjson", orjson.OPT_APPEND_NEWLINE, has_lines=True)

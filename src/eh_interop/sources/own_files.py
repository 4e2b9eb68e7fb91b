"""Files that we ourselves write beside records: they tell of a conversion and hold no record."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import orjson

from eh_interop.reading.source_record import REJECTS

MANIFEST: Final = "manifest.json"
"""What a conversion did. A folder with it is complete."""
FINDINGS: Final = "findings.ndjson"
"""What was found, one line for each record of which something is said."""
LINEAGE: Final = "lineage.ndjson"
"""Where each value stood in its source. It holds places, and no values."""
NOTES: Final = "notes.json"
"""What a statutory return could not hold."""


def is_sidecar_name(name: str) -> bool:
    """Return whether a file of that name tells of a conversion, if it is ours."""
    return name in {MANIFEST, FINDINGS, LINEAGE, NOTES} or name.startswith(REJECTS)


def is_sidecar(path: Path) -> bool:
    """Return whether a file tells of a conversion: such files stand beside a manifest of ours."""
    return is_sidecar_name(path.name) and _is_ours(path.parent / MANIFEST)


def _is_ours(manifest: Path) -> bool:
    try:
        content = orjson.loads(manifest.read_bytes())
    except (OSError, orjson.JSONDecodeError):
        return False
    return isinstance(content, dict) and str(content.get("tool", "")).startswith("eh-interop ")

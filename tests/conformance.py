"""Makes the conformance vectors from the examples."""

from __future__ import annotations

import json
from collections import defaultdict
from pathlib import Path

import orjson

from eh_interop import check
from support import AS_OF, EXAMPLES, SCHEMAS

FOLDER = SCHEMAS / "conformance"


def vectors() -> dict[Path, bytes]:
    """Return every file of vectors with its content."""
    lines: dict[Path, list[bytes]] = defaultdict(list)
    for path in sorted(EXAMPLES.rglob("*.json")):
        record = json.loads(path.read_text("utf-8"))
        report = check(record, as_of=AS_OF)
        vector = {
            "name": path.relative_to(EXAMPLES).with_suffix("").as_posix(),
            "area": report.area,
            "asOf": AS_OF,
            "record": record,
            "expected": {
                "disposition": report.disposition,
                "findings": [
                    {
                        "code": each.code,
                        "layer": each.layer,
                        "severity": each.severity,
                        "place": each.place,
                    }
                    for each in report.findings
                ],
            },
        }
        lines[FOLDER / f"{record['recordType']}.ndjson"].append(orjson.dumps(vector))
    return {path: b"\n".join(each) + b"\n" for path, each in lines.items()}

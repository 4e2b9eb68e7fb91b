"""Makes ``examples/invalid/``: for each requirement, a small record with exactly that fault.

A requirement's own ``example`` says how to break a valid example. What does not
matter for the fault is then left out, as long as the finding stays the same.
"""

from __future__ import annotations

import copy
import csv
import io
import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tests.helpers.support import AS_OF, EXAMPLES, Expected, broken, findings

from eh_interop import check
from eh_interop.standard.requirements import Requirement, load_requirements
from eh_interop.standard.schemas import load_standard

INVALID = EXAMPLES / "invalid"
KEPT = {"recordType", "standardVersion", "recordId", "area"}


def requirements() -> dict[str, Requirement]:
    """Return every requirement of the standard, by code."""
    standard = load_standard()
    return {
        requirement.code: requirement
        for record_type in standard.record_types
        for requirement in load_requirements(standard, record_type)
    }


def path_of(requirement: Requirement) -> Path:
    """Return the file of a requirement's invalid example."""
    return INVALID / f"{requirement.code}-{requirement.name}.json"


def smallest(document: dict[str, Any], code: str) -> dict[str, Any]:
    """Leave out whatever is not needed for the one finding, and what other findings rest on."""
    document = copy.deepcopy(document)
    others = _beside(findings(document), code) or Counter()
    for holder, key in _removable(document):
        kept = holder[key]
        position = list(holder).index(key) if isinstance(holder, dict) else key
        del holder[key]
        left = _beside(findings(document), code)
        if left is None or left - others:
            put_back(holder, key, kept, position)
        else:
            others = left
    return document


def _beside(found: list[Expected], code: str) -> Counter[str] | None:
    """Count the findings beside the one that is wanted; None if something worse is there."""
    codes = Counter(each for each, _, _ in found)
    if codes.pop(code, 0) != 1 or any(each.startswith("SHP") for each in codes):
        return None
    return codes


def _removable(holder: Any) -> Iterator[tuple[Any, Any]]:
    """Yield what could be left out, from the outside in and from the end of lists."""
    if isinstance(holder, dict):
        for key in [key for key in holder if key not in KEPT]:
            yield holder, key
            if key in holder:
                yield from _removable(holder[key])
    elif isinstance(holder, list):
        for number in reversed(range(len(holder))):
            before = len(holder)
            yield holder, number
            if len(holder) == before:
                yield from _removable(holder[number])


def put_back(holder: Any, key: Any, value: Any, position: Any) -> None:
    """Put something back where it was."""
    if isinstance(holder, list):
        holder.insert(key, value)
        return
    entries = list(holder.items())
    entries.insert(position, (key, value))
    holder.clear()
    holder.update(entries)


def invalid_example(requirement: Requirement) -> bytes:
    """Make the invalid example of a requirement."""
    document = smallest(broken(dict(requirement.example or {})), requirement.code)
    text = json.dumps(document, indent=2, ensure_ascii=False)
    return f"{text}\n".encode()


def write_invalid_examples() -> None:
    """Write every invalid example anew, and remove those that nobody needs any more."""
    INVALID.mkdir(exist_ok=True)
    wanted = {path_of(each): each for each in requirements().values()}
    for path in INVALID.glob("*.json"):
        if path not in wanted:
            path.unlink()
    for path, requirement in wanted.items():
        path.write_bytes(invalid_example(requirement))


def expectations() -> bytes:
    """Say what is found in every example: the content of ``expected.csv``."""
    out = io.StringIO()
    rows = csv.writer(out, lineterminator="\n")
    rows.writerow(["file", "disposition", "code", "severity", "place"])
    for path in sorted(EXAMPLES.rglob("*.json")):
        name = path.relative_to(EXAMPLES).as_posix()
        report = check(path.read_bytes(), as_of=AS_OF)
        for finding in report.findings or [None]:
            told = [finding.code, finding.severity, finding.place] if finding else ["", "", ""]
            rows.writerow([name, report.disposition, *told])
    return out.getvalue().encode()

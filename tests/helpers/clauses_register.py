"""Says in ``clauses.csv`` what carries each clause.

Requirements, rules, checks of packs, code lists and aliases cite the clauses that
they answer to, so their part of the register is made from them. Fields, area
settings, reports and reasons for having nothing are written by hand and kept.
"""

from __future__ import annotations

import csv
import io
import re
import tomllib
from collections import defaultdict
from collections.abc import Iterable, Iterator

from eh_interop.checks.across.records import across_rules
from eh_interop.checks.rules.engine import all_rules
from eh_interop.core.findings import Layer
from eh_interop.standard.finding_codes import finding_codes
from eh_interop.standard.guidance import clauses
from eh_interop.standard.requirements import load_requirements
from eh_interop.standard.schemas import Standard, load_standard

CITED = re.compile(r"\b[A-Z]-[0-9]{3}\b")
MADE = ("requirement:", "rule:", "pack:", "codelist:", "alias:")


def citations() -> dict[str, list[str]]:
    """Return what cites each clause."""
    found: dict[str, set[str]] = defaultdict(set)
    for carrier, cites in _citing():
        for cite in cites:
            found[cite].add(carrier)
    return {
        clause: sorted(carriers, key=lambda each: (MADE.index(each.split(":")[0] + ":"), each))
        for clause, carriers in found.items()
    }


def _citing() -> Iterator[tuple[str, Iterable[str]]]:
    """Yield everything that cites clauses."""
    standard = load_standard()
    for record_type in standard.record_types:
        for requirement in load_requirements(standard, record_type):
            yield f"requirement:{requirement.code}", requirement.cites
    for rule in (*all_rules(), *across_rules()):
        yield f"rule:{rule.code}", rule.cites
    yield from _of_packs(standard)
    for name in standard.codelists:
        for row in standard.codes(name):
            yield f"codelist:{name}", CITED.findall(row.source)
    with (standard.root / "aliases.csv").open(encoding="utf-8", newline="") as file:
        for alias in csv.DictReader(file):
            yield f"alias:{alias['codelist']}", CITED.findall(alias["source"])


def _of_packs(standard: Standard) -> Iterator[tuple[str, Iterable[str]]]:
    for path in sorted((standard.root / "packs").glob("*.toml")):
        for requirement in tomllib.loads(path.read_text("utf-8"))["requirement"]:
            yield f"pack:{requirement['code']}", requirement["cites"]
    for code in finding_codes().values():
        if code.layer is Layer.PACK:
            yield f"pack:{code.code}", code.cites


def by_hand(carried_by: str) -> list[str]:
    """Return the carriers of a clause that were written by hand."""
    return [part for part in carried_by.split("; ") if part and not part.startswith(MADE)]


def register() -> bytes:
    """Return what ``clauses.csv`` should hold."""
    cited = citations()
    out = io.StringIO()
    rows = csv.writer(out, lineterminator="\n")
    rows.writerow(["id", "document", "kind", "says", "carried_by"])
    for clause in clauses().values():
        carriers = [*by_hand(clause.carried_by), *cited.get(clause.id, ())]
        rows.writerow([clause.id, clause.document, clause.kind, clause.says, "; ".join(carriers)])
    return out.getvalue().encode()

"""One run: which modules, which tests, and what is told at the end."""

from __future__ import annotations

import csv
import sys
from collections.abc import Sequence
from pathlib import Path

from mutants import mutants
from runner import Test, survivors

ROOT = Path(__file__).parents[2]
SOURCE = ROOT / "src" / "eh_interop"
COMPLETENESS = {"completeness": "checks", "requirements": "standard"}
"""Modules that are tried besides the rules, and their rooms."""
LEFT_OUT = ("__init__", "engine")
"""In rules: what states no rule. The engine's mutants break every rule or none."""
ACCOUNTED = Path(__file__).with_name("accounted.csv")


def main(wanted: Sequence[str]) -> int:
    """Try the mutants of some modules, or of all. Returns 1 if a survivor is not accounted for."""
    known = accounted()
    made = lived = left = 0
    for module in wanted or every():
        tried = mutants(module, path(module).read_text("utf-8"))
        alive = survivors(tried, tests_of(module))
        unknown = [each for each in alive if each.key not in known]
        tell(f"{module}: {len(tried)} mutants, {len(alive)} survive, {len(unknown)} unaccounted")
        for each in unknown:
            tell(f"  {module}:{each.line} {each.function}\n    - {each.was}\n    + {each.now}")
        made, lived, left = made + len(tried), lived + len(alive), left + len(unknown)
    share = (made - lived) / made
    tell(f"{made} mutants, {made - lived} killed ({share:.1%}), {left} unaccounted")
    return 1 if left else 0


def tell(line: str) -> None:
    """Print at once: a run takes long."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def every() -> list[str]:
    """Return the modules that are tried."""
    rules = sorted(each.stem for each in (SOURCE / "checks" / "rules").glob("*.py"))
    return [*COMPLETENESS, *(rule for rule in rules if rule not in LEFT_OUT)]


def path(module: str) -> Path:
    """Return where the source of a module is."""
    return SOURCE / COMPLETENESS.get(module, "checks/rules") / f"{module}.py"


def accounted() -> dict[tuple[str, ...], str]:
    """Return the survivors that are accounted for, and how; see ``docs/mutation.md``."""
    with ACCOUNTED.open(encoding="utf-8", newline="") as file:
        return {
            (row["module"], row["function"], row["was"], row["now"]): row["kind"]
            for row in csv.DictReader(file)
        }


def tests_of(module: str) -> Test:
    """Return what tries a mutant of a module. Only what it needs is imported."""
    if module in COMPLETENESS:
        import completeness

        return completeness.holds
    import in_place

    return in_place.prepared(module)

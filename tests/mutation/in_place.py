"""Mutants of modules of rules: only what can see the mutant is read anew in this process."""

from __future__ import annotations

from functools import partial

from direct import all_pass
from modules import read_anew, rules_of
from mutants import Mutant
from oracle import Examples, agree, examples
from runner import Test

ARITHMETIC = "tests.checks.rules.test_date_arithmetic"
DATES = "tests.checks.rules.test_dates"
BESIDE = {
    "_fields": DATES,
    "_help": ARITHMETIC,
    "dates": DATES,
    "indicators": ARITHMETIC,
    "reviews": ARITHMETIC,
}
"""Tests that stand in no table, of modules that have such tests."""


def prepared(module: str) -> Test:
    """Read the examples of a module's rules once. The real module has to pass, of course."""
    known = examples(rules_of(module))
    if not all(agree(rules_of(module), known)):
        raise RuntimeError(f"The tests of {module} do not hold without a mutant.")
    return partial(_holds, known)


def _holds(known: list[Examples], mutant: Mutant) -> bool:
    read_anew(mutant.module, mutant.source)
    if mutant.module in BESIDE and not all_pass(BESIDE[mutant.module]):
        return False
    return all(agree(rules_of(mutant.module), known))

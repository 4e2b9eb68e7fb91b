"""Modules of the rules, read anew in this process from source that may be a mutant."""

from __future__ import annotations

import re
import sys
from functools import cache
from pathlib import Path
from types import CodeType

from eh_interop.checks.rules import engine
from eh_interop.checks.rules.engine import Rule, all_rules

FOLDER = Path(engine.__file__).parent
PACKAGE = "eh_interop.checks.rules"
_IMPORT = re.compile(rf"^from {re.escape(PACKAGE)}\.(\w+) import", re.MULTILINE)


def families() -> list[str]:
    """Return the modules whose mutants can be read anew: all but the engine."""
    all_rules()  # imports them
    return sorted(
        path.stem for path in FOLDER.glob("*.py") if path.stem not in {"__init__", "engine"}
    )


def source(module: str) -> str:
    """Return the source of a module of the rules."""
    return (FOLDER / f"{module}.py").read_text("utf-8")


@cache
def with_dependents(module: str) -> tuple[str, ...]:
    """Return a module and all that import it, in an order in which they can be read."""
    uses = {name: set(_IMPORT.findall(source(name))) for name in families()}
    found = [module]
    while more := [name for name in uses if name not in found and uses[name] & set(found)]:
        ready = [name for name in more if not uses[name] & set(more)]
        found += ready
    return tuple(found)


@cache
def _compiled(module: str) -> CodeType:
    return compile(source(module), str(FOLDER / f"{module}.py"), "exec")


def rules_of(module: str) -> list[Rule]:
    """Return the rules that a module states or has a part in."""
    names = {f"{PACKAGE}.{dependent}" for dependent in with_dependents(module)}
    return [rule for rule in all_rules() if rule.check.__module__ in names]


def read_anew(module: str, changed: str) -> None:
    """Run a changed module in the place of the real one, and then what imports it."""
    for name in with_dependents(module):
        code = compile(changed, f"{name}.py", "exec") if name == module else _compiled(name)
        exec(code, vars(sys.modules[f"{PACKAGE}.{name}"]))  # noqa: S102
    all_rules.cache_clear()

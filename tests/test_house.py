"""How the house is built: one name for one thing, no circles, and imports that point down."""

from __future__ import annotations

import ast
from collections import Counter, defaultdict
from pathlib import Path

import pytest
from tests.helpers.support import ROOT

SOURCE = ROOT / "src" / "eh_interop"
MODULES = sorted(SOURCE.rglob("*.py"))
TYPED_MODEL = SOURCE / "standard" / "model.py"
"""Made from the schemas: its names are those of the standard."""
CORE = {
    "__init__", "atomic", "csv_injection", "errors", "fence", "findings", "folding", "identifiers",
    "lenient", "pages", "parallel", "pointer", "resources", "suggestions", "uk_time",
}  # fmt: skip
VAGUE = {"each", "told", "said", "found"}
"""Names that say nothing of what they hold."""


def name_of(path: Path) -> str:
    """Return the dotted name of a module."""
    parts = path.relative_to(SOURCE.parent).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


NAMES = {name_of(path): path for path in MODULES}


def imports(path: Path) -> set[str]:
    """Return the modules of ours that a module imports, wherever in it."""
    imported = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
            names = {f"{node.module}.{alias.name}" for alias in node.names}
            imported |= {name if name in NAMES else node.module for name in names}
        elif isinstance(node, ast.Import):
            imported |= {alias.name for alias in node.names}
    return {name for name in imported if name in NAMES}


def test_one_name_has_one_meaning_in_the_whole_package():
    homes = defaultdict(set)
    for path in MODULES:
        if path != TYPED_MODEL:
            for node in ast.parse(path.read_text("utf-8")).body:
                if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                    homes[node.name].add(name_of(path))
    assert {name: found for name, found in homes.items() if len(found) > 1} == {}


def test_modules_do_not_import_each_other_in_a_circle():
    graph = {name: imports(path) - {name} for name, path in NAMES.items()}
    order: list[str] = []
    while ready := [name for name in graph if name not in order and graph[name] <= set(order)]:
        order += ready
    assert sorted(set(graph) - set(order)) == []


def test_core_holds_only_what_it_may_hold():
    assert {path.stem for path in (SOURCE / "core").glob("*.py")} == CORE


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_variables_are_named_for_what_they_hold(path):
    vague = Counter(
        node.id
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store) and node.id in VAGUE
    )
    assert vague == {}


def test_there_are_not_too_many_modules():
    assert len(MODULES) <= 380

"""Mutants of completeness: each takes the place of its module wherever that was imported.

What the real module has made and others keep is forgotten, so that the mutant makes it anew.
"""

from __future__ import annotations

import sys

from direct import all_pass
from mutants import Mutant
from tests.helpers.conformance import FOLDER, area_of, expected, read
from whole import COMPLETENESS

import eh_interop  # noqa: F401 (with all that uses the module that is changed)

VOCABULARY = ("tests.checks.test_completeness", "tests.standard.test_requirements")
VECTORS = [each for path in sorted(FOLDER.glob("*.ndjson")) for each in read(path)]
"""Those of examples, requirements and shape; those of rules say little about completeness."""


def holds(mutant: Mutant) -> bool:
    """Put a mutant in place; then run the tests of the vocabulary, and judge every vector."""
    put_in_place(f"eh_interop.{COMPLETENESS[mutant.module]}.{mutant.module}", mutant.source)
    return all_pass(*VOCABULARY) and all(
        expected(each["record"], area_of(each)) == each["expected"] for each in VECTORS
    )


def put_in_place(name: str, source: str) -> None:
    """Run the changed module, and give what it makes to all who imported it by name."""
    module = vars(sys.modules[name])
    was = dict(module)
    exec(compile(source, f"{name}.py", "exec"), module)  # noqa: S102
    for user in [vars(each) for key, each in sys.modules.items() if key != name]:
        for key, value in list(user.items()):
            if not key.startswith("__") and key in was and value is was[key]:
                user[key] = module[key]
    forget_what_was_made()


def forget_what_was_made() -> None:
    """Empty what the package keeps."""
    for name, module in list(sys.modules.items()):
        for value in vars(module).values() if name.startswith("eh_interop") else ():
            if hasattr(value, "cache_clear"):
                value.cache_clear()

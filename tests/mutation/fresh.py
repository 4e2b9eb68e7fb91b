"""Mutants of modules that others import by name: the package is imported anew for each.

So nothing here, and nothing that was imported before, may import the package.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from importlib.abc import InspectLoader, MetaPathFinder
from importlib.machinery import ModuleSpec
from importlib.util import spec_from_loader
from pathlib import Path
from types import ModuleType

import jsonschema  # noqa: F401 (imported once, not for every mutant)
import jsonschema_rs  # noqa: F401
import msgspec  # noqa: F401
from by_pytest import all_pass
from mutants import Mutant

FILES = ("test_completeness.py", "standard/test_requirements.py", "test_examples.py")


def holds(mutant: Mutant) -> bool:
    """Put a mutant in the place of its module, and run the tests of completeness."""
    if any(name.partition(".")[0] == "eh_interop" for name in sys.modules):
        raise RuntimeError("The package is imported already: the mutant would not be seen.")
    sys.meta_path.insert(0, _Finder(f"eh_interop.{mutant.module}", mutant.source))
    return all_pass(FILES)


class _Finder(MetaPathFinder, InspectLoader):
    """Finds one module: the mutant."""

    def __init__(self, name: str, source: str) -> None:
        self._name = name
        self._source = source

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """Find the mutant."""
        del path, target
        return spec_from_loader(fullname, self) if fullname == self._name else None

    def get_source(self, fullname: str) -> str:
        """Return the mutant's source."""
        del fullname
        return self._source

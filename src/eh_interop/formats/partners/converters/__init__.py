"""Named pairs of functions for what a table cannot say: theirs to ours, and back.

Each module here holds some; every module-level :class:`~.pair.Pair` is found by its
name, with hyphens for underscores.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib import import_module
from pkgutil import iter_modules

from eh_interop.formats.partners.converters.pair import Pair


@cache
def converters() -> Mapping[str, Pair]:
    """Return every converter by the name that tables use."""
    found: dict[str, Pair] = {}
    for module in iter_modules(__path__, f"{__name__}."):
        for name, value in vars(import_module(module.name)).items():
            if isinstance(value, Pair) and not name.startswith("_"):
                found[name.lower().replace("_", "-")] = value
    return found

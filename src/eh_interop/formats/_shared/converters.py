"""Converters: named pairs of functions for what a mapping table cannot say, both ways."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib import import_module
from pkgutil import iter_modules
from types import MappingProxyType, ModuleType
from typing import Any, TypeVar


@dataclass(frozen=True, slots=True, kw_only=True)
class Converter:
    """A value there and back. A format may ask for more than these three by a subclass.

    Attributes:
        name: the word that mapping tables use for it (``via``).
        to_target: from our value to theirs. What it is given beside the value is the
            format's affair.
        from_target: from theirs to ours; ``from_target(to_target(value))`` is ``value``.
    """

    name: str
    to_target: Callable[..., Any]
    from_target: Callable[..., Any]


Kind = TypeVar("Kind", bound=Converter)


def find_converters(place: ModuleType, kind: type[Kind]) -> Mapping[str, Kind]:
    """Return the converters of a module, or of all modules of a package, by their names.

    Nothing has to be registered: every public module-level converter is found.

    Args:
        place: a module or a package.
        kind: the class of the converters.

    Raises:
        ValueError: two converters have the same name.
    """
    names = [module.name for module in iter_modules(getattr(place, "__path__", ()))]
    modules = [place, *(import_module(f"{place.__name__}.{name}") for name in names)]
    found: dict[str, Kind] = {}
    for module in modules:
        for variable, value in vars(module).items():
            if not isinstance(value, kind) or variable.startswith("_"):
                continue
            if found.setdefault(value.name, value) is not value:
                raise ValueError(f"There are two converters called {value.name}.")
    return MappingProxyType(found)

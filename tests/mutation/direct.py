"""Calls the functions of a few test modules, with their parameters: quicker than pytest's start.

It suits modules whose tests use no fixture; of others it would stop with an error.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from importlib import import_module
from itertools import product
from typing import Any


def all_pass(*modules: str) -> bool:
    """Call every test of some modules. What a test raises is passed on: it kills the mutant."""
    for module in modules:
        for name, test in vars(import_module(module)).items():
            if name.startswith("test_"):
                for given in _given(test):
                    test(**given)
    return True


def _given(test: Any) -> Iterator[Mapping[str, Any]]:
    """Yield the parameters of every call."""
    choices = [
        [_named(mark.args[0], values) for values in mark.args[1]]
        for mark in getattr(test, "pytestmark", ())
        if mark.name == "parametrize"
    ]
    for chosen in product(*choices):
        yield {name: value for each in chosen for name, value in each.items()}


def _named(names: str | tuple[str, ...], values: Any) -> dict[str, Any]:
    return {names: values} if isinstance(names, str) else dict(zip(names, values, strict=True))

"""One module for each kind of definition; its ``make`` yields them.

A new module is found by itself. Modules are read in the order of their names, which
is also the order in the guide.
"""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module
from pkgutil import iter_modules
from typing import Protocol, cast

from eh_interop.formats.fhir.guide.about import Resource
from eh_interop.formats.fhir.guide.inputs import Inputs


class Maker(Protocol):
    """What each module offers."""

    def make(self, inputs: Inputs) -> Iterator[Resource]:
        """Yield the definitions of one kind, each with an id of its own."""


def definitions(inputs: Inputs) -> Iterator[Resource]:
    """Yield every definition of the guide, always in the same order.

    Raises:
        StandardError: the standard or an input is broken.
    """
    for module in sorted(iter_modules(__path__), key=lambda each: each.name):
        yield from cast("Maker", import_module(f"{__name__}.{module.name}")).make(inputs)

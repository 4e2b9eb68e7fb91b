"""Where the standard's files are: inside the wheel, or at the top of a checkout.

This is the one module that knows both places.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

from eh_interop.core.errors import StandardError

_PACKAGE = Path(__file__).parents[1]


@cache
def folder(name: str) -> Path:
    """Return the folder of data called ``name``, such as ``schemas``.

    Raises:
        StandardError: the installation is incomplete.
    """
    for candidate in (_PACKAGE / "_data" / name, _PACKAGE.parents[1] / name):
        if candidate.is_dir():
            return candidate
    raise StandardError(f"The {name} folder is missing from this installation. Install it again.")

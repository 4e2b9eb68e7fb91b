"""Where the standard's files are: inside the wheel, or at the top of a checkout.

This is the one module that knows both places.
"""

from __future__ import annotations

import csv
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


def csv_rows(path: Path) -> list[dict[str, str]]:
    """Return the rows of a CSV file of the standard, by heading.

    Raises:
        OSError: the file cannot be read.
    """
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))

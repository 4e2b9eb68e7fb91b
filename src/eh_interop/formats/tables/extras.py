"""Libraries for workbooks: imported only when a workbook is read or written."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from eh_interop.core.errors import MissingExtraError


def library(name: str) -> Any:
    """Return a library of the extra ``xlsx``.

    Raises:
        MissingExtraError: it is not installed.
    """
    try:
        return import_module(name)
    except ImportError:
        raise MissingExtraError(
            f"Workbooks need {name}, which is not installed. "
            "Install it with: pip install 'eh-interop[xlsx]'"
        ) from None

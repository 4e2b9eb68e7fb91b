"""eh_interop: a data standard for Early Help records, and the toolkit that checks them.

    >>> from eh_interop import check
    >>> check('{"recordType": "marf", "standardVersion": "1.0", "recordId": "R-1"}').disposition
    <Disposition.ASK_FIRST: 'ask-first'>

Each name is imported when it is first used, so that starting the command stays quick.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from eh_interop.version import __version__

if TYPE_CHECKING:
    from eh_interop.api import check, check_path, check_together
    from eh_interop.checks.record_report import RecordReport
    from eh_interop.core.errors import (
        AreaError,
        EhInteropError,
        StandardError,
        UnreadableInputError,
    )
    from eh_interop.core.findings import Disposition, Finding, Layer, NotRun, Origin, Severity
    from eh_interop.standard.areas import Area, load_area
    from eh_interop.standard.schemas import Standard, load_standard

_HOMES = {
    "api": ("check", "check_path", "check_together"),
    "checks.record_report": ("RecordReport",),
    "core.errors": ("AreaError", "EhInteropError", "StandardError", "UnreadableInputError"),
    "core.findings": ("Disposition", "Finding", "Layer", "NotRun", "Origin", "Severity"),
    "standard.areas": ("Area", "load_area"),
    "standard.schemas": ("Standard", "load_standard"),
}
_HOME_OF = {name: home for home, names in _HOMES.items() for name in names}

__all__ = [
    "Area",
    "AreaError",
    "Disposition",
    "EhInteropError",
    "Finding",
    "Layer",
    "NotRun",
    "Origin",
    "RecordReport",
    "Severity",
    "Standard",
    "StandardError",
    "UnreadableInputError",
    "__version__",
    "check",
    "check_path",
    "check_together",
    "load_area",
    "load_standard",
]


def __getattr__(name: str) -> Any:
    if name not in _HOME_OF:
        raise AttributeError(f"module 'eh_interop' has no attribute {name!r}")
    return getattr(import_module(f"eh_interop.{_HOME_OF[name]}"), name)

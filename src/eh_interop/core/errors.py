"""Exceptions: questions that cannot be answered.

A problem in somebody's data is never an exception; it is a
:class:`~eh_interop.core.findings.Finding`. These are for the caller: a file that
cannot be read, a standard version that does not exist, an area file that is
broken. No message ever quotes a value from a record.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any, ClassVar


class EhInteropError(Exception):
    """The question cannot be answered. ``exit_code`` is what a command returns."""

    exit_code: ClassVar[int] = 70


class UnreadableInputError(EhInteropError):
    """The input is not there, or is not something this toolkit can read."""

    exit_code = 3


class ProtectedError(EhInteropError):
    """It would disclose what a record protects, so it is not made. The reason is for the sender."""

    exit_code = 1


class StandardError(EhInteropError):
    """The standard itself (schemas, code lists, requirements) is missing or broken."""

    exit_code = 4


class BaselineError(EhInteropError):
    """A baseline cannot be read or written, or is not in the form of its schema."""

    exit_code = 4


class AreaError(EhInteropError):
    """An area does not exist, or its file is broken."""

    exit_code = 4


class MappingError(EhInteropError):
    """A mapping table is not written as it has to be, or names what does not exist."""

    exit_code = 4


class OutputError(EhInteropError):
    """A result cannot be written: no room, no permission, or the form cannot hold it."""

    exit_code = 74


class MissingExtraError(EhInteropError):
    """A library is not installed that only some people need; the message says how to get it."""

    exit_code = 4


def optional_library(name: str, extra: str, purpose: str) -> Any:
    """Return a library that only some people need.

    Args:
        name: the name to import, such as ``xlsxwriter``.
        extra: the extra that brings it, such as ``xlsx``.
        purpose: what needs it, as the beginning of a sentence: ``Workbooks need``.

    Raises:
        MissingExtraError: it is not installed.
    """
    try:
        return import_module(name)
    except ImportError:
        raise MissingExtraError(
            f"{purpose} {name}, which is not installed. "
            f"Install it with: pip install 'eh-interop[{extra}]'"
        ) from None

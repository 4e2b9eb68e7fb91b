"""A pack that cannot be used: one clear line, by the code that the standard gives it."""

from __future__ import annotations

from typing import Never

from eh_interop.core.errors import UnreadableInputError
from eh_interop.core.findings import Finding
from eh_interop.standard.finding_codes import finding_code


class PackError(UnreadableInputError):
    """The pack is not whole, not safe, or not a pack. Nothing has been written.

    Attributes:
        finding: the same as a finding, for reports.
    """

    def __init__(self, finding: Finding) -> None:
        """Say what was found."""
        super().__init__(f"{finding.message} ({finding.code})")
        self.finding = finding


def refuse(code: str, message: str = "") -> Never:
    """Give up on a pack.

    Args:
        code: what was found; see ``schemas/1.0/findings/packs.csv``.
        message: a fixed sentence that says it more exactly. It never names a file: a
            name may hold that of a child.

    Raises:
        PackError: always.
    """
    raise PackError(finding_code(code).at(message=message))

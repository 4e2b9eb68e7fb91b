"""The lines of a stream, none of which can fill the memory."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import BinaryIO, Final

_BLANK: Final = b" \t\r\n"
_PIECE: Final = 64 * 1024


@dataclass(frozen=True, slots=True)
class Line:
    """One line, with its line break.

    Attributes:
        number: its number in the source, from 1.
        data: its bytes; only the beginning, if it is ``too_long``.
        too_long: whether it is longer than the limit, its line break counted.
    """

    number: int
    data: bytes = field(repr=False)
    too_long: bool = False

    @property
    def is_blank(self) -> bool:
        """Whether there is nothing to read in it."""
        return not self.too_long and not self.data.strip(_BLANK)


def lines(stream: BinaryIO, limit: int) -> Iterator[Line]:
    """Yield all lines, blank ones too; of one longer than ``limit`` bytes only the beginning.

    The rest of such a line is skipped when the next one is asked for.
    """
    number = 1
    while data := stream.readline(limit + 1):
        is_cut = len(data) > limit and not data.endswith(b"\n")
        yield Line(number, data, too_long=len(data) > limit)
        number += _line_breaks(data)
        del data
        if is_cut:
            _skip_line(stream)
            number += 1


def _line_breaks(data: bytes) -> int:
    # Tokens count a lone carriage return as a line break, so it has to count here too.
    returns = data.count(b"\r")
    return data.count(b"\n") + returns - (data.count(b"\r\n") if returns else 0)


def _skip_line(stream: BinaryIO) -> None:
    while (piece := stream.readline(_PIECE)) and not piece.endswith(b"\n"):
        pass

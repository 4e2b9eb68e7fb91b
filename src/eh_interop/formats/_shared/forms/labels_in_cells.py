"""Labels and answers that stand in one cell or one line, taken apart."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import takewhile
from typing import Final, TypeAlias

from eh_interop.formats._shared.forms.answers import visible
from eh_interop.formats._shared.forms.document import Cell, Line, Piece, line_text

Pair: TypeAlias = tuple[str, tuple[Line, ...]]
"""A label, and the lines of its answer."""

_COLON: Final = re.compile(
    r"(?P<label>[^:\n]{2,160}?)\s*:\s+(?P<rest>.+)|(?P<only>[^:\n]{2,160}?)\s*:\s*"
)
_QUESTION: Final = re.compile(r"(?P<label>[^?]{5,240}\?)\s*(?P<rest>.*)", re.DOTALL)
_LONGEST: Final = 260


def is_bold(line: Line) -> bool:
    """Return whether all that a line shows is bold."""
    shown = visible(line)
    return bool(shown) and all(piece.bold and not piece.answer for piece in shown)


def label_text(cell: Cell) -> str:
    """Return a label without the guidance that stands in its cell."""
    lines = [line for line in cell.lines if line_text(line)]
    plain = [tuple(piece for piece in line if not piece.faint) for line in lines]
    shown = [text for line in plain if (text := line_text(line))]
    if any(is_bold(line) for line in plain):
        shown = [line_text(line) for line in plain if is_bold(line)] or shown
    return " ".join(shown or map(line_text, lines))


def pairs_in(lines: tuple[Line, ...], knows: Callable[[str], bool]) -> Iterator[Pair]:
    """Yield each label with its answer; what stands before the first label has none.

    Args:
        lines: of a cell, or a line of text.
        knows: whether a text is a label that is known.
    """
    label, answer = "", list[Line]()
    for line in lines:
        for next_label, rest in _pairs_in_line(line, knows):
            if next_label is None:
                answer.append(rest)
                continue
            if label or any(map(line_text, answer)):
                yield label, tuple(answer)
            label, answer = next_label, [rest] if rest else []
    if label or answer:
        yield label, tuple(answer)


def _pairs_in_line(line: Line, knows: Callable[[str], bool]) -> Iterator[tuple[str | None, Line]]:
    if any(piece.answer and piece.ticked is None for piece in line):
        yield from _before_fields(line)
        return
    text = line_text(line)
    shown = visible(line)
    if is_bold(line) and len(text) < _LONGEST:
        match = _COLON.fullmatch(text)
        if match is None or match["only"] or not knows(match["label"]):
            yield _without_colon(text), ()
            return
    elif shown and shown[0].bold and not shown[0].answer:
        head = tuple(takewhile(_is_head, line))
        label = line_text(head)
        if len(label) < _LONGEST and (label.endswith((":", "?")) or knows(label)):
            yield _without_colon(label), line[len(head) :]
            return
    for pattern in (_COLON, _QUESTION):
        match = pattern.fullmatch(text)
        if match is None:
            continue
        label = match["label"] or match.groupdict().get("only") or ""
        if knows(label):
            yield label, _after(line, label)
            return
    yield None, line


def _is_head(piece: Piece) -> bool:
    """Return whether a piece is still of the bold words at the beginning of a line."""
    return piece.ticked is None and (piece.bold or not piece.text.strip())


def _before_fields(line: Line) -> Iterator[tuple[str | None, Line]]:
    """Take a line with fields apart: what is printed before a field is its label."""
    printed, answer = list[Piece](), list[Piece]()
    for piece in (*line, Piece(text="")):
        if piece.answer or piece.ticked is not None:
            answer.append(piece)
        elif answer and piece.text.strip():
            yield _printed_label(printed), tuple(answer)
            printed, answer = [piece], []
        elif not answer:
            printed.append(piece)
    if answer:
        yield _printed_label(printed), tuple(answer)


def _printed_label(pieces: list[Piece]) -> str | None:
    text = line_text(tuple(piece for piece in pieces if not piece.faint))
    return _without_colon(text) if len(text) > 1 else None


def _without_colon(text: str) -> str:
    return text.strip().rstrip(":").strip()


def _after(line: Line, label: str) -> Line:
    """Return what comes after a label and its colon."""
    left = "".join(label.split())
    rest: list[Piece] = []
    for piece in line:
        if not left or piece.struck:
            rest.append(piece)
            continue
        at = 0
        while at < len(piece.text) and left:
            letter = piece.text[at]
            at += 1
            if not letter.isspace() and left.startswith(letter):
                left = left[1:]
        if not left and at < len(piece.text):
            rest.append(replace(piece, text=piece.text[at:]))
    if rest and rest[0].ticked is None:
        rest[0] = replace(rest[0], text=re.sub(r"^\s*[:?]?\s*", "", rest[0].text))
    return tuple(rest)

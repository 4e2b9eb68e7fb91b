"""Forms of our own: every control has the place of its answer as its tag, so nothing is guessed.

``eh:/children/0/name/given`` takes what stands in a control; ``eh:/immediateRisk=true`` is a box
that means this value when it is ticked, and nothing when it is not.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import count
from typing import Any, Final

from eh_interop.core.findings import Origin
from eh_interop.core.pointer import Steps, steps_of
from eh_interop.formats._shared.forms.answers import PLACEHOLDER, FormAnswer
from eh_interop.formats._shared.forms.document import (
    Block,
    FormDocument,
    Line,
    Paragraph,
    Piece,
    Table,
)
from eh_interop.formats._shared.forms.form_record import FormRecord
from eh_interop.formats._shared.forms.values import put_absence, read_value
from eh_interop.formats._shared.printed import moment_from_words
from eh_interop.reading.faults import DocumentFault
from eh_interop.standard.code_lists import titles
from eh_interop.standard.fields import Field, Kind
from eh_interop.standard.quotable import quoted_or

PREFIX: Final = "eh:"
RECORD_TYPE: Final = "eh:recordType"
_BOOLEAN: Final = {"true": "yes", "false": "no"}
_RISK: Final = "immediateRisk"
_ABSENT: Final = "absent"
_REASONS: Final = "absence-reason"
_ENTRY: Final = re.compile(r"(eh:/[A-Za-z]+/)\d+/")
"""How the tag of an answer begins that belongs to an entry of a list."""


def tagged(form: FormDocument) -> dict[str, tuple[Origin, list[Piece]]]:
    """Return the pieces of each tag of our own, in order, with where they stand."""
    by_tag: dict[str, tuple[Origin, list[Piece]]] = {}
    for origin, line in _renumbered(list(_lines(form.blocks))):
        before = set(by_tag)
        for piece in line:
            if piece.tag.startswith(PREFIX):
                _, pieces = by_tag.setdefault(piece.tag, (origin, []))
                if piece.tag in before and pieces and piece.text and pieces[-1].text:
                    pieces.append(Piece(text="\n", tag=piece.tag))
                    before.discard(piece.tag)
                pieces.append(piece)
    return by_tag


def _renumbered(lines: list[tuple[Origin, Line]]) -> Iterator[tuple[Origin, Line]]:
    """Give numbers to the entries that somebody added: Word copies a table with its tags."""
    tables: dict[str, str] = {}
    copies: dict[tuple[str, str], str] = {}
    used = {match[0] for _, line in lines for one in line if (match := _ENTRY.match(one.tag))}
    for origin, line in lines:
        for piece in line:
            match = _ENTRY.match(piece.tag)
            if not match or not origin.part:
                continue
            first = tables.setdefault(piece.tag, origin.part)
            if first != origin.part and (match[0], origin.part) not in copies:
                number = next(n for n in count(1) if f"{match[1]}{n}/" not in used)
                copies[match[0], origin.part] = f"{match[1]}{number}/"
                used.add(f"{match[1]}{number}/")
    for origin, line in lines:
        yield origin, tuple(_of_copy(piece, copies, origin.part) for piece in line)


def _of_copy(piece: Piece, copies: dict[tuple[str, str], str], table: str) -> Piece:
    match = _ENTRY.match(piece.tag)
    entry = copies.get((match[0], table)) if match else None
    return replace(piece, tag=f"{entry}{piece.tag[match.end() :]}") if match and entry else piece


def _lines(blocks: Iterable[Block]) -> Iterator[tuple[Origin, Line]]:
    for block in blocks:
        if isinstance(block, Paragraph):
            yield Origin(page=block.page, paragraph=block.number), block.line
        elif isinstance(block, Table):
            for number, row in enumerate(block.rows, 1):
                for cell in row:
                    for line in cell.lines:
                        yield (
                            Origin(part=f"table {block.number}", row=number, page=block.page),
                            line,
                        )


def record_type_in(found: dict[str, tuple[Origin, list[Piece]]]) -> str:
    """Return the record type that a tagged control names; empty if none does."""
    _, pieces = found.get(RECORD_TYPE, (None, []))
    return next((piece.code or piece.text for piece in pieces if piece.code or piece.text), "")


def read_tagged(draft: FormRecord, found: dict[str, tuple[Origin, list[Piece]]], year: int) -> None:
    """Put every tagged answer in its place."""
    references: list[tuple[Steps, str, Origin]] = []
    for tag, (origin, pieces) in found.items():
        pointer, _, value = tag.removeprefix(PREFIX).partition("=")
        if not pointer.startswith("/"):
            continue
        steps = steps_of(pointer.replace("/*", "/+"))
        held = draft.field(tuple(step for step in steps if step != "+"))
        text, code = _text(pieces), next((piece.code for piece in pieces if piece.code), "")
        ticked = [piece.ticked for piece in pieces if piece.ticked is not None]
        label = quoted_or(held.title, "") if held else ""
        at = Origin(
            page=origin.page,
            part=origin.part,
            row=origin.row,
            paragraph=origin.paragraph,
            label=label,
        )
        if ticked:
            text = _BOOLEAN.get(value, value or "yes") if any(ticked) else ""
            code = text
        answer = FormAnswer(label=label, text=text, code=code, origin=at)
        if not text:
            continue
        if held is None and _ABSENT not in steps:
            draft.not_read(answer)
        elif held is not None and held.refers_to:
            references.append((steps, code or text, at))
        elif not _put(draft, steps, held, answer, year):
            # Whatever is said of immediate risk and is no plain no counts as a yes.
            about_risk = steps == (_RISK,)
            fault = DocumentFault.RISK_SEEN if about_risk else DocumentFault.VALUE_NOT_READ
            draft.findings.append(fault.finding("", at, pointer.rstrip("/+")))
            draft.not_read(answer)
    _with_ids(draft)
    for steps, target_name, at in references:
        target = draft.get(steps_of(target_name)) if target_name.startswith("/") else None
        draft.put(steps, target["id"] if isinstance(target, dict) else target_name, at, 1.0)


def _text(pieces: list[Piece]) -> str:
    text = "".join(piece.text for piece in pieces if not piece.struck)
    text = "\n".join(" ".join(line.split()) for line in text.split("\n")).strip()
    return "" if PLACEHOLDER.fullmatch(text) and len(text) > 2 else text  # noqa: PLR2004


def _put(
    draft: FormRecord, steps: Steps, held: Field | None, answer: FormAnswer, year: int
) -> bool:
    if held is None:
        return draft.put(steps, answer.code or answer.text, answer.origin, 1.0)
    value: Any
    if held.kind is Kind.CODE and answer.code:
        value = answer.code
    elif held.kind is Kind.DATE_TIME:
        value = moment_from_words(answer.text)
    elif held.kind is Kind.TEXT or held.kind is Kind.LINE:
        value = answer.code or answer.text
    elif read := read_value(held, answer, year):
        value = read.value
    else:
        is_reason = answer.code in titles(_REASONS)
        return is_reason and put_absence(draft, steps, answer.code, answer, 1.0)
    if held.repeats and steps[-1] != "+" and not isinstance(steps[-1], int):
        steps = (*steps, "+")
    return draft.put(steps, value, answer.origin, 1.0)


def _with_ids(draft: FormRecord) -> None:
    """Give an id to each entry of a list that needs one and has none."""
    for name, entries in draft.document.items():
        held = draft.field((name,))
        needs = held is not None and any(one.name == "id" for one in held.fields)
        for number, one in enumerate(entries if isinstance(entries, list) and needs else (), 1):
            if isinstance(one, dict) and "id" not in one:
                one["id"] = f"{name.lower()}-{number}"

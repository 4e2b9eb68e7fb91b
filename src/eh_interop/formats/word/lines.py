"""The lines of a Word document: what is typed, ticked, chosen, struck out or left as printed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import Final

from eh_interop.formats._shared.forms.document import Line, Piece
from eh_interop.formats._shared.forms.marks import is_symbol_font, symbol, with_boxes
from eh_interop.formats.word.package import Element, attribute, child, is_on, local
from eh_interop.formats.word.styles import Styles

_DELETED: Final = frozenset({"del", "moveFrom"})
_THROUGH: Final = frozenset(
    {"ins", "moveTo", "hyperlink", "smartTag", "customXml", "fldSimple", "sdtContent", "dir", "bdo"}
)
_BREAKS: Final = frozenset({"br", "cr"})


@dataclass(slots=True)
class LegacyField:
    """A field of old Word that is being read: what stands after its separator is the answer."""

    data: Element | None
    shows_result: bool = False

    @property
    def is_text(self) -> bool:
        """Whether it is one to type into."""
        return child(self.data, "textInput") is not None


@dataclass(slots=True)
class LineReader:
    """Reads paragraphs. It keeps what reaches over several: fields, and what lies in boxes.

    Attributes:
        styles: of the document.
        boxes: text boxes that were met, for the reader of blocks.
        deletions: how many tracked deletions were left out.
    """

    styles: Styles
    boxes: list[Element] = field(default_factory=list)
    deletions: int = 0
    _fields: list[LegacyField] = field(default_factory=list)

    def lines(self, paragraph: Element, within: Piece | None = None) -> list[Line]:
        """Return the lines of a paragraph.

        Args:
            paragraph: a ``w:p``.
            within: what the control says in which it stands; None if it is in none.
        """
        properties = child(paragraph, "pPr")
        pieces = _joined(self._pieces(paragraph, properties, within))
        return _split(pieces)

    def _pieces(
        self, element: Element, paragraph: Element | None, within: Piece | None
    ) -> Iterator[Piece]:
        for one in element:
            name = local(one)
            if name == "r":
                yield from self._run(one, paragraph, within)
            elif name == "sdt":
                yield from self._control(one, paragraph, within)
            elif name in _DELETED:
                self.deletions += 1
            elif name in _THROUGH:
                yield from self._pieces(one, paragraph, within)

    def _control(
        self, element: Element, paragraph: Element | None, within: Piece | None
    ) -> Iterator[Piece]:
        control = control_of(element, within)
        if control.ticked is not None or not control.answer:
            yield control
        else:
            content = child(element, "sdtContent")
            if content is not None:
                yield from self._pieces(content, paragraph, control)
            yield replace(control, text="")

    def _run(
        self, run: Element, paragraph: Element | None, within: Piece | None
    ) -> Iterator[Piece]:
        look = self.styles.look(child(run, "rPr"), paragraph)
        for one in run:
            name = local(one)
            if name == "fldChar":
                yield from self._field(one)
            elif name in {"AlternateContent", "drawing", "pict", "object"}:
                self.boxes += _text_boxes(one)
            elif name == "sym":
                code = int(attribute(one, "char", "0") or "0", 16)
                ticked = symbol(attribute(one, "font"), code)
                if ticked is not None:
                    yield Piece(ticked=ticked, struck=look.struck)
            elif not look.hidden and not self._is_field_code():
                text = _text(one)
                piece = Piece(
                    text=text,
                    answer=within is not None or self._in_answer(),
                    struck=look.struck,
                    bold=look.bold,
                    faint=look.faint,
                    marked=look.marked,
                    tag=within.tag if within else "",
                    code=within.code if within else "",
                )
                if is_symbol_font(look.font):
                    yield from _symbols(text, look.font, piece)
                elif text:
                    yield from with_boxes(piece)

    def _field(self, mark: Element) -> Iterator[Piece]:
        kind = attribute(mark, "fldCharType")
        if kind == "begin":
            data = child(mark, "ffData")
            self._fields.append(LegacyField(data))
            box = child(data, "checkBox")
            if box is not None:
                yield Piece(ticked=_is_checked(box))
        elif kind == "separate" and self._fields:
            self._fields[-1].shows_result = True
        elif kind == "end" and self._fields:
            ended = self._fields.pop()
            choices = child(ended.data, "ddList")
            if choices is not None:
                yield Piece(text=_chosen(choices), answer=True)
            elif ended.is_text:
                yield Piece(answer=True)

    def _in_answer(self) -> bool:
        return any(one.is_text and one.shows_result for one in self._fields)

    def _is_field_code(self) -> bool:
        """Return whether text here is the code of a field, or the list of a drop-down."""
        return any(
            not one.shows_result or child(one.data, "ddList") is not None for one in self._fields
        )


def control_of(element: Element, within: Piece | None = None) -> Piece:
    """Return what a content control says, without the text in it.

    ``answer`` is False if it shows only its placeholder.
    """
    properties = child(element, "sdtPr")
    tag = attribute(child(properties, "tag"), "val") or (within.tag if within else "")
    box = child(properties, "checkbox")
    if box is not None:
        state = attribute(child(box, "checked"), "val", "0")
        return Piece(ticked=state.lower() in {"1", "true", "on"}, tag=tag)
    if is_on(properties, "showingPlcHdr"):
        return Piece(tag=tag, answer=False)
    return Piece(tag=tag, answer=True, code=_code(element, properties))


def _code(element: Element, properties: Element | None) -> str:
    """Return the day of a date control, or what a list calls the choice that is shown."""
    day = attribute(child(properties, "date"), "fullDate")
    if day:
        return day[:10]
    choices = child(properties, "dropDownList")
    if choices is None:
        choices = child(properties, "comboBox")
    if choices is None:
        return ""
    shown = " ".join("".join(map(_text, element.iter())).split())
    for item in choices:
        text = attribute(item, "displayText") or attribute(item, "value")
        if local(item) == "listItem" and " ".join(text.split()) == shown:
            return attribute(item, "value")
    return ""


def _is_checked(box: Element) -> bool:
    name = "checked" if child(box, "checked") is not None else "default"
    return is_on(box, name)


def _chosen(choices: Element) -> str:
    """Return what was chosen. Without a choice the first entry shows, and nobody chose it."""
    result = attribute(child(choices, "result"), "val")
    entries = [attribute(one, "val") for one in choices if local(one) == "listEntry"]
    at = int(result) if result.isdigit() else -1
    return entries[at] if 0 <= at < len(entries) else ""


def _text(element: Element) -> str:
    name = local(element)
    if name == "t":
        return element.text or ""
    if name in _BREAKS:
        return "\n"
    return {"tab": "\t", "ptab": "\t", "noBreakHyphen": "-"}.get(name, "")


def _symbols(text: str, font: str, piece: Piece) -> Iterator[Piece]:
    for letter in text:
        ticked = symbol(font, ord(letter))
        if ticked is not None:
            yield replace(piece, text="", ticked=ticked)


def _text_boxes(element: Element) -> list[Element]:
    """Return the text boxes in a drawing. The copy for old programs is passed over."""
    boxes: list[Element] = []
    for one in element:
        if local(one) == "Fallback" and boxes:
            continue
        if local(one) == "txbxContent":
            boxes.append(one)
        else:
            boxes += _text_boxes(one)
    return boxes


def _joined(pieces: Iterable[Piece]) -> Iterator[Piece]:
    """Join pieces of one kind: Word splits text wherever somebody went back to correct it."""
    last: Piece | None = None
    for piece in pieces:
        if last is None:
            last = piece
        elif piece.ticked is None and replace(last, text="") == replace(piece, text=""):
            last = replace(last, text=last.text + piece.text)
        else:
            yield last
            last = piece
    if last is not None:
        yield last


def _split(pieces: Iterable[Piece]) -> list[Line]:
    lines: list[list[Piece]] = [[]]
    for piece in pieces:
        first, *others = piece.text.split("\n")
        lines[-1].append(replace(piece, text=first))
        lines += [[replace(piece, text=other)] for other in others]
    return [tuple(line) for line in lines]

"""Writes forms as Word documents: content controls whose tags say where each answer belongs."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Iterator
from typing import Final

from lxml import etree

from eh_interop.core.pages import page
from eh_interop.formats._shared.printed import (
    RECORD_TYPE,
    AnswerKind,
    Entry,
    FormPart,
    PrintedForm,
    PrintedQuestion,
)
from eh_interop.formats.word.elements import (
    NAMESPACES,
    Controls,
    cell,
    element,
    paragraph,
    run,
    table,
)
from eh_interop.formats.word.package import Element

WIDTHS: Final = (2_350, 2_750, 2_350, 2_750)
"""Label, answer, label, answer: 18 cm in twentieths of a point."""
_LABEL, _ENTRY = "F3F2F1", "D9E7F2"
_HINTS: Final = {
    AnswerKind.DATE: "Choose a date",
    AnswerKind.MOMENT: "Date and time",
    AnswerKind.CHOICE: "Choose",
}
_HINT: Final = "Write here"
_HOW: Final = (
    "Fill in what you know. Leave empty what you do not know. "
    "Questions marked * are needed in every case. For: "
)
_ID: Final = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_TALL: Final = 620
"""The least height of an answer of several lines."""
_STAMP: Final = (2000, 1, 1, 0, 0, 0)
"""The same form is the same file, whenever it is written."""
_PARTS: Final = {
    "[Content_Types].xml": "content-types",
    "_rels/.rels": "relations",
    "word/_rels/document.xml.rels": "document-relations",
    "word/styles.xml": "styles",
    "word/settings.xml": "settings",
    "word/footer1.xml": "footer",
    "docProps/core.xml": "core",
    "docProps/custom.xml": "custom",
}


def to_word(form: PrintedForm) -> bytes:
    """Return a form as a Word document."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, part in _PARTS.items():
            text = page(f"formats/word/parts/{part}.jinja", form=form, property=RECORD_TYPE)
            _write(archive, name, text.encode())
        _write(archive, "word/document.xml", _Writer(form).document())
    return out.getvalue()


def _write(archive: zipfile.ZipFile, name: str, content: bytes) -> None:
    about = zipfile.ZipInfo(name, _STAMP)
    about.compress_type = zipfile.ZIP_DEFLATED
    archive.writestr(about, content)


class _Writer:
    """Writes the text of one form."""

    def __init__(self, form: PrintedForm) -> None:
        self._form = form
        self._controls = Controls()

    def document(self) -> bytes:
        """Return the main part of the document."""
        size = element("pgSz", w=11_906, h=16_838)
        margins = element(
            "pgMar", top=794, right=851, bottom=794, left=851, header=400, footer=400, gutter=0
        )
        footer = element("footerReference", type="default")
        footer.set(_ID, "rId3")
        root = etree.Element(f"{{{NAMESPACES['w']}}}document", nsmap=NAMESPACES)
        root.set(f"{{{NAMESPACES['mc']}}}Ignorable", "w14 w15")
        body = element("body", *self._body(), element("sectPr", footer, size, margins))
        root.append(body)
        written: bytes = etree.tostring(
            root, xml_declaration=True, encoding="UTF-8", standalone=True
        )
        return written

    def _body(self) -> Iterator[Element]:
        form = self._form
        yield paragraph(run(form.title), style="Title")
        for sentence in form.first:
            yield paragraph(run(sentence), style="Warning")
        area = element("dropDownList", _item(form.area, form.area_title))
        chosen = self._controls.control(area, [run(form.area_title)], "eh:/area", "Area")
        yield paragraph(
            run(_HOW),
            chosen,
            style="Help",
        )
        for section in form.sections:
            yield paragraph(run(section.title), style="Heading1")
            if section.help:
                yield paragraph(run(section.help), style="Help")
            for part in section.parts:
                yield from self._part(part, section.title)

    def _part(self, part: FormPart, section: str) -> Iterator[Element]:
        if part.questions:
            yield table(self._rows(part.questions), WIDTHS, section)
            yield paragraph(style="Gap")
        if not part.entries:
            return
        if part.title != section:
            yield paragraph(run(part.title), style="Heading2")
        yield paragraph(run(part.help), style="Help")
        yield self._controls.repeating(part.title, map(self._entry, part.entries))

    def _entry(self, entry: Entry) -> Iterator[Element]:
        runs = [run(entry.title)]
        if entry.id:
            own = self._controls.control(
                element("text"), [run(entry.id, "Small")], entry.id_tag, "Reference"
            )
            runs += [run("  reference: ", "Small"), own]
        title = cell([paragraph(*runs, style="EntryTitle")], sum(WIDTHS), 4, _ENTRY)
        header = element("tr", element("trPr", element("cantSplit"), element("tblHeader")), title)
        yield table([header, *self._rows(entry.questions)], WIDTHS, entry.title)
        yield paragraph(style="Gap")

    def _rows(self, questions: Iterable[PrintedQuestion]) -> Iterator[Element]:
        """Yield rows: two short questions beside each other, a long one by itself."""
        waiting: PrintedQuestion | None = None
        for one in questions:
            if one.answer in {AnswerKind.TEXT, AnswerKind.BOXES}:
                if waiting is not None:
                    yield self._wide(waiting)
                yield self._wide(one)
                waiting = None
            elif waiting is None:
                waiting = one
            else:
                yield _row(*self._pair(waiting, 1), *self._pair(one, 1))
                waiting = None
        if waiting is not None:
            yield self._wide(waiting)

    def _wide(self, question: PrintedQuestion) -> Element:
        return _row(*self._pair(question, 3), tall=question.answer is AnswerKind.TEXT)

    def _pair(self, question: PrintedQuestion, span: int) -> tuple[Element, Element]:
        star = " *" if question.required else ""
        label = paragraph(run(f"{question.label}{star}"), style="Label")
        content = paragraph(*self._answer(question))
        return cell([label], WIDTHS[0], 1, _LABEL), cell([content], sum(WIDTHS[1 : 1 + span]), span)

    def _answer(self, question: PrintedQuestion) -> Iterator[Element]:
        if question.answer is AnswerKind.BOXES:
            for value, shown in question.options:
                ticked = value in question.value
                yield self._controls.box(question.box(value), shown, ticked=ticked)
                yield run(f"\N{NO-BREAK SPACE}{shown}   ")
            return
        kind = _kind(question)
        if question.value:
            yield self._controls.control(kind, [run(question.shown)], question.tag, question.label)
        else:
            yield self._controls.blank(kind, _hint(question), question.tag, question.label)


def _kind(question: PrintedQuestion) -> Element:
    if question.answer is AnswerKind.CHOICE:
        known = dict(question.options)
        other = [(v, question.shown) for v in question.value if v not in known]
        return element("dropDownList", *(_item(*one) for one in (*question.options, *other)))
    if question.answer is AnswerKind.DATE:
        shape = element("dateFormat", val="d MMMM yyyy")
        made = element("date", shape, element("lid", val="en-GB"))
        if question.value and question.shown != question.value[0]:
            made.set(f"{{{NAMESPACES['w']}}}fullDate", f"{question.value[0]}T00:00:00Z")
        return made
    return element("text", multiLine=1) if question.answer is AnswerKind.TEXT else element("text")


def _item(value: str, shown: str) -> Element:
    return element("listItem", displayText=shown, value=value)


def _hint(question: PrintedQuestion) -> str:
    """Return what stands in a control that is empty: what to write, in one sentence."""
    if question.answer is not AnswerKind.TEXT or not question.help:
        return _HINTS.get(question.answer, _HINT)
    return question.help.split(". ")[0].rstrip(".") + "."


def _row(*cells: Element, tall: bool = False) -> Element:
    properties = element("trPr", element("cantSplit"))
    if tall:
        properties.append(element("trHeight", val=_TALL, hRule="atLeast"))
    return element("tr", properties, *cells)

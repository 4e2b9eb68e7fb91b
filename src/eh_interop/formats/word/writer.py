"""Writes forms as Word documents: content controls whose tags say where each answer belongs."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Final

from lxml import etree

from eh_interop.core.pages import environment
from eh_interop.formats._shared.printed import (
    RECORD_TYPE,
    Answer,
    Entry,
    FormPart,
    PrintedForm,
    Question,
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
    Answer.LINE: "Write here",
    Answer.DATE: "Choose a date",
    Answer.MOMENT: "Date and time",
    Answer.CHOICE: "Choose",
}
_LONG_HINT: Final = 90
_STAMP: Final = (2_000, 1, 1, 0, 0, 0)
"""The same form is the same file, whenever it is written."""
_PARTS: Final = {
    "[Content_Types].xml": "content-types.jinja",
    "_rels/.rels": "relations.jinja",
    "word/_rels/document.xml.rels": "document-relations.jinja",
    "word/styles.xml": "styles.jinja",
    "word/settings.xml": "settings.jinja",
    "word/footer1.xml": "footer.jinja",
    "docProps/core.xml": "core.jinja",
    "docProps/custom.xml": "custom.jinja",
}


def to_word(form: PrintedForm) -> bytes:
    """Return a form as a Word document."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, template in _PARTS.items():
            _write(archive, name, _template(template).render(form=form, RECORD_TYPE=RECORD_TYPE))
        _write(archive, "word/document.xml", etree.tostring(_Writer(form).document()))
    return out.getvalue()


def _write(archive: zipfile.ZipFile, name: str, content: str | bytes) -> None:
    about = zipfile.ZipInfo(name, _STAMP)
    about.compress_type = zipfile.ZIP_DEFLATED
    archive.writestr(about, content)

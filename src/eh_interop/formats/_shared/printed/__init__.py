"""Forms to publish: what is asked, in order, with the place of each answer; whoever writes them."""

from __future__ import annotations

from eh_interop.formats._shared.printed.answering import moment_from_words
from eh_interop.formats._shared.printed.building import build_form
from eh_interop.formats._shared.printed.model import (
    RECORD_TYPE,
    AnswerKind,
    Entry,
    FormPart,
    PrintedForm,
    PrintedQuestion,
)

__all__ = [
    "RECORD_TYPE",
    "AnswerKind",
    "Entry",
    "FormPart",
    "PrintedForm",
    "PrintedQuestion",
    "build_form",
    "moment_from_words",
]

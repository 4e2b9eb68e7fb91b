"""From a form as a reader found it to a source record: by its tags, or by what its labels mean."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Final

from eh_interop.core.findings import Finding, Origin
from eh_interop.core.pointer import Steps, join
from eh_interop.formats._shared.forms import covering
from eh_interop.formats._shared.forms.answers import FormAnswer, Found
from eh_interop.formats._shared.forms.context import FormContext
from eh_interop.formats._shared.forms.covering import Covering
from eh_interop.formats._shared.forms.document import (
    FormDocument,
    Heading,
    Paragraph,
    Table,
    line_text,
)
from eh_interop.formats._shared.forms.filling import Filling
from eh_interop.formats._shared.forms.form_record import FormRecord
from eh_interop.formats._shared.forms.layout import found_in
from eh_interop.formats._shared.forms.recognising import is_welsh, record_type_of
from eh_interop.formats._shared.forms.said import THIS_YEAR
from eh_interop.formats._shared.forms.tags import read_tagged, record_type_in, tagged
from eh_interop.formats._shared.forms.vocabulary import PROBABLE, knows
from eh_interop.formats._shared.forms.watching import watch
from eh_interop.reading.faults import DocumentFault
from eh_interop.reading.source_record import (
    FormReading,
    ReadPlace,
    SourceRecord,
    read_or_tell,
)

_OPENS: Final = "\N{LEFT SINGLE QUOTATION MARK}"
_CLOSES: Final = "\N{RIGHT SINGLE QUOTATION MARK}"
_ENOUGH_TAGS: Final = 3
_FEW: Final = 0.25
_FEWEST: Final = 4
_MANY: Final = 0.6
_LATEST: Final = 10
_YEAR: Final = re.compile(r"(?<!\d)(20\d\d)(?!\d)")


@dataclass(frozen=True, slots=True)
class FormLocator:
    """Knows where on a form each value stood."""

    origins: Mapping[Steps, Origin] = field(repr=False)

    def values(self, places: Iterable[Steps]) -> dict[Steps, Origin]:
        """Return where values stood; for what is missing, where its neighbours stood."""
        return {place: origin for place in places if (origin := self.origins.get(place))}

    def names(self, places: Iterable[Steps]) -> dict[Steps, Origin]:
        """Return where values stood: labels and answers are side by side."""
        return self.values(places)


def record_of(form: FormDocument, source: str, message: Covering | None = None) -> SourceRecord:
    """Return the record that a form holds. What is not read is listed, and nothing is invented.

    Args:
        form: as a reader found it.
        source: how reports call it.
        message: that it came with.
    """
    return read_or_tell(partial(_read_form, form, source, message), source)


def _read_form(form: FormDocument, source: str, message: Covering | None) -> SourceRecord:
    tags = tagged(form)
    year = _latest_year(form)
    if len(tags) >= _ENOUGH_TAGS:
        draft = FormRecord(
            record_type_of(form.record_type or record_type_in(tags), form.title, form.blocks, ())
        )
        read_tagged(draft, tags, year)
        watch(draft, form.blocks, tuple(found_in(form.blocks, knows)))
        if message is not None:
            covering.add(FormContext(draft, year), message)
        return _record(draft, form, source, len(tags), len(tags))
    answers = tuple(found_in(form.blocks, knows))
    labels = [answer.label for answer in _answers(answers)]
    record_type = record_type_of(form.record_type, form.title, form.blocks, labels)
    filling = Filling(FormContext(FormRecord(record_type), year))
    filling.fill(answers)
    watch(filling.context.draft, form.blocks, answers)
    refusal = _refusal(filling, form, answers)
    if message is not None:
        covering.add(filling.context, message)
    filling.finish()
    if refusal is not None:
        risks = [
            one
            for one in filling.context.draft.findings
            if one.code == DocumentFault.RISK_SEEN.code
        ]
        return SourceRecord(
            source=source, document=None, findings=(*form.findings, *risks, refusal)
        )
    return _record(filling.context.draft, form, source, filling.known, filling.labels)


def _record(
    draft: FormRecord, form: FormDocument, source: str, known: int, labels: int
) -> SourceRecord:
    digest = hashlib.sha256(repr(sorted(draft.document.items(), key=str)).encode()).hexdigest()
    draft.document["recordId"] = f"form-{digest[:16]}"
    return SourceRecord(
        source=source,
        document=draft.document,
        findings=(*form.findings, *draft.findings, *_remarks(draft, form, known, labels)),
        locator=FormLocator(draft.origins),
        form=FormReading(
            kind=form.kind,
            labels=labels,
            known=known,
            values=tuple(ReadPlace(join(steps), origin) for steps, origin in draft.origins.items()),
            unread=tuple(draft.unread),
        ),
    )


def _remarks(draft: FormRecord, form: FormDocument, known: int, labels: int) -> Iterator[Finding]:
    """Say of the reading what somebody has to know who looks at the record."""
    if known < labels * _MANY:
        yield DocumentFault.FEW_LABELS.finding(
            f"{known} of {labels} labels of this form are known."
        )
    if is_welsh(_texts(form)):
        yield DocumentFault.WELSH.finding()
    for read in draft.unread:
        under = f" under {_OPENS}{read.origin.label}{_CLOSES}" if read.origin.label else ""
        message = (
            f"The form has an answer{under} that was not matched to a field, or not all of it."
        )
        yield DocumentFault.ANSWER_NOT_READ.finding(message, replace(read.origin, label=""))
    doubtful: dict[Origin, Steps] = {}
    for steps, origin in draft.origins.items():
        if origin.confidence is not None and origin.confidence < PROBABLE:
            doubtful.setdefault(replace(origin, confidence=None), steps)
    for origin, steps in doubtful.items():
        if steps[-1] != "id":
            yield DocumentFault.BY_LIKENESS.finding("", origin, join(steps))


def _refusal(filling: Filling, form: FormDocument, found: tuple[Found, ...]) -> Finding | None:
    """Say why a document is not read as a form at all; None if it is."""
    known, labels = filling.known, filling.labels
    if known < _FEWEST or known < labels * _FEW:
        if is_welsh(_texts(form)):
            return DocumentFault.WELSH.finding(
                f"This is {form.kind}. It seems to be in Welsh, and only English labels are known."
            )
        return DocumentFault.NOT_A_FORM.finding(
            f"This is {form.kind}. It does not look like a form that we know: "
            f"{known} of {labels} labels."
        )
    if all(answer.is_blank for answer in _answers(found) if answer.label):
        return DocumentFault.EMPTY_FORM.finding(f"This is {form.kind}. Nobody has filled it in.")
    return None


def _answers(found: Iterable[Found]) -> Iterator[FormAnswer]:
    for one in found:
        yield from (one,) if isinstance(one, FormAnswer) else one.answers


def _texts(form: FormDocument) -> Iterator[str]:
    for block in form.blocks:
        match block:
            case Heading(text=text):
                yield text
            case Paragraph(line=line):
                yield line_text(line)
            case Table(rows=rows):
                yield from (cell.text for row in rows for cell in row)


def _latest_year(form: FormDocument) -> int:
    """Return the latest year that the form can speak of: a later one of two figures is past."""
    named = [int(year) for text in _texts(form) for year in _YEAR.findall(text)]
    known = [year for year in named if year <= THIS_YEAR + _LATEST]
    return max([THIS_YEAR, form.year, *known])

"""Forms from views: blank ones, and ones that are filled in from a record."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import groupby
from typing import Any, Final

from eh_interop.core.pointer import Steps, all_places, split
from eh_interop.formats._shared.printed.answering import Answering
from eh_interop.formats._shared.printed.conditions import asked_if
from eh_interop.formats._shared.printed.model import (
    AnswerKind,
    Entry,
    FormPart,
    FormSection,
    PrintedForm,
    PrintedQuestion,
)
from eh_interop.standard.areas import Area
from eh_interop.standard.fields import Field, Kind, fields_of
from eh_interop.standard.schemas import load_standard
from eh_interop.standard.views import FormView, ViewField, ViewLevel, ViewSection, load_view

FEW: Final = 8
"""Lists of codes up to this length are boxes to tick; longer ones are chosen from."""
_CHOICES: Final = 3
"""How many codes of a long list may be chosen."""
_ITEMS: Final = 1
_RISK: Final = "/immediateRisk"
_SAID_ELSEWHERE: Final = (
    "The record says something of immediate risk, which this form does not ask for. "
    "Read the record."
)
_KINDS: Final[Mapping[Kind, AnswerKind]] = {
    Kind.TEXT: AnswerKind.TEXT,
    Kind.DATE: AnswerKind.DATE,
    Kind.DATE_TIME: AnswerKind.MOMENT,
    Kind.BOOLEAN: AnswerKind.CHOICE,
    Kind.CODE: AnswerKind.CHOICE,
}
_OWN: Final = frozenset({"recordType", "standardVersion", "recordId", "area", "id"})
"""What the form itself or its reader says."""


def build_form(
    record_type: str,
    area: Area,
    level: ViewLevel = ViewLevel.CORE,
    record: Mapping[str, Any] | None = None,
    rows: int = 0,
) -> PrintedForm:
    """Return the form of a record type.

    Args:
        record_type: such as ``marf``.
        area: who publishes it: its words for codes, and what to do at once.
        level: how much it asks.
        record: what to fill it in with.
        rows: how many blank entries each list has; 0 for as many as the view says.

    Raises:
        StandardError: there is no such record type.
    """
    builder = _Builder(load_view(record_type), area, level, record or {}, rows)
    sections = map(builder.section, builder.view.sections)
    form = PrintedForm(
        record_type=record_type,
        title=builder.view.title,
        area=area.key,
        area_title=area.title,
        first=_first(builder, record or {}),
        sections=tuple(section for section in sections if section.parts),
    )
    return _with_left_out(form, record or {})


def _first(builder: _Builder, record: Mapping[str, Any]) -> tuple[str, ...]:
    """Return what to do at once; a record may speak of risk though its form does not ask."""
    if any(one.place == _RISK for one in builder.asked):
        return builder.area.do_now
    return (_SAID_ELSEWHERE,) if split(_RISK)[0] in record else ()


class _Builder:
    """Makes the sections of one form."""

    def __init__(
        self, view: FormView, area: Area, level: ViewLevel, record: Mapping[str, Any], rows: int
    ) -> None:
        self.view, self.area, self._record, self._rows = view, area, record, rows
        self.asked = [one for one in view.fields(level) if one.is_asked and one.place != "/area"]
        self._lists = {one.name: one for one in fields_of(view.record_type).fields if one.repeats}
        self._counts = {
            name: self._count((name,), section.rows.get(name, 1))
            for section in view.sections
            for name in section.holds
            if name in self._lists
        }
        self._titles = dict(_entry_titles(view))
        self._answering = Answering(record, area, self._counts, self._entry_title)

    def section(self, section: ViewSection) -> FormSection:
        """Return a section; without parts if nothing in it is asked."""
        chosen = {one.place for one in self.asked}
        fields = [one for one in section.fields if one.place in chosen]
        fields.sort(key=lambda one: section.holds.index(split(one.place)[0]))
        parts: list[FormPart] = []
        for of_list, several in groupby(fields, lambda one: split(one.place)[0] in self._groups()):
            if not of_list:
                questions = [q for one in several for q in self._questions(one, (), section)]
                parts.append(FormPart(questions=tuple(questions)))
                continue
            for name, inside in groupby(several, lambda one: split(one.place)[0]):
                parts.append(self._entries(name, list(inside), section))
        return FormSection(section.title, section.help, tuple(parts))

    def _groups(self) -> frozenset[str]:
        return frozenset(name for name, one in self._lists.items() if one.kind is Kind.GROUP)

    def _entries(self, name: str, fields: list[ViewField], section: ViewSection) -> FormPart:
        entries = []
        for number in range(self._counts[name]):
            steps: Steps = (name, number)
            questions = [q for one in fields for q in self._questions(one, steps, section)]
            held = self._answering.at((*steps, "id"))
            entries.append(
                Entry(
                    title=self._entry_title(name, number),
                    steps=steps,
                    id=held if isinstance(held, str) else "",
                    questions=tuple(questions),
                )
            )
        listed = self._lists[name]
        return FormPart(listed.title, listed.description, entries=tuple(entries))

    def _entry_title(self, name: str, number: int) -> str:
        return f"{self._titles.get(name, name)} {number + 1}"

    def _count(self, steps: Steps, blank: int) -> int:
        """Return how many entries of a list there are: those of the record, or blank ones."""
        at: Any = self._record
        for step in steps:
            known = isinstance(at, dict) and step in at
            listed = isinstance(at, list) and isinstance(step, int) and step < len(at)
            at = at[step] if known or listed else None
        if isinstance(at, list) and at:
            return len(at)
        return self._rows or blank if len(steps) == 1 else blank

    def _questions(
        self, one: ViewField, above: Steps, section: ViewSection
    ) -> Iterator[PrintedQuestion]:
        """Yield the questions of a field: one, or one for each entry of a list below."""
        names = split(one.place)
        for steps in self._places(names[len(above) :], above, section, one.field):
            yield self._question(one, steps)

    def _places(
        self, names: tuple[str, ...], above: Steps, section: ViewSection, leaf: Field
    ) -> Iterator[Steps]:
        if "*" not in names:
            yield (*above, *names)
            return
        at = names.index("*")
        steps, rest = (*above, *names[:at]), names[at + 1 :]
        if not rest and leaf.kind is Kind.CODE and self._is_boxes(leaf):
            yield steps
            return
        link = ".".join(step for step in steps if isinstance(step, str))
        blank = _CHOICES if not rest and leaf.kind is Kind.CODE else _ITEMS
        for number in range(self._count(steps, section.rows.get(link, blank))):
            yield from self._places(rest, (*steps, number), section, leaf)

    def _is_boxes(self, leaf: Field) -> bool:
        return len(self._answering.codes(leaf.code_list)) <= FEW

    def _question(self, one: ViewField, steps: Steps) -> PrintedQuestion:
        number = steps[-1] if isinstance(steps[-1], int) else 0
        inner = [step for step in steps[2:-1] if isinstance(step, int) and step > 0]
        label = f"{one.label} ({number + 1})" if number else one.label
        if inner:
            label = f"{label} \N{EN DASH} {inner[-1] + 1}"
        boxes = one.field.repeats and not isinstance(steps[-1], int)
        answer = AnswerKind.BOXES if boxes else _KINDS.get(one.field.kind, AnswerKind.LINE)
        if one.field.refers_to:
            answer = AnswerKind.CHOICE
        condition = asked_if(self.view.record_type, one)
        question = PrintedQuestion(
            steps=steps,
            label=f"{label} {condition}".strip(),
            help=one.help,
            answer=answer,
            required=one.field.required and not number,
        )
        return self._answering.answered(question, one.field)


def _entry_titles(view: FormView) -> Iterator[tuple[str, str]]:
    """Yield what one entry of each list is called: ``Child``."""
    standard = load_standard()
    for one in fields_of(view.record_type).fields:
        if one.repeats:
            yield one.name, standard.label(view.record_type, (one.name, 0)).removesuffix(" 1")


def _with_left_out(form: PrintedForm, record: Mapping[str, Any]) -> PrintedForm:
    held = {one.steps for one in form.questions() if one.value}
    boxes = {one.steps for one in form.questions() if one.answer is AnswerKind.BOXES and one.value}
    left = tuple(
        steps
        for steps in all_places(record)
        if steps[-1] not in _OWN
        and steps not in held
        and steps[:-1] not in boxes
        and not (len(steps) > 1 and steps[-2] == "absent" and (*steps[:-2], steps[-1]) in held)
    )
    return replace(form, left_out=left)

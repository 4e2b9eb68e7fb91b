"""Answers for a form: what can be chosen, and what a record says."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any, Final

from eh_interop.core.pointer import Steps, join, resolve
from eh_interop.core.uk_time import LONDON
from eh_interop.formats._shared.printed.model import AnswerKind, PrintedQuestion
from eh_interop.standard.areas import Area
from eh_interop.standard.code_lists import titles
from eh_interop.standard.fields import Field, Kind

YES_NO: Final = (("yes", "Yes"), ("no", "No"))
_REASONS: Final = "absence-reason"
_MOMENT: Final = "%B %Y, %H:%M"
Options = tuple[tuple[str, str], ...]


class Answering:
    """Knows the words of an area, the entries of a form, and the record that it is filled with."""

    def __init__(
        self,
        record: Mapping[str, Any],
        area: Area,
        counts: Mapping[str, int],
        entry_title: Callable[[str, int], str],
    ) -> None:
        """Take the record, the area, the entries of each list, and what an entry is called."""
        self._record, self._area, self._counts = record, area, counts
        self._entry_title = entry_title

    def at(self, steps: Steps) -> Any:
        """Return what the record has at a place; None if nothing stands there."""
        try:
            return resolve(self._record, steps)
        except LookupError:
            return None

    def codes(self, code_list: str) -> Options:
        """Return the codes of a list with the words of the area."""
        own = self._area.labels.get(code_list, {})
        return tuple((code, own.get(code, title)) for code, title in titles(code_list).items())

    def entries(self, lists: tuple[str, ...]) -> Options:
        """Return the entries of lists, to choose from: their places and what they are called."""
        return tuple(
            (join((name, number)), self._named(name, number))
            for name in lists
            for number in range(self._counts.get(name, 0))
        )

    def _named(self, name: str, number: int) -> str:
        """Return ``Child 1``, followed by a name if the record has one."""
        name_held = self.at((name, number, "name"))
        if isinstance(name_held, dict):
            name_held = name_held.get("full") or " ".join(
                str(name_held[part]) for part in ("given", "family") if part in name_held
            )
        title = self._entry_title(name, number)
        return f"{title}: {name_held}" if isinstance(name_held, str) and name_held else title

    def answered(self, question: PrintedQuestion, one: Field) -> PrintedQuestion:
        """Return a question with what to choose from and, if the record says it, the answer."""
        options, listing = self._options(one)
        question = replace(question, options=options, listing=listing)
        value = self.at(question.steps)
        if value is None:
            return self._absent(question)
        if question.answer is AnswerKind.BOXES:
            return _ticked(question, value)
        if one.refers_to and isinstance(value, str):
            return self._reference(question, one, value)
        held, shown = _in_words(question, one, value)
        return replace(question, value=(held,), shown=shown)

    def _options(self, one: Field) -> tuple[Options, str]:
        if one.kind is Kind.BOOLEAN:
            return YES_NO, "yes-no"
        if one.kind is Kind.CODE:
            return self.codes(one.code_list), one.code_list
        if one.refers_to:
            return self.entries(one.refers_to), "+".join(one.refers_to)
        return (), ""

    def _reference(self, question: PrintedQuestion, one: Field, value: str) -> PrintedQuestion:
        for name in one.refers_to:
            listed = self._record.get(name)
            for number, entry in enumerate(listed if isinstance(listed, list) else ()):
                if isinstance(entry, dict) and entry.get("id") == value:
                    place = join((name, number))
                    shown = dict(question.options).get(place, value)
                    return replace(question, value=(place,), shown=shown)
        return replace(question, value=(value,), shown=value)

    def _absent(self, question: PrintedQuestion) -> PrintedQuestion:
        """Return the question of why there is no answer, if the record says why."""
        *above, name = question.steps
        reason = self.at((*above, "absent", name))
        if not isinstance(reason, str) or reason not in titles(_REASONS):
            return question
        return replace(
            question,
            steps=(*above, "absent", name),
            answer=AnswerKind.CHOICE,
            options=self.codes(_REASONS),
            listing=_REASONS,
            value=(reason,),
            shown=titles(_REASONS)[reason],
        )


def _ticked(question: PrintedQuestion, value: Any) -> PrintedQuestion:
    """Return boxes with those of the record ticked, which come first: their order is kept."""
    known = dict(question.options)
    if not isinstance(value, list) or not all(isinstance(i, str) and i in known for i in value):
        return question
    rest = tuple(one for one in question.options if one[0] not in value)
    first = tuple((code, known[code]) for code in value)
    return replace(question, options=(*first, *rest), value=tuple(value))


def _in_words(question: PrintedQuestion, one: Field, value: Any) -> tuple[str, str]:
    """Return a value as the record holds it, and for people: what is not valid as it is."""
    held = str(value)
    if one.kind is Kind.BOOLEAN and isinstance(value, bool):
        held = "yes" if value else "no"
    if question.answer is AnswerKind.MOMENT:
        return held, moment_in_words(held)
    if question.answer is AnswerKind.DATE:
        return held, day_in_words(held)
    return held, dict(question.options).get(held, held)


def day_in_words(day: str) -> str:
    """Return ``14 June 2019``; what is no day as it is."""
    try:
        moment = datetime.strptime(day, "%Y-%m-%d")  # noqa: DTZ007 (a day has no zone)
    except ValueError:
        return day
    return f"{moment.day} {moment:%B %Y}"


def moment_in_words(text: str) -> str:
    """Return ``14 June 2019, 09:30`` for a moment that can be read back from it, as it is else."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return text
    local = moment.astimezone(LONDON)
    if local.isoformat() != text or moment.second or moment.microsecond:
        return text
    return f"{local.day} {local:{_MOMENT}}"


def moment_from_words(text: str) -> str:
    """Return the moment that somebody wrote as ``14 June 2019, 09:30``; any other text as it is."""
    try:
        moment = datetime.strptime(text, f"%d {_MOMENT}")  # noqa: DTZ007 (it is UK time)
    except ValueError:
        return text
    return moment.replace(tzinfo=LONDON).isoformat()

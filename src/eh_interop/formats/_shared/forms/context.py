"""What is known while a form is read: the record so far, its people, and whom answers are about."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from eh_interop.core.pointer import Steps
from eh_interop.formats._shared.forms.answers import FormAnswer
from eh_interop.formats._shared.forms.attributes import Attributes
from eh_interop.formats._shared.forms.family import FormPeople
from eh_interop.formats._shared.forms.form_record import FormRecord
from eh_interop.formats._shared.forms.persons import name_words
from eh_interop.formats._shared.forms.values import put_answer
from eh_interop.formats._shared.forms.workers import Workers

_CHILDREN: Final = "/children/*"


@dataclass(slots=True)
class FormContext:
    """What is known while a form is read.

    Attributes:
        draft: the record.
        year: the latest that a year of two figures can mean.
        family: the people in it.
        attributes: puts what is said of a child or person.
        workers: puts what is said of a professional.
        child_number: the child whom answers are about, from 1.
        together: answers are about all children, who were listed one below the other.
    """

    draft: FormRecord
    year: int
    family: FormPeople = field(init=False)
    attributes: Attributes = field(init=False)
    workers: Workers = field(init=False)
    child_number: int = 1
    together: bool = False

    def __post_init__(self) -> None:
        self.family = FormPeople(self.draft)
        self.attributes = Attributes(self.draft, self.family, self.year)
        self.workers = Workers(self.draft, self.family)

    def put_at(self, place: str, answer: FormAnswer, confidence: float) -> bool:
        """Put an answer in a place: of each child it is about, if it is one of children."""
        if not place.startswith(_CHILDREN):
            steps = self.draft.place(place)
            if steps is None:
                return False
            return put_answer(self.draft, steps, answer, confidence, self.year)
        first_only = place.startswith(f"{_CHILDREN}1")
        rest = place.removeprefix(f"{_CHILDREN}1" if first_only else _CHILDREN)
        if (
            self.draft.field(
                ("children", *(one for one in rest.split("/")[1:] if one[0] not in "{+"))
            )
            is None
        ):
            return False
        read = True
        for child in self.children_for(answer)[: 1 if first_only else None]:
            steps = child
            for one in rest.split("/")[1:]:
                steps = (*steps, 0 if one.startswith("{") else one)
            read = put_answer(self.draft, steps, answer, confidence, self.year) and read
        return read

    def children_for(self, answer: FormAnswer) -> list[Steps]:
        """Return the children that an answer is about: those whom it names, or all."""
        named = [
            child
            for child in self.family.children
            if len(self.family.children) > 1 and self.names(child, answer.text)
        ]
        if len(named) == 1:
            return named
        if self.together and len(self.family.children) > 1:
            return [one for one in self.family.children if not self.draft.get((*one, "unborn"))]
        return [self.family.child(self.child_number)]

    def names(self, child: Steps, text: str) -> bool:
        """Return whether a text calls a child by the first name."""
        name = self.draft.get((*child, "name")) or {}
        first = name_words(str(name.get("given") or name.get("full", "")))[:1]
        return bool(first) and first[0] in name_words(text)

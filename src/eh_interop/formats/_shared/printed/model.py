"""A form to print or publish: sections, questions and entries of lists. All of it frozen.

A question knows the place of its answer, so a filled-in form is read back without guessing.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import Enum
from typing import Final

from eh_interop.core.pointer import Steps, join

TAG: Final = "eh:"
"""How the tag of every control begins."""
RECORD_TYPE: Final = "eh-interop-record-type"
"""The property of a document that says which type of record it is."""


class AnswerKind(Enum):
    """How a question is answered."""

    LINE = "a line of text"
    TEXT = "text of several lines"
    DATE = "a day"
    MOMENT = "a day and a time"
    CHOICE = "one of a list"
    BOXES = "any number of boxes"


@dataclass(frozen=True, slots=True)
class PrintedQuestion:
    """One thing that a form asks.

    Attributes:
        steps: the place of its answer.
        label: the question.
        help: what to write.
        answer: how it is answered.
        options: what to choose from: what the record holds, and what people read.
        listing: the name of that list: a code list, or the lists that a reference leads to.
        value: what is filled in, as the record holds it; of boxes all of them.
        shown: what is filled in, for people.
        required: every record needs it.
    """

    steps: Steps
    label: str
    help: str = field(repr=False)
    answer: AnswerKind
    options: tuple[tuple[str, str], ...] = field(default=(), repr=False)
    listing: str = ""
    value: tuple[str, ...] = field(default=(), repr=False)
    shown: str = field(default="", repr=False)
    required: bool = False

    @property
    def tag(self) -> str:
        """The tag of its control."""
        return f"{TAG}{join(self.steps)}"

    def box(self, value: str) -> str:
        """Return the tag of the box that stands for one of several values."""
        return f"{self.tag}/*={value}"


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of a list, such as a child.

    Attributes:
        title: ``Child 1``.
        steps: its place.
        id: its local id, if it is filled in and has one.
        questions: what is asked of it.
    """

    title: str
    steps: Steps
    id: str = field(repr=False)
    questions: tuple[PrintedQuestion, ...]

    @property
    def id_tag(self) -> str:
        """The tag of its local id."""
        return f"{TAG}{join((*self.steps, 'id'))}"


@dataclass(frozen=True, slots=True)
class FormPart:
    """A part of a section: questions that are asked once, or the entries of one list.

    Attributes:
        title: what the entries are, such as *Children*; empty for questions.
        help: what belongs there.
        questions: that are asked once.
        entries: of the list, blank ones included.
    """

    title: str = ""
    help: str = ""
    questions: tuple[PrintedQuestion, ...] = ()
    entries: tuple[Entry, ...] = ()


@dataclass(frozen=True, slots=True)
class FormSection:
    """A section of a form."""

    title: str
    help: str
    parts: tuple[FormPart, ...]


@dataclass(frozen=True, slots=True)
class PrintedForm:
    """A form.

    Attributes:
        record_type: whose form it is.
        title: its title.
        area: the key of the area that publishes it.
        area_title: what the area is called.
        first: what to do at once, one sentence each.
        sections: what it asks.
        left_out: places of a record that it has no question for.
    """

    record_type: str
    title: str
    area: str
    area_title: str
    first: tuple[str, ...]
    sections: tuple[FormSection, ...]
    left_out: tuple[Steps, ...] = ()

    def questions(self) -> Iterator[PrintedQuestion]:
        """Yield every question, in order."""
        for section in self.sections:
            for part in section.parts:
                yield from part.questions
                for entry in part.entries:
                    yield from entry.questions

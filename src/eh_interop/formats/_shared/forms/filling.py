"""Filling a record from a form: each answer goes where its label says, in the order of the form."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Final

from eh_interop.core.pointer import Steps
from eh_interop.formats._shared.forms import special
from eh_interop.formats._shared.forms.answers import FormAnswer, Found, Row
from eh_interop.formats._shared.forms.context import FormContext
from eh_interop.formats._shared.forms.involved import Involved, InvolvedRow
from eh_interop.formats._shared.forms.persons import people_in, person_in
from eh_interop.formats._shared.forms.said import NHS, REFERENCE, absence_of
from eh_interop.formats._shared.forms.vocabulary import (
    CERTAIN,
    LIKELY,
    LabelMeaning,
    is_follow_up,
    meaning_of,
    number_in,
    subject_of,
)

_PEOPLE: Final = frozenset({"parent", "mother", "father", "other-person"})
_INVOLVED: Final = frozenset(
    {"professional", "gp", "health-visitor", "school-nurse", "midwife", "social-worker", "lead"}
)
_OF_INVOLVED: Final = frozenset({"name", "organisation", "job", "contact", "email", "address"})
"""What is read of somebody who is involved."""
_NAMES: Final = frozenset(
    {"name", "given-name", "family-name", "family-name-first", "birth-and-names"}
)
_OF_WORKERS: Final = frozenset({"job", "organisation", "job-and-agency", "date"})
_OF_CHILDREN: Final = frozenset(
    {"nhs", "upn", "school", "ethnicity", "birth", "sex", "edd", "year-group"}
)
_RATHER_OF_CHILDREN: Final = frozenset(
    {
        "school",
        "ethnicity",
        "religion",
        "sex",
        "language",
        "interpreter",
        "disability",
        "disability-note",
    }
)
"""What is asked of children, unless a heading says of whom."""
_OF_TWO: Final = frozenset({"relationship", "responsibility"})
_ONLY_OF_CHILDREN: Final = frozenset(
    {
        "nhs",
        "upn",
        "edd",
        "year-group",
        "attendance",
        "ehc-plan",
        "young-carer",
        "privately-fostered",
        "police-reference",
    }
)
_BOXES: Final = {
    "/concerns/{main}/description /needs/{main}/statement": "/concerns/{main}/types/+",
}
"""Where boxes go that stand under a question that is otherwise answered in words."""
_SIGNED: Final = re.compile(r"consent|agree|signature|declaration", re.IGNORECASE)
"""Sections in which a date is that of a signature."""
_SIGNED_DATE: Final = "/referredOn /requestedOn /completedOn"


@dataclass(slots=True)
class Filling:
    """Fills one record.

    Attributes:
        context: the record, and what is known of it so far.
        known: how many labels were known.
        labels: how many labels there were.
    """

    context: FormContext
    known: int = 0
    labels: int = 0
    involved: Involved = field(init=False)
    _subject: str = ""
    _section: str = ""
    _person: Steps | None = None
    _why: str = ""
    _above: dict[str, str] = field(default_factory=dict)
    _twins: set[Steps] = field(default_factory=set)

    def __post_init__(self) -> None:
        context = self.context
        self.involved = Involved(context.draft, context.family, context.workers)

    def fill(self, found: Iterable[Found]) -> None:
        """Fill the record from what was found on a form."""
        for one in found:
            if isinstance(one, FormAnswer):
                self._enter(one.section)
                self._answer(one)
            else:
                self._enter(one.section)
                self._row(one)

    def finish(self) -> None:
        """Write what is known only at the end: relationships, and what consents are for."""
        self.context.family.finish()
        special.finish(self.context.draft)

    # Where we are

    def _enter(self, section: str) -> None:
        """Begin a section: what follows is about whom its heading names."""
        if section == self._section:
            return
        self._section, self._above = section, {}
        self._subject = subject_of(section)
        self._person = None
        if self._subject == "child":
            number = number_in(section)
            self.context.child_number = number or max(self.context.child_number, 1)
            self.context.together = False if number else self.context.together

    def _answer(self, answer: FormAnswer) -> None:
        self.labels += bool(answer.label)
        meaning = self._meaning(answer.label)
        self.known += meaning is not None
        if answer.is_blank:
            self._notice(meaning)
        elif meaning is None:
            self.context.draft.not_read(answer)
        elif special.is_contradiction(answer):
            special.both_ticked(self.context, meaning, answer)
        else:
            self._read(meaning, answer)

    def _meaning(self, label: str) -> LabelMeaning | None:
        """Return what a label asks for; one that only says *why* belongs to the one before it."""
        meaning, follows = meaning_of(label), is_follow_up(label)
        is_sure = meaning is not None and meaning.place and meaning.confidence >= CERTAIN
        if follows and self._why and not is_sure:
            meaning = LabelMeaning(place=self._why)
        if meaning is None:
            self._why = ""
        elif meaning.why or not follows:
            self._why = meaning.why or special.follow_up(meaning)
        return meaning

    def _read(self, meaning: LabelMeaning, answer: FormAnswer) -> None:
        if not self._put(meaning, answer):
            self.context.draft.not_read(answer, _about(meaning))

    def _notice(self, meaning: LabelMeaning | None) -> None:
        """Keep whom a label is about, although nobody answered it."""
        if meaning and meaning.subject and not subject_of(self._section):
            self._subject = meaning.subject

    def _put(self, meaning: LabelMeaning, answer: FormAnswer) -> bool:
        if meaning.place.startswith("="):
            return special.HANDLERS[meaning.place](self.context, answer, meaning.confidence)
        if meaning.place:
            only_boxes = answer.options and not answer.text
            place = _BOXES.get(meaning.place, meaning.place) if only_boxes else meaning.place
            return self.context.put_at(place, answer, meaning.confidence)
        return self._said_of(meaning, answer)

    # Of whom

    def _said_of(self, meaning: LabelMeaning, answer: FormAnswer) -> bool:
        subject = self._whose(meaning)
        if meaning.subject and not subject_of(self._section):
            self._subject = subject
        attribute, sure = meaning.attribute, meaning.confidence
        if attribute == "relationship" and subject in {"referrer", "child"}:
            return self.context.put_at("/referrer/relationshipToChild", answer, sure)
        if attribute == "date":
            of_record = subject not in {"child", *_PEOPLE} and not _SIGNED.search(self._section)
            return of_record and special.day_of_record(self.context, _SIGNED_DATE, answer, sure)
        if subject in {"referrer", *_INVOLVED, "designated"}:
            return self._of_workers(subject, attribute, answer, sure)
        if subject in _PEOPLE:
            return self._of_people(subject, attribute, answer, sure)
        return self._of_child(attribute, answer, meaning)

    def _of_workers(self, subject: str, attribute: str, answer: FormAnswer, sure: float) -> bool:
        if subject == "referrer":
            return self.context.workers.put(
                special.referrer(self.context, answer), attribute, answer, sure
            )
        if subject == "designated":
            return special.consultee(self.context, answer, sure)
        return self._involved(subject, attribute, answer, sure)

    def _whose(self, meaning: LabelMeaning) -> str:
        """Return whom an answer is about: by its label, its section, or what came before."""
        section, subject, attribute = subject_of(self._section), meaning.subject, meaning.attribute
        if attribute in _ONLY_OF_CHILDREN:
            return "child"
        if attribute in _OF_TWO:
            return self._whose_relationship(section)
        if subject == "child" and section in _PEOPLE and attribute in _NAMES:
            return section
        if subject and not (subject in _INVOLVED and attribute == "school"):
            return subject
        before = section or ("" if attribute in _RATHER_OF_CHILDREN else self._subject)
        if attribute in _OF_WORKERS and before not in _INVOLVED:
            return "referrer"
        return "child" if attribute == "school" and before == "referrer" else before or "child"

    def _whose_relationship(self, section: str) -> str:
        """Return whose relationship is meant: the label names the other end of it."""
        if section in _PEOPLE or section == "referrer":
            return section
        return "other-person" if self._person is not None else self._subject or "child"

    def _of_child(self, attribute: str, answer: FormAnswer, meaning: LabelMeaning) -> bool:
        sure = meaning.confidence
        number = meaning.number or (answer.entry + 1 if answer.entry else 0)
        if attribute in _NAMES:
            return self._name_of_child(attribute, answer, number, sure)
        if attribute == "nhs" and len(NHS.findall(answer.text)) > 1:
            return special.numbers_of_children(self.context, answer, sure)
        if number:
            return self.context.attributes.put(
                self.context.family.child(number), attribute, answer, sure
            )
        if REFERENCE.fullmatch(answer.text):
            return special.as_first_child(
                self.context,
                self.context.family.child(self.context.child_number),
                attribute,
                answer,
                sure,
            )
        children = self.context.children_for(answer)
        if attribute in {"birth", "sex", "police-reference", "responsibility"}:
            children = children[:1]
        read = [self.context.attributes.put(child, attribute, answer, sure) for child in children]
        return all(read)

    def _name_of_child(self, attribute: str, answer: FormAnswer, number: int, sure: float) -> bool:
        if attribute == "name" and len(people_in(answer.text)) > 1:
            return self._children_named(answer, sure)
        self.context.child_number = number or self._free_child(attribute)
        self.context.together = self.context.together or answer.entry > 0
        return self.context.attributes.put(
            self.context.family.child(self.context.child_number), attribute, answer, sure
        )

    def _free_child(self, attribute: str) -> int:
        """Return the number of the child that has no such name yet."""
        part = {"given-name": "given", "family-name": "family"}.get(attribute, "full")
        number = self.context.child_number
        while (
            self.context.draft.get((*self.context.family.child(number), "name", part)) is not None
        ):
            number += 1
        return number

    def _children_named(self, answer: FormAnswer, confidence: float) -> bool:
        """Read a cell that names several children."""
        lines = re.split(r"[\n;]", answer.text)
        texts = (
            lines
            if len([line for line in lines if line.strip()]) > 1
            else [one.name for one in people_in(answer.text)]
        )
        for text in filter(str.strip, texts):
            self.context.child_number = self._free_child("name")
            child = self.context.family.child(self.context.child_number)
            self.context.attributes.put(
                child, "name", replace(answer, text=text.strip()), confidence
            )
        self.context.together = True
        return True

    def _of_people(
        self, subject: str, attribute: str, answer: FormAnswer, confidence: float
    ) -> bool:
        implied = subject if subject in {"mother", "father"} else ""
        if attribute in {"name", "birth-and-names"}:
            if absence_of(answer.text):
                return absence_of(answer.text) == "not-applicable"
            return self._people_named(implied, answer, confidence)
        if attribute == "contact" and not implied and self._person is None:
            named = person_in(answer.text)
            if named.name or named.relationship:
                person = self.context.family.person(
                    named.name, named.relationship, answer.origin, confidence
                )
                for number in (*named.phones, *named.emails):
                    self.context.family.contact(person, number, answer.origin, confidence)
                return not named.rest
        if implied:
            self._person = self.context.family.person("", implied, answer.origin, confidence)
        elif self._person is None or (
            attribute in _NAMES and self.context.draft.get((*self._person, "name", "full"))
        ):
            self._person = self.context.draft.entry("people")
        if REFERENCE.fullmatch(answer.text):
            return special.as_first_child(self.context, self._person, attribute, answer, confidence)
        return self.context.attributes.put(self._person, attribute, answer, confidence)

    def _people_named(self, implied: str, answer: FormAnswer, confidence: float) -> bool:
        read = True
        for named in people_in(answer.text):
            if not named.name and not named.relationship:
                read = False
                continue
            if named.absent:
                read = False
                continue
            kind = named.relationship or implied
            self._person = self.context.family.person(named.name, kind, answer.origin, confidence)
            for number in (*named.phones, *named.emails):
                self.context.family.contact(self._person, number, answer.origin, confidence)
            if named.responsible:
                holder = (self._person, "yes", answer.origin, confidence)
                self.context.family.responsible.append(holder)
            read = read and not named.rest
        return read

    def _involved(
        self, subject: str, attribute: str, answer: FormAnswer, confidence: float
    ) -> bool:
        if attribute not in {"name", "contact", "organisation", "address"}:
            return False
        if absence_of(answer.said):
            return True
        if special.is_of_referrer(self.context, answer):
            return self.context.workers.contact(
                special.referrer(self.context, answer), answer, confidence
            )
        if subject == "professional":
            return False
        row = InvolvedRow({"name": answer}, subject.replace("-", " "), confidence)
        return self.involved.put(row)

    # Rows

    def _row(self, row: Row) -> None:
        meanings = [meaning_of(answer.label) for answer in row.answers]
        self.labels += len(row.answers) if row.number == 1 else 0
        self.known += sum(one is not None for one in meanings) if row.number == 1 else 0
        answers = [self._carried(answer) for answer in row.answers]
        subject = self._subject_of_row(meanings)
        by_attribute: dict[str, FormAnswer] = {}
        others: list[tuple[LabelMeaning | None, FormAnswer]] = []
        for meaning, answer in zip(meanings, answers, strict=True):
            attribute = meaning.attribute if meaning else ""
            if attribute and attribute not in by_attribute:
                by_attribute[attribute] = answer
            elif not answer.label and answer is answers[0] and subject in _INVOLVED:
                by_attribute["job"] = answer
            else:
                others.append((meaning, answer))
        if subject in _INVOLVED:
            self._worker_row(by_attribute, others)
        elif subject in _PEOPLE or subject == "child":
            self._person_row(subject, by_attribute, others)
        else:
            for answer in answers:
                if not answer.is_blank:
                    self._answer(answer)

    def _carried(self, answer: FormAnswer) -> FormAnswer:
        """Take the words of the row above for *as above*."""
        text = answer.text
        if text and REFERENCE.fullmatch(text):
            return replace(answer, text=self._above.get(answer.label, ""))
        self._above[answer.label] = text
        return answer

    def _subject_of_row(self, meanings: list[LabelMeaning | None]) -> str:
        heads = {meaning.attribute for meaning in meanings if meaning}
        section = subject_of(self._section)
        if section in _INVOLVED or (
            heads & {"organisation", "job"} and not heads & {"birth", "relationship"}
        ):
            return "professional" if section != "referrer" else ""
        if section == "child" and "responsibility" not in heads:
            return "child"
        if section in _PEOPLE or heads & {"relationship", "responsibility"}:
            return "other-person"
        if heads & _NAMES and heads & _OF_CHILDREN:
            return "child"
        return ""

    def _worker_row(
        self, answers: dict[str, FormAnswer], others: list[tuple[LabelMeaning | None, FormAnswer]]
    ) -> None:
        role = answers.get("job")
        if not self.involved.put(InvolvedRow(answers, role.said if role else "", CERTAIN)):
            self.context.draft.not_read(next(iter(answers.values())))
        unused = [answer for name, answer in answers.items() if name not in _OF_INVOLVED]
        for answer in (*unused, *(answer for _, answer in others)):
            if not answer.is_blank:
                self.context.draft.not_read(answer)

    def _person_row(
        self,
        subject: str,
        answers: dict[str, FormAnswer],
        others: list[tuple[LabelMeaning | None, FormAnswer]],
    ) -> None:
        if all(answer.is_blank for answer in answers.values()):
            return
        who = self._who_of_row(subject, answers)
        if who is None:
            for answer in answers.values():
                if not answer.is_blank and not absence_of(answer.text):
                    self.context.draft.not_read(answer)
            return
        for attribute, answer in answers.items():
            done = attribute == "name" and who[0] == "people"
            if not answer.is_blank and not done:
                self._of_row(who, attribute, answer)
        for meaning, answer in others:
            if answer.is_blank:
                continue
            if (
                meaning is None
                or not meaning.attribute
                or not self.context.attributes.put(who, meaning.attribute, answer, LIKELY)
            ):
                self.context.draft.not_read(answer)

    def _of_row(self, who: Steps, attribute: str, answer: FormAnswer) -> None:
        twin = attribute == "name" and person_in(answer.text).relationship == "twin"
        if attribute == "relationship" and who[0] == "children":
            return
        if not self.context.attributes.put(who, attribute, answer, CERTAIN):
            self.context.draft.not_read(answer)
        if attribute == "birth" and who in self._twins:
            self.context.family.twins(who, answer.origin, CERTAIN)
        if twin:
            self._twins.add(who)

    def _who_of_row(self, subject: str, answers: dict[str, FormAnswer]) -> Steps | None:
        named = next(
            (
                answers[key]
                for key in ("name", "family-name-first", "given-name", "family-name")
                if key in answers
            ),
            None,
        )
        if named is None or named.is_blank or absence_of(named.text):
            return None
        if subject == "child":
            self.context.child_number = self._free_child(
                "given-name" if "given-name" in answers else "name"
            )
            self.context.together = True
            return self.context.family.child(self.context.child_number)
        if "name" not in answers:
            who = self.context.draft.entry("people")
            self._person = who
            return who
        person = person_in(named.text)
        related = answers.get("relationship")
        kind = person.relationship if related is None or related.is_blank else ""
        who = self.context.family.person(person.name or named.text, kind, named.origin, CERTAIN)
        for number in (*person.phones, *person.emails):
            self.context.family.contact(who, number, named.origin, CERTAIN)
        if person.rest:
            self.context.draft.not_read(named)
        self._person = who
        return who


_ABOUT: Final = {
    "=consent": "/consents",
    "=know-and-agree": "/consents",
    "=early-help": "/earlyHelpPlans",
    "=own-consulted": "/consultations",
    "=consultee": "/consultations",
    "=service-consulted": "/consultations",
    "=risk": "/immediateRisk",
    "=attached": "/attachments",
    "=own-support": "/previousSupport",
    "=social-care": "/children",
    "=adults-views": "/people",
}


def _about(meaning: LabelMeaning) -> str:
    """Return which part of a record an answer may belong to; empty if nobody knows."""
    if meaning.place.startswith("="):
        return _ABOUT.get(meaning.place, "")
    if meaning.place:
        return "/" + meaning.place.split("/")[1]
    if meaning.subject in _PEOPLE:
        return "/people"
    return "/children" if meaning.subject == "child" else "/practitioners"

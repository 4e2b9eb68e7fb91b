"""What a form says of one person: name, birth, numbers, address and whatever else has a label."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Final

from eh_interop.core.identifiers import CHECKS, is_nhs_number
from eh_interop.core.pointer import Steps
from eh_interop.formats._shared.forms.answers import FormAnswer
from eh_interop.formats._shared.forms.family import FormPeople
from eh_interop.formats._shared.forms.form_record import FormRecord
from eh_interop.formats._shared.forms.persons import people_in, person_in, relationship_of
from eh_interop.formats._shared.forms.said import (
    EMAIL,
    NHS,
    REFERENCE,
    absence_of,
    address_lines,
    code_of,
    find_postcode,
    phones_in,
    read_birth,
    yes_or_no,
)
from eh_interop.formats._shared.forms.values import LOOSELY, put_absence, put_answer

_NOTHING: Final = re.compile(r"(none|nil|no)( known| reported| identified)?\W*", re.IGNORECASE)
_UNBORN: Final = re.compile(r"\bunborn\b|^baby (of|to)\b", re.IGNORECASE)
_UNSURE: Final = re.compile(
    r"\?|\b(not sure|unsure|thinks?|unknown|not known|different|n/?k)\b", re.IGNORECASE
)
_SEPARATE_LANGUAGES: Final = re.compile(r"\s*(/|,|\band\b|&)\s*")
_PLACES: Final[Mapping[str, str]] = {
    "religion": "religion",
    "nationality": "nationality",
    "immigration": "immigrationStatus",
    "communication": "language/communicationNeeds",
    "young-carer": "youngCarer",
    "privately-fostered": "privatelyFostered",
}
"""Attributes that are one field of a child or person."""


@dataclass(slots=True)
class Attributes:
    """Puts what is said of one person into the record."""

    draft: FormRecord
    family: FormPeople
    year: int

    def put(self, who: Steps, attribute: str, answer: FormAnswer, confidence: float) -> bool:
        """Put what an answer says of somebody.

        Returns:
            Whether all of it was read.
        """
        if attribute in _PLACES:
            return self._field(who, _PLACES[attribute], answer, confidence)
        method = _METHODS.get(attribute)
        return method(self, who, answer, confidence) if method else False

    def _field(self, who: Steps, place: str, answer: FormAnswer, confidence: float) -> bool:
        return put_answer(self.draft, (*who, *_steps(place)), answer, confidence, self.year)

    def _put(
        self, who: Steps, place: str, value: object, answer: FormAnswer, confidence: float
    ) -> bool:
        return self.draft.put((*who, *_steps(place)), value, answer.origin, confidence)

    def name(self, who: Steps, answer: FormAnswer, confidence: float) -> bool:
        """Put a full name; what is said beside it may be a relationship."""
        named = person_in(answer.text)
        if not named.name:
            return bool(named.absent) and self._field(who, "name/full", answer, confidence)
        if _UNBORN.search(named.name):
            self._put(who, "unborn", bool(named.name), answer, confidence)
        read = self._put(who, "name/full", named.name, answer, confidence)
        for number in (*named.phones, *named.emails):
            self.family.contact(who, number, answer.origin, confidence)
        return read and not named.rest

    def family_name_first(self, who: Steps, answer: FormAnswer, confidence: float) -> bool:
        """*Campbell-Reid, Jaydon*; without a comma nobody can tell where a surname begins."""
        family, comma, given = (" ".join(part.split()) for part in answer.text.partition(","))
        if not comma:
            return self.name(who, answer, confidence)
        self._put(who, "name/family", family, answer, confidence)
        return self._put(who, "name/given", given, answer, confidence)

    def given(self, who: Steps, answer: FormAnswer, confidence: float) -> bool:
        """Forenames."""
        return self._field(who, "name/given", answer, confidence)

    def family_name(self, who: Steps, answer: FormAnswer, confidence: float) -> bool:
        """Put a surname."""
        return self._field(who, "name/family", answer, confidence)

    def other_names(self, who: Steps, answer: FormAnswer, confidence: float) -> bool:
        """Aliases: nothing to keep where there are none."""
        if absence_of(answer.text) or _NOTHING.fullmatch(answer.text):
            return True
        known = len(self.draft.get((*who, "otherNames")) or ())
        for number, name in enumerate(re.split(r"[,;\n]", answer.text), known):
            self._put(who, f"otherNames/{number}/full", name.strip(), answer, confidence)
        return True

    def birth(self, who: Steps, answer: FormAnswer, confidence: float) -> bool:
        """Put a date of birth, an expected one, a year or an age."""
        if answer.code:
            return self._put(who, "dateOfBirth", answer.code, answer, confidence)
        birth = read_birth(answer.text, self.year)
        if birth is None:
            reason = absence_of(answer.text)
            steps = (*who, "dateOfBirth")
            return reason == "not-applicable" or (
                bool(reason) and put_absence(self.draft, steps, reason, answer, confidence)
            )
        if birth.expected:
            self._put(who, "unborn", birth.expected, answer, confidence)
            return self._put(who, "expectedDateOfBirth", birth.day, answer, confidence)
        if birth.day:
            return self._put(who, "dateOfBirth", birth.day, answer, confidence)
        if birth.month_or_year:
            return self._put(who, "birthMonthOrYear", birth.month_or_year, answer, confidence)
        return self._put(who, "estimatedAge", birth.age, answer, confidence)

    def expected(self, who: Steps, answer: FormAnswer, confidence: float) -> bool:
        """Put an expected date of birth."""
        expected = replace(answer, text=f"EDD {answer.text}")
        return bool(absence_of(answer.text)) or self.birth(who, expected, confidence)

    def sex(self, who: Steps, answer: FormAnswer, confidence: float) -> bool:
        """*M*, *Female*, *girl*."""
        return self._field(who, "sex", answer, confidence)

    def ethnicity(self, who: Steps, answer: FormAnswer, confidence: float) -> bool:
        """Put a code if the words are known, and else the words."""
        if self._field(who, "ethnicity", answer, confidence):
            return True
        return self._put(
            who, "ethnicityNote", " ".join(answer.said.split()), answer, confidence * LOOSELY
        )

    def language(self, who: Steps, answer: FormAnswer, confidence: float) -> bool:
        """One language has a code. The words are kept as well: they may say which dialect."""
        text = " ".join(answer.said.split())
        several = len(_SEPARATE_LANGUAGES.split(text)) > 1
        if REFERENCE.fullmatch(text) or absence_of(text):
            return self._field(who, "language/firstLanguage", answer, confidence)
        if not several and code_of(text, "language"):
            self._field(who, "language/firstLanguage", answer, confidence)
        return self._put(who, "language/languageNote", text, answer, confidence)

    def interpreter(self, who: Steps, answer: FormAnswer, confidence: float) -> bool:
        """Whether an interpreter is needed, and what is said of it."""
        return self._yes_no(
            who, "language/interpreterNeeded", "language/interpreterNote", answer, confidence
        )

    def disability(self, who: Steps, answer: FormAnswer, confidence: float) -> bool:
        """Whether there is a disability, and which."""
        return self._yes_no(who, "disability", "disabilityNote", answer, confidence)

    def _yes_no(
        self, who: Steps, place: str, note: str, answer: FormAnswer, confidence: float
    ) -> bool:
        reply, rest = yes_or_no(answer.said)
        if not reply:
            return bool(absence_of(answer.text)) or self._field(who, note, answer, confidence)
        self._put(who, place, reply, answer, confidence)
        return not rest or self._put(who, note, rest, answer, confidence * LOOSELY)

    def disability_note(self, who: Steps, answer: FormAnswer, confidence: float) -> bool:
        """Needs in words; *none known* says nothing that has a field."""
        if _NOTHING.fullmatch(answer.text):
            return False
        reply, rest = yes_or_no(answer.said)
        place = (
            "specialRequirements"
            if re.search("need|requirement", answer.label, re.IGNORECASE)
            else "disabilityNote"
        )
        if (
            re.search(r"health|medical|diagnos|allerg", answer.label, re.IGNORECASE)
            and who[0] == "children"
        ):
            place = "health"
        if reply and not rest:
            return reply == "no"
        return self._field(who, place, answer, confidence)

    def nhs(self, who: Steps, answer: FormAnswer, confidence: float) -> bool:
        """Put an NHS number, or that nobody knows it."""
        match = NHS.search(answer.text)
        if match:
            digits = re.sub(r"\D", "", match[0])
            sure = confidence if is_nhs_number(digits) else confidence * LOOSELY
            return self.identifier(who, "nhs-number", digits, answer, sure)
        if absence_of(answer.text) == "not-known":
            return self._identifier_missing(who, answer, confidence)
        return absence_of(answer.text) == "not-applicable"

    def _identifier_missing(self, who: Steps, answer: FormAnswer, confidence: float) -> bool:
        at = f"identifiers/{len(self.draft.get((*who, 'identifiers')) or ())}"
        self._put(who, f"{at}/type", "nhs-number", answer, confidence)
        return self._put(who, f"{at}/missingReason", "nhs-number-not-known", answer, confidence)

    def identifier(
        self, who: Steps, kind: str, value: str, answer: FormAnswer, confidence: float
    ) -> bool:
        """Add a number of some kind."""
        known = self.draft.get((*who, "identifiers")) or []
        if any(one.get("type") == kind and one.get("value") == value for one in known):
            return True
        at = f"identifiers/{len(known)}"
        self._put(who, f"{at}/type", kind, answer, confidence)
        return self._put(who, f"{at}/value", value, answer, confidence)

    def upn(self, who: Steps, answer: FormAnswer, confidence: float) -> bool:
        """Put a unique pupil number."""
        return self._number(who, "upn", answer, confidence)

    def police(self, who: Steps, answer: FormAnswer, confidence: float) -> bool:
        """Put a number of the police."""
        return self._number(who, "police-reference", answer, confidence)

    def case(self, who: Steps, answer: FormAnswer, confidence: float) -> bool:
        """Put a number of the council's or another system."""
        return self._number(who, "case-number", answer, confidence)

    def _number(self, who: Steps, kind: str, answer: FormAnswer, confidence: float) -> bool:
        if absence_of(answer.text):
            return True
        value = " ".join(answer.text.split())
        value = value.replace(" ", "").upper() if kind in CHECKS else value
        return self.identifier(who, kind, value, answer, confidence)

    def address(
        self, who: Steps, answer: FormAnswer, confidence: float, kind: str = "home"
    ) -> bool:
        """Put an address. One that is doubtful, or names only a town, a person has to read."""
        text = answer.text
        if reason := absence_of(text):
            return reason == "not-applicable" or put_absence(
                self.draft, (*who, "addresses"), reason, answer, confidence
            )
        postcode, rest = find_postcode(text)
        doubtful = _UNSURE.search(text) and not postcode
        if REFERENCE.fullmatch(text) or doubtful:
            return False
        if who[0] != "children" and not postcode and not any(map(str.isdigit, text)):
            return False
        if len(address_lines(rest)) == 1 and re.fullmatch(r"\W*", rest):
            return False
        return self.family.address(who, text, answer.origin, confidence, kind)

    def other_address(self, who: Steps, answer: FormAnswer, confidence: float) -> bool:
        """Another address; it may be said whose."""
        named = person_in(answer.text)
        if named.absent and named.relationship:
            person = self.family.person("", named.relationship, answer.origin, confidence)
            return put_absence(self.draft, (*person, "addresses"), named.absent, answer, confidence)
        if absence_of(answer.text):
            return True
        previous = re.search("previous|former", answer.label, re.IGNORECASE)
        kind = "previous" if previous else "home" if who[0] == "people" else "other"
        return self.address(who, answer, confidence, kind)

    def postcode(self, who: Steps, answer: FormAnswer, confidence: float) -> bool:
        """Put a postcode of the address before it."""
        code, rest = find_postcode(answer.text)
        if not code or rest.strip():
            return absence_of(answer.text) == "not-applicable"
        known = self.draft.get((*who, "addresses")) or []
        if not known:
            return self.family.address(who, code, answer.origin, confidence)
        return self._put(who, f"addresses/{len(known) - 1}/postcode", code, answer, confidence)

    def contact(self, who: Steps, answer: FormAnswer, confidence: float) -> bool:
        """Telephone numbers and e-mail. It may be said whose they are."""
        if reason := absence_of(answer.text):
            return reason == "not-applicable" or put_absence(
                self.draft, (*who, "contacts"), reason, answer, confidence
            )
        read = False
        for part in answer.text.split("\n"):
            numbers = [*phones_in(part), *EMAIL.findall(part)]
            named = person_in(part)
            owner = who
            if (
                numbers
                and who[0] in {"children", "people"}
                and (named.relationship or (named.name and who[0] == "children"))
            ):
                owner = self.family.person(
                    named.name, named.relationship, answer.origin, confidence
                )
            for number in numbers:
                self.family.contact(owner, number, answer.origin, confidence)
            left = named.rest or (named.name if owner == who and numbers else "")
            read = bool(numbers) and not left.strip(" /,;")
        return read

    def school(self, who: Steps, answer: FormAnswer, confidence: float) -> bool:
        """Put a school or nursery: its name, and the rest of an address if it has a postcode."""
        if reason := absence_of(answer.text):
            return reason == "not-applicable" or put_absence(
                self.draft, (*who, "education"), reason, answer, confidence
            )
        if _NOTHING.fullmatch(answer.text):
            return False
        postcode, _ = find_postcode(answer.text)
        name, *lines = (
            address_lines(answer.text)
            if postcode or phones_in(answer.text)
            else [" ".join(answer.text.split())]
        )
        at = self.family.organisation(name, answer.origin, confidence)
        if lines and at is not None:
            for number in phones_in(answer.text):
                self.family.contact(at, number, answer.origin, confidence)
        return self._put(who, "education/0/organisation", self.draft.id_of(at), answer, confidence)

    def year_group(self, who: Steps, answer: FormAnswer, confidence: float) -> bool:
        """Put the school year."""
        text = re.sub(r"^(year|yr|nc year)\.?\s*", "", answer.text, flags=re.IGNORECASE)
        return self._field(who, "education/0/yearGroup", replace(answer, text=text), confidence)

    def attendance(self, who: Steps, answer: FormAnswer, confidence: float) -> bool:
        """Attendance in per cent."""
        return self._field(who, "education/0/attendancePercent", answer, confidence)

    def ehc_plan(self, who: Steps, answer: FormAnswer, confidence: float) -> bool:
        """Whether there is an education, health and care plan. *No* says nothing of support."""
        reply, rest = yes_or_no(answer.said)
        if reply == "yes":
            self._put(
                who,
                "specialEducationalNeeds/status",
                "education-health-and-care-plan",
                answer,
                confidence,
            )
        return reply == "yes" and not rest

    def relationship(self, who: Steps, answer: FormAnswer, confidence: float) -> bool:
        """How somebody is related to the children."""
        kind = relationship_of(answer.said)
        if kind and who[0] == "people":
            self.family.relate(who, kind, answer.origin, confidence)
        return bool(kind)

    def responsibility(self, who: Steps, answer: FormAnswer, confidence: float) -> bool:
        """Parental responsibility: of one person by yes or no, or the names of who holds it."""
        reply, rest = yes_or_no(answer.said)
        if reply and who[0] == "people":
            self.family.responsible.append((who, reply, answer.origin, confidence))
            return not rest
        if reply or absence_of(answer.text):
            return False
        for person in people_in(answer.text):
            if person.name or person.relationship in {"mother", "father"}:
                steps = self.family.person(
                    person.name, person.relationship, answer.origin, confidence
                )
                self.family.responsible.append((steps, "yes", answer.origin, confidence))
        return True

    def age(self, who: Steps, answer: FormAnswer, confidence: float) -> bool:
        """Put an age in years, unless the date of birth says it."""
        if self.draft.get((*who, "dateOfBirth")):
            return True
        return self.birth(who, answer, confidence)


def _steps(place: str) -> Steps:
    return tuple(int(step) if step.isdigit() else step for step in place.split("/"))


_METHODS: Final[Mapping[str, Callable[[Attributes, Steps, FormAnswer, float], bool]]] = {
    "name": Attributes.name,
    "family-name-first": Attributes.family_name_first,
    "given-name": Attributes.given,
    "family-name": Attributes.family_name,
    "other-names": Attributes.other_names,
    "birth": Attributes.birth,
    "edd": Attributes.expected,
    "age": Attributes.age,
    "sex": Attributes.sex,
    "ethnicity": Attributes.ethnicity,
    "language": Attributes.language,
    "interpreter": Attributes.interpreter,
    "disability": Attributes.disability,
    "disability-note": Attributes.disability_note,
    "nhs": Attributes.nhs,
    "upn": Attributes.upn,
    "police-reference": Attributes.police,
    "case-number": Attributes.case,
    "address": Attributes.address,
    "address-other": Attributes.other_address,
    "postcode": Attributes.postcode,
    "contact": Attributes.contact,
    "email": Attributes.contact,
    "school": Attributes.school,
    "year-group": Attributes.year_group,
    "attendance": Attributes.attendance,
    "ehc-plan": Attributes.ehc_plan,
    "relationship": Attributes.relationship,
    "responsibility": Attributes.responsibility,
}

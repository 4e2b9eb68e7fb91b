"""Professionals on forms: who refers, who is consulted, and who is involved with the family."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from eh_interop.core.pointer import Steps
from eh_interop.formats._shared.forms.answers import Answer
from eh_interop.formats._shared.forms.draft import RecordDraft
from eh_interop.formats._shared.forms.family import Family
from eh_interop.formats._shared.forms.persons import looks_like_organisation, worker_in
from eh_interop.formats._shared.forms.said import (
    EMAIL,
    PHONE,
    REFERENCE,
    absence_of,
    address_lines,
    code_of,
    find_postcode,
    phones_in,
)

ROLES: Final = "practitioner-role"
_SCHOOL: Final = re.compile(
    r"\b(school|nursery|college|academy|pre-?school|education)\b", re.IGNORECASE
)
_NOTHING: Final = re.compile(r"\W*(none|nil|no)?\W*", re.IGNORECASE)


@dataclass(slots=True)
class Workers:
    """Puts what is said of professionals into the record."""

    draft: RecordDraft
    family: Family

    def put(self, who: Steps, attribute: str, answer: Answer, confidence: float) -> bool:
        """Put what an answer says of a professional.

        Returns:
            Whether all of it was read.
        """
        text = answer.said
        if absence_of(text) or REFERENCE.fullmatch(text):
            return absence_of(text) == "not-applicable"
        match attribute:
            case "name" | "given-name" | "family-name":
                return self._name(who, attribute, answer, confidence)
            case "job":
                return self.job(who, answer, confidence)
            case "organisation" | "school":
                return self.organisation(who, text, answer, confidence)
            case "job-and-agency":
                job, comma, agency = text.partition(",")
                self._put(who, "jobTitle", job.strip(), answer, confidence)
                self._role(who, job, answer, confidence)
                return not comma or self.organisation(who, agency, answer, confidence)
            case "contact" | "email":
                return self.contact(who, answer, confidence)
            case "address" | "postcode":
                return self.address(who, text, answer, confidence)
        return False

    def _put(self, who: Steps, name: str, value: str, answer: Answer, confidence: float) -> bool:
        return self.draft.put((*who, name), value, answer.origin, confidence)

    def _name(self, who: Steps, attribute: str, answer: Answer, confidence: float) -> bool:
        if attribute != "name":
            part = "given" if attribute == "given-name" else "family"
            return self.draft.put((*who, "name", part), answer.said, answer.origin, confidence)
        said = worker_in(answer.said)
        if said.name:
            self.draft.put((*who, "name", "full"), said.name, answer.origin, confidence)
        if said.job:
            self._put(who, "jobTitle", said.job, answer, confidence)
            self._role(who, said.job, answer, confidence)
        if said.organisation:
            self.organisation(who, said.organisation, answer, confidence)
        for number in (*said.phones, *said.emails):
            self.family.contact(who, number, answer.origin, confidence)
        return bool(said.name or said.organisation or said.phones) and not said.rest

    def job(self, who: Steps, answer: Answer, confidence: float) -> bool:
        """A job title, and the role if it is one that is known."""
        text = " ".join(answer.said.split())
        self._role(who, text, answer, confidence)
        return self._put(who, "jobTitle", text, answer, confidence)

    def _role(self, who: Steps, text: str, answer: Answer, confidence: float) -> None:
        if role := code_of(text, ROLES):
            self._put(who, "role", role, answer, confidence)

    def organisation(self, who: Steps, text: str, answer: Answer, confidence: float) -> bool:
        """The organisation of a professional."""
        at = self.family.organisation(text, answer.origin, confidence)
        return self._put(who, "organisation", self.draft.id_of(at), answer, confidence)

    def contact(self, who: Steps, answer: Answer, confidence: float) -> bool:
        """Telephone numbers and e-mail."""
        text = answer.said
        numbers = [*phones_in(text), *EMAIL.findall(text)]
        for number in numbers:
            self.family.contact(who, number, answer.origin, confidence)
        left = PHONE.sub("", EMAIL.sub("", text))
        return bool(numbers) and not left.strip(" /,;\n")

    def address(self, who: Steps, text: str, answer: Answer, confidence: float) -> bool:
        """An address of work."""
        postcode, rest = find_postcode(text)
        at = (*who, "address")
        known = self.draft.get((*at, "lines")) or []
        for number, line in enumerate(address_lines(rest), len(known)):
            self.draft.put((*at, "lines", number), line, answer.origin, confidence)
        if postcode:
            self.draft.put((*at, "postcode"), postcode, answer.origin, confidence)
        self.draft.put((*at, "kind"), "work", answer.origin, confidence)
        return True

    def involved(self, answers: dict[str, Answer], role: str, confidence: float) -> bool:
        """Put a row about a professional or agency that is involved with the family.

        Args:
            answers: by attribute.
            role: what the row, or its first column, says of the role.
            confidence: how sure the labels are.
        """
        named = answers.get("name")
        name = (
            ""
            if named is None or absence_of(named.said) or _NOTHING.fullmatch(named.said)
            else named.said
        )
        agency = answers.get("organisation") or answers.get("school")
        where = answers.get("address")
        others = [one for key, one in answers.items() if key in {"contact", "email", "address"}]
        if not name and not (
            agency and agency.said and (agency.said != role or any(one.said for one in others))
        ):
            return not any(one.said and not absence_of(one.said) for one in others)
        anchor = named if named and name else agency
        assert anchor is not None
        role = role or (agency.said if agency and code_of(agency.said, ROLES) else "")
        is_gp = code_of(role, ROLES) == "gp"
        place = self._organisation_of(name, role, agency, where, anchor, confidence)
        worker = None
        if name and not (looks_like_organisation(name) and "," not in name and "(" not in name):
            said = worker_in(name)
            worker = self.family.practitioner(said.name, anchor.origin, confidence)
            self._name(worker, "name", anchor, confidence)
            self._job_of_row(worker, role, anchor, confidence)
            if place is not None and not is_gp and not said.organisation and where is None:
                self._put(worker, "organisation", self.draft.id_of(place), anchor, confidence)
        read = self._numbers(answers, worker or place, worker, place, confidence)
        self._involvement(worker, place, anchor, confidence)
        if place is not None and self.family.children:
            self._of_children(place, role, is_gp, anchor, confidence)
        return read

    def _organisation_of(
        self,
        name: str,
        role: str,
        agency: Answer | None,
        where: Answer | None,
        anchor: Answer,
        confidence: float,
    ) -> Steps | None:
        """Find the organisation of a row: in its own column, in that of the name or the address."""
        is_place = where is not None and where.said and not find_postcode(where.said)[0] and not any(map(str.isdigit, where.said))  # fmt: skip
        if agency and agency.said and not code_of(agency.said, ROLES) and agency.said != name and not absence_of(agency.said) and not re.fullmatch(r"schools?|nursery|college", agency.said, re.IGNORECASE):  # fmt: skip
            return self.family.organisation(agency.said, agency.origin, confidence)
        if name and looks_like_organisation(name) and "," not in name and "(" not in name:
            return self.family.organisation(name, anchor.origin, confidence)
        if is_place and where is not None and not absence_of(where.said):
            return self.family.organisation(where.said, where.origin, confidence)
        return None

    def _job_of_row(self, worker: Steps, role: str, anchor: Answer, confidence: float) -> None:
        code = code_of(role, ROLES)
        if code:
            self._put(worker, "role", code, anchor, confidence)
        if (
            role
            and code != "gp"
            and not _SCHOOL.fullmatch(role.strip())
            and not self.draft.get((*worker, "jobTitle"))
        ):
            if not looks_like_organisation(role) or code:
                self._put(worker, "jobTitle", " ".join(role.split()), anchor, confidence)

    def _numbers(
        self,
        answers: dict[str, Answer],
        who: Steps | None,
        worker: Steps | None,
        place: Steps | None,
        confidence: float,
    ) -> bool:
        read = True
        for attribute, answer in answers.items():
            if who is None or not answer.said or attribute not in {"contact", "email", "address"}:
                continue
            if attribute == "address":
                is_address = find_postcode(answer.said)[0] or any(map(str.isdigit, answer.said))
                if is_address and worker is not None:
                    read = self.put(worker, "address", answer, confidence) and read
                elif not is_address and place is None:
                    read = False
            else:
                read = self.contact(who, answer, confidence) and read
        return read

    def _involvement(
        self, worker: Steps | None, place: Steps | None, anchor: Answer, confidence: float
    ) -> None:
        at = self.draft.entry("involvements")
        for name, one in (("practitioner", worker), ("organisation", place)):
            if one is not None:
                self.draft.put((*at, name), self.draft.id_of(one), anchor.origin, confidence)

    def _of_children(
        self, place: Steps, role: str, is_gp: bool, anchor: Answer, confidence: float
    ) -> None:
        for child in self.family.children:
            if is_gp and not self.draft.get((*child, "generalPractice")):
                self._put(child, "generalPractice", self.draft.id_of(place), anchor, confidence)
            elif _SCHOOL.fullmatch(role.strip()) and not self.draft.get((*child, "education")):
                steps = (*child, "education", 0, "organisation")
                self.draft.put(steps, self.draft.id_of(place), anchor.origin, confidence)

"""Professionals and agencies that are involved with a family: a row, or a label, for each."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Final

from eh_interop.core.pointer import Steps
from eh_interop.formats._shared.forms.answers import FormAnswer
from eh_interop.formats._shared.forms.family import FormPeople
from eh_interop.formats._shared.forms.form_record import FormRecord
from eh_interop.formats._shared.forms.persons import looks_like_organisation, worker_in
from eh_interop.formats._shared.forms.said import absence_of, code_of, find_postcode
from eh_interop.formats._shared.forms.workers import ROLES, Workers

_SCHOOL: Final = re.compile(
    r"(the )?(schools?|nursery|college|academy|pre-?school|education|school/nursery)( name)?",
    re.IGNORECASE,
)
_NOTHING: Final = re.compile(r"\W*(none|nil|no)?\W*", re.IGNORECASE)
_NUMBERS: Final = ("contact", "email")


@dataclass(frozen=True, slots=True)
class InvolvedRow:
    """What a form says of one professional or agency.

    Attributes:
        answers: by what they say: *name*, *organisation*, *contact*, *email*, *address*.
        role: what the row says of the role.
        confidence: how sure the labels are.
    """

    answers: dict[str, FormAnswer]
    role: str
    confidence: float

    def text(self, attribute: str) -> str:
        """Return what is said; empty if nothing is, or only that nothing is known."""
        answer = self.answers.get(attribute)
        if answer is None or absence_of(answer.said) or _NOTHING.fullmatch(answer.said):
            return ""
        return answer.said

    @property
    def names_organisation(self) -> bool:
        """Whether what stands for a name is that of an organisation."""
        name = self.text("name")
        return looks_like_organisation(name) and "," not in name and "(" not in name

    @property
    def address_is_name(self) -> bool:
        """Whether what stands for an address is only the name of a place."""
        where = self.text("address")
        return bool(where) and not find_postcode(where)[0] and not any(map(str.isdigit, where))

    @property
    def is_empty(self) -> bool:
        """Whether nobody wrote anything: a role or an agency may be printed on the form."""
        rest = ("name", "address", *_NUMBERS)
        printed = self.text("organisation") in {"", self.role}
        return printed and not any(self.text(attribute) for attribute in rest)


@dataclass(frozen=True, slots=True)
class Involved:
    """Puts professionals and agencies that are involved into the record."""

    draft: FormRecord
    family: FormPeople
    workers: Workers

    def put(self, row: InvolvedRow) -> bool:
        """Put one of them into the record.

        Returns:
            Whether all of it was read.
        """
        if row.is_empty:
            return True
        agency = row.text("organisation")
        if not row.role and code_of(agency, ROLES):
            row = replace(row, role=agency)
        anchor = next(
            row.answers[key]
            for key in ("name", "organisation", "address", *_NUMBERS)
            if row.text(key)
        )
        place = self._organisation(row, anchor)
        worker = self._worker(row, place)
        if worker is None and place is None:
            return False
        at = self.draft.entry("involvements")
        for name, one in (("practitioner", worker), ("organisation", place)):
            if one is not None:
                self.draft.put((*at, name), self.draft.id_of(one), anchor.origin, row.confidence)
        if place is not None:
            self._of_children(place, row, anchor)
        return self._numbers(row, worker, place)

    def _organisation(self, row: InvolvedRow, anchor: FormAnswer) -> Steps | None:
        """Find the organisation: in its own column, in that of the name, or of the address."""
        agency = row.text("organisation")
        if agency and not code_of(agency, ROLES) and not _SCHOOL.fullmatch(agency):
            return self.family.organisation(agency, anchor.origin, row.confidence)
        if row.names_organisation:
            return self.family.organisation(row.text("name"), anchor.origin, row.confidence)
        if row.address_is_name:
            return self.family.organisation(row.text("address"), anchor.origin, row.confidence)
        return None

    def _worker(self, row: InvolvedRow, place: Steps | None) -> Steps | None:
        answer = row.answers.get("name")
        if answer is None or not row.text("name") or row.names_organisation:
            return None
        named = worker_in(answer.said)
        who = self.family.practitioner(named.name, answer.origin, row.confidence)
        self.workers.put(who, "name", answer, row.confidence)
        code = code_of(row.role, ROLES)
        put = self.draft.put
        if code:
            put((*who, "role"), code, answer.origin, row.confidence)
        is_title = row.role and code != "gp" and not _SCHOOL.fullmatch(row.role.strip())
        if is_title and (code or not looks_like_organisation(row.role)) and not named.job:
            title = " ".join(row.role.split())
            put((*who, "jobTitle"), title, answer.origin, row.confidence)
        if place is not None and not named.organisation and not row.address_is_name:
            put((*who, "organisation"), self.draft.id_of(place), answer.origin, row.confidence)
        return who

    def _numbers(self, row: InvolvedRow, worker: Steps | None, place: Steps | None) -> bool:
        who = worker or place
        read = True
        for attribute in _NUMBERS:
            if row.text(attribute) and who is not None:
                read = self.workers.contact(who, row.answers[attribute], row.confidence) and read
        if row.text("address") and not row.address_is_name:
            if worker is None:
                return False
            self.workers.put(worker, "address", row.answers["address"], row.confidence)
        return read

    def _of_children(self, place: Steps, row: InvolvedRow, anchor: FormAnswer) -> None:
        """Take a GP practice or a school that is involved for that of the children."""
        steps: Steps = ()
        if code_of(row.role, ROLES) == "gp":
            steps = ("generalPractice",)
        elif _SCHOOL.fullmatch(row.role.strip()) or _SCHOOL.fullmatch(row.text("organisation")):
            steps = ("education", 0, "organisation")
        for child in self.family.children if steps else ():
            if not self.draft.get((*child, steps[0])):
                value = self.draft.id_of(place)
                self.draft.put((*child, *steps), value, anchor.origin, row.confidence)

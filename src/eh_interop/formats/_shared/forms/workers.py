"""Professionals on forms: who refers, who is consulted, and who is involved with the family."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from eh_interop.core.pointer import Steps
from eh_interop.formats._shared.forms.answers import FormAnswer
from eh_interop.formats._shared.forms.family import FormPeople
from eh_interop.formats._shared.forms.form_record import FormRecord
from eh_interop.formats._shared.forms.persons import worker_in
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


@dataclass(slots=True)
class Workers:
    """Puts what is said of professionals into the record."""

    draft: FormRecord
    family: FormPeople

    def put(self, who: Steps, attribute: str, answer: FormAnswer, confidence: float) -> bool:
        """Put what an answer says of a professional.

        Returns:
            Whether all of it was read.
        """
        text = answer.said
        if absence_of(text) or REFERENCE.fullmatch(text):
            return absence_of(text) == "not-applicable"
        if attribute in {"name", "given-name", "family-name"}:
            return self._name(who, attribute, answer, confidence)
        method = _METHODS.get(attribute)
        return method(self, who, answer, confidence) if method else False

    def _put(
        self, who: Steps, name: str, value: str, answer: FormAnswer, confidence: float
    ) -> bool:
        return self.draft.put((*who, name), value, answer.origin, confidence)

    def _name(self, who: Steps, attribute: str, answer: FormAnswer, confidence: float) -> bool:
        if attribute != "name":
            part = "given" if attribute == "given-name" else "family"
            return self.draft.put((*who, "name", part), answer.said, answer.origin, confidence)
        named = worker_in(answer.said)
        if named.name:
            self.draft.put((*who, "name", "full"), named.name, answer.origin, confidence)
        if named.job:
            self._put(who, "jobTitle", named.job, answer, confidence)
            self._role(who, named.job, answer, confidence)
        if named.organisation:
            self._organisation(who, named.organisation, answer, confidence)
        for number in (*named.phones, *named.emails):
            self.family.contact(who, number, answer.origin, confidence)
        return bool(named.name or named.organisation or named.phones) and not named.rest

    def job(self, who: Steps, answer: FormAnswer, confidence: float) -> bool:
        """Put a job title, and the role if it is one that is known."""
        text = " ".join(answer.said.split())
        self._role(who, text, answer, confidence)
        return self._put(who, "jobTitle", text, answer, confidence)

    def _role(self, who: Steps, text: str, answer: FormAnswer, confidence: float) -> None:
        if role := code_of(text, ROLES):
            self._put(who, "role", role, answer, confidence)

    def job_and_agency(self, who: Steps, answer: FormAnswer, confidence: float) -> bool:
        """Put a job title and, after a comma, the organisation."""
        job, comma, agency = answer.said.partition(",")
        self._put(who, "jobTitle", job.strip(), answer, confidence)
        self._role(who, job, answer, confidence)
        return not comma or self._organisation(who, agency, answer, confidence)

    def organisation(self, who: Steps, answer: FormAnswer, confidence: float) -> bool:
        """Put the organisation of a professional."""
        return self._organisation(who, answer.said, answer, confidence)

    def _organisation(self, who: Steps, text: str, answer: FormAnswer, confidence: float) -> bool:
        """Put the organisation of a professional."""
        at = self.family.organisation(text, answer.origin, confidence)
        return self._put(who, "organisation", self.draft.id_of(at), answer, confidence)

    def contact(self, who: Steps, answer: FormAnswer, confidence: float) -> bool:
        """Telephone numbers and e-mail."""
        text = answer.said
        numbers = [*phones_in(text), *EMAIL.findall(text)]
        for number in numbers:
            self.family.contact(who, number, answer.origin, confidence)
        left = PHONE.sub("", EMAIL.sub("", text))
        return bool(numbers) and not left.strip(" /,;\n")

    def address(self, who: Steps, answer: FormAnswer, confidence: float) -> bool:
        """Put an address of work."""
        postcode, rest = find_postcode(answer.said)
        at = (*who, "address")
        known = self.draft.get((*at, "lines")) or []
        for number, line in enumerate(address_lines(rest), len(known)):
            self.draft.put((*at, "lines", number), line, answer.origin, confidence)
        if postcode:
            self.draft.put((*at, "postcode"), postcode, answer.origin, confidence)
        self.draft.put((*at, "kind"), "work", answer.origin, confidence)
        return True


_METHODS: Final[Mapping[str, Callable[[Workers, Steps, FormAnswer, float], bool]]] = {
    "job": Workers.job,
    "organisation": Workers.organisation,
    "school": Workers.organisation,
    "job-and-agency": Workers.job_and_agency,
    "contact": Workers.contact,
    "email": Workers.contact,
    "address": Workers.address,
    "postcode": Workers.address,
}

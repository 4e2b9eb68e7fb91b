"""The people of a record that is being read: who is who, however often a form names them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from eh_interop.core.findings import Origin
from eh_interop.core.pointer import Steps
from eh_interop.formats._shared.forms.form_record import FormRecord
from eh_interop.formats._shared.forms.persons import name_words
from eh_interop.formats._shared.forms.said import address_lines, find_postcode, is_mobile

_CHILD_TYPES = frozenset({"twin", "sibling", "half-sibling", "step-sibling"})
_PARENTS = {"mother": "mother", "father": "father"}


@dataclass(slots=True)
class FormPeople:
    """Finds people, children, professionals and organisations again by their names."""

    draft: FormRecord
    children: list[Steps] = field(default_factory=list)
    related: list[tuple[Steps, str, Origin, float]] = field(default_factory=list)
    responsible: list[tuple[Steps, str, Origin, float]] = field(default_factory=list)

    def child(self, number: int) -> Steps:
        """Return a child by its number, from 1. Children before it are made as well."""
        while len(self.children) < number:
            self.children.append(self.draft.entry("children", f"child {len(self.children) + 1}"))
        return self.children[number - 1]

    def named(self, name: str, listed: str) -> Steps | None:
        """Return who has this name in a list of the record; None if nobody has."""
        wanted = name_words(name)
        for number, one in enumerate(self.draft.document.get(listed, ())):
            known = name_words(_full_name(one.get("name", {})))
            if wanted and sorted(wanted) == sorted(known):
                return (listed, number)
        return None

    def called(self, name: str) -> Steps | None:
        """Return whose name holds all words of a name: a child or somebody of the family."""
        wanted = set(name_words(name))
        matches = [
            steps
            for listed in ("children", "people")
            for number, one in enumerate(self.draft.document.get(listed, ()))
            if wanted and wanted <= set(name_words(_full_name(one.get("name", {}))))
            for steps in ((listed, number),)
        ]
        return matches[0] if len(matches) == 1 else None

    def person(self, name: str, relationship: str, origin: Origin, confidence: float) -> Steps:
        """Return a person by name, or else by being the mother or father; made if need be."""
        steps = self.named(name, "children") or self.named(name, "people") if name else None
        if steps is None and relationship in _PARENTS:
            known = next((who for who, kind, *_ in self.related if kind == relationship), None)
            unnamed = known is not None and not self.draft.get((*known, "name"))
            if known is not None and (
                not name or unnamed or _goes_with(self.draft.get((*known, "name")), name)
            ):
                steps = known
        if steps is None:
            steps = self.draft.entry("people")
        if name and not self.draft.get((*steps, "name")):
            self.draft.put((*steps, "name", "full"), name, origin, confidence)
        if relationship and steps[0] == "people":
            self.relate(steps, relationship, origin, confidence)
        return steps

    def relate(self, person: Steps, kind: str, origin: Origin, confidence: float) -> None:
        """Keep how a person is related to the children."""
        if not any(who == person for who, *_ in self.related):
            self.related.append((person, kind, origin, confidence))

    def practitioner(self, name: str, origin: Origin, confidence: float, key: str = "") -> Steps:
        """Return a professional by name; made if need be."""
        steps = (self.named(name, "practitioners") if name else None) or self.draft.entry(
            "practitioners", key
        )
        if name and not self.draft.get((*steps, "name")):
            self.draft.put((*steps, "name", "full"), name, origin, confidence)
        return steps

    def organisation(self, name: str, origin: Origin, confidence: float) -> Steps:
        """Return an organisation by name; made if need be."""
        wanted = sorted(name_words(name))
        for number, one in enumerate(self.draft.document.get("organisations", ())):
            if sorted(name_words(str(one.get("name", "")))) == wanted:
                return ("organisations", number)
        steps = self.draft.entry("organisations")
        self.draft.put((*steps, "name"), " ".join(name.split()), origin, confidence)
        return steps

    def contact(self, who: Steps, number: str, origin: Origin, confidence: float) -> None:
        """Add a telephone number or an address of e-mail."""
        kind = "email" if "@" in number else "mobile" if is_mobile(number) else "phone"
        known = self.draft.get((*who, "contacts")) or []
        if any(one.get("value") == number for one in known):
            return
        at = (*who, "contacts", len(known))
        self.draft.put((*at, "kind"), kind, origin, confidence)
        self.draft.put((*at, "value"), number, origin, confidence)

    def address(
        self, who: Steps, text: str, origin: Origin, confidence: float, kind: str = "home"
    ) -> bool:
        """Add an address; the postcode is found wherever in the text it stands."""
        postcode, rest = find_postcode(text)
        lines = address_lines(rest)
        known = self.draft.get((*who, "addresses")) or []
        same = [number for number, one in enumerate(known) if one.get("kind") == kind]
        at = (
            *who,
            "addresses",
            same[0] if same and (not known[same[0]].get("lines") or not lines) else len(known),
        )
        if not lines and not postcode:
            return False
        self.draft.put((*at, "kind"), kind, origin, confidence)
        for number, line in enumerate(lines):
            self.draft.put((*at, "lines", number), line, origin, confidence)
        if postcode:
            self.draft.put((*at, "postcode"), postcode, origin, confidence)
        return True

    def finish(self) -> None:
        """Write relationships and parental responsibility, for all children of the record."""
        for person, kind, origin, confidence in self.related:
            for child in self.children:
                if person != child:
                    self._relationship(person, child, kind, origin, confidence)
        for person, holds, origin, confidence in self.responsible:
            for child in self.children:
                at = self.draft.entry("parentalResponsibility")
                values = {
                    "holder": self.draft.id_of(person),
                    "child": self.draft.id_of(child),
                    "holds": holds,
                }
                for name, value in values.items():
                    self.draft.put((*at, name), value, origin, confidence)

    def twins(self, child: Steps, origin: Origin, confidence: float) -> None:
        """Say that a child is the twin of the one before with the same day of birth."""
        day = self.draft.get((*child, "dateOfBirth"))
        for other in self._others(child):
            if day and self.draft.get((*other, "dateOfBirth")) == day:
                self._relationship(child, other, "twin", origin, confidence)

    def _others(self, child: Steps) -> Iterator[Steps]:
        return (one for one in self.children if one != child)

    def _relationship(
        self, person: Steps, other: Steps, kind: str, origin: Origin, confidence: float
    ) -> None:
        at = self.draft.entry("relationships")
        values = {
            "person": self.draft.id_of(person),
            "relatedTo": self.draft.id_of(other),
            "type": kind,
        }
        for name, value in values.items():
            self.draft.put((*at, name), value, origin, confidence)


def _goes_with(name: object, other: str) -> bool:
    known = set(name_words(_full_name(name)))
    wanted = set(name_words(other))
    return wanted <= known or known <= wanted


def _full_name(name: object) -> str:
    if not isinstance(name, dict):
        return ""
    return str(
        name.get("full")
        or " ".join(str(name[part]) for part in ("given", "family") if part in name)
    )

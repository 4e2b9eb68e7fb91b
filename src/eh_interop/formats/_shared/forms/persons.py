"""People as forms name them: *Donna Finch (mum)*, *Grandad Ken*, *Mr J Pelham, class teacher*."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from eh_interop.core.folding import words_in
from eh_interop.formats._shared.code_maps import fold_label
from eh_interop.formats._shared.forms.said import (
    EMAIL,
    PHONE,
    REFERENCE,
    absence_of,
    code_of,
    phones_in,
)

TITLES: Final = frozenset(
    [
        "mr",
        "mrs",
        "ms",
        "miss",
        "mx",
        "dr",
        "doctor",
        "pc",
        "dc",
        "ds",
        "sgt",
        "rev",
        "revd",
        "prof",
        "professor",
        "sir",
        "dame",
        "lady",
        "cllr",
        "sister",
    ]
)
_BRACKETS: Final = re.compile(r"\(([^()]*)\)")
_DASH: Final = re.compile(r"\s+[-\u2013\u2014]\s*|\s*[-\u2013\u2014]\s+")
_SIDES: Final = re.compile(
    r"^(maternal|paternal|birth|biological|natural|full|older|elder|younger|big"
    r"|little|eldest|youngest|child'?s|his|her|their|the|my) "
)
_POSSESSED: Final = re.compile(
    r"^(mum|mam|mother|dad|father)'?s (boyfriend|girlfriend|partner|fianc\w+|new partner)$"
)
_NAME_WORD: Final = re.compile(
    r"[A-Z\u00c0-\u00de][\w'\u2019.\-]*|(?:de|van|von|der|den|al|el|bin|bint|ap|la|le|da|do|du)",
    re.UNICODE,
)
_ORGANISATION: Final = re.compile(
    r"\b(practice|surgery|school|academy|primary|infants?|juniors?|high|nursery|pre-?school|playgroup|centre|center|clinic|"
    r"hospital|college|team|service|services|trust|ltd|health|council|charity|sixth "
    r"form|department|unit|medical)\b",
    re.IGNORECASE,
)
_RESPONSIBLE: Final = re.compile(
    r"(has|holds|with)? ?(p\.?r\.?|parental responsibility)( held)?", re.IGNORECASE
)
_LEAD_IN: Final = re.compile(r"^(unborn( baby)?|baby) (of|to)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonSaid:
    """What a form says of a person in one place.

    Attributes:
        name: as it was written.
        relationship: a code of the list ``relationship-type``; empty if it is not said.
        phones: telephone numbers.
        emails: addresses of e-mail.
        rest: what else is said.
        absent: the reason why nothing is known.
        responsible: parental responsibility is said of them.
    """

    name: str = ""
    relationship: str = ""
    phones: tuple[str, ...] = ()
    emails: tuple[str, ...] = ()
    rest: str = ""
    absent: str = ""
    responsible: bool = False


@lru_cache(maxsize=4096)
def relationship_of(text: str) -> str:
    """Return the code of a relationship to the child; empty if it is none."""
    word = fold_label(text).replace("\u2019", "'").strip(" .,;:-")
    if len(word) < 3:  # noqa: PLR2004
        return ""
    if _POSSESSED.match(word):
        return "parents-partner"
    for _ in range(3):
        if kind := code_of(word, "relationship-type"):
            return kind
        word = _SIDES.sub("", re.sub(r"(?<=[a-z])s' ", " ", word))
    return code_of(re.sub(r"[\s/](to|of) .*$", "", word), "relationship-type")


def name_words(name: str) -> tuple[str, ...]:
    """Return the words of a name without titles, for comparing."""
    words = words_in(name.replace("'", "").replace("\u2019", ""))
    return tuple(word for word in words if word not in TITLES and not word.isdigit()) or words


def looks_like_organisation(text: str) -> bool:
    """Return whether a text is the name of an organisation and not of a person."""
    return bool(_ORGANISATION.search(text))


def looks_like_name(text: str) -> bool:
    """Return whether a text may be the name of a person."""
    words = text.split()
    return 0 < len(words) <= 6 and all(_NAME_WORD.fullmatch(word.strip(",")) for word in words)  # noqa: PLR2004


def people_in(text: str) -> list[PersonSaid]:
    """Return the people whom a text names: a line, or a part between semicolons, for each."""
    parts = [part for line in re.split(r"[\n;]", text) for part in _apart(line) if part.strip()]
    return [person_in(part) for part in parts]


def _apart(line: str) -> list[str]:
    """Take *A and B* or *A, B* apart, if each part is a name; what is in brackets stays with it."""
    line = re.sub(r"\((both|all)\)\s*$", "", line.strip(), flags=re.IGNORECASE)
    for separator in (
        r"\s+(?:and|&|\+)\s+",
        r"\s*,\s*(?![^()]*\))",
        r"\s+/\s+",
        r"\s*,\s*(?![^()]*\))|\s+(?:and|&)\s+",
    ):
        parts = re.split(separator, line)
        names = [_BRACKETS.sub("", part).strip() for part in parts]
        if len(parts) > 1 and all(
            looks_like_name(name) and len(name.split()) > 1 and not relationship_of(name)
            for name in names
        ):
            return parts
    return [line]


def person_in(text: str) -> PersonSaid:
    """Read what one text says of one person."""
    phones, emails = tuple(phones_in(text)), tuple(EMAIL.findall(text))
    left = EMAIL.sub(" ", PHONE.sub(" ", text)).strip()
    if REFERENCE.fullmatch(left) or not left:
        return PersonSaid(phones=phones, emails=emails)
    if absent := absence_of(left):
        return PersonSaid(absent=absent, phones=phones, emails=emails)
    relationship, rest = "", list[str]()
    for note in _BRACKETS.findall(left):
        first, _, more = (*_first_part(note), "")[:3]
        kind = relationship_of(first)
        relationship = relationship or kind
        rest += [more if kind else note]
    name = _BRACKETS.sub(" ", left)
    name, *notes = re.split(
        r"\s*[,;:]\s+|\s+[-\u2013\u2014]\s*|\s*[-\u2013\u2014]\s+", name.strip()
    )
    for note in notes:
        kind = relationship_of(note)
        if not relationship and not rest and (reason := absence_of(note)) and relationship_of(name):
            return PersonSaid(relationship=relationship_of(name), absent=reason)
        relationship = relationship or kind
        rest += [] if kind else [note]
    name, lead = _without_lead(" ".join(name.split()).strip(" ,;:-"))
    relationship = relationship or lead
    notes = [note for note in rest if not _RESPONSIBLE.fullmatch(note.strip())]
    if relationship_of(name) and not lead:
        relationship, name = relationship or relationship_of(name), ""
    return PersonSaid(
        name=name,
        relationship=relationship,
        phones=phones,
        emails=emails,
        rest=", ".join(filter(None, (part.strip(" .,") for part in notes))),
        responsible=len(notes) < len(rest),
    )


def _first_part(note: str) -> tuple[str, str, str]:
    parts = re.split(r"\s*(,|\s[-\u2013]\s|;)\s*", note, maxsplit=1)
    return (parts[0], "", parts[2] if len(parts) > 2 else "")  # noqa: PLR2004


def _without_lead(name: str) -> tuple[str, str]:
    """Cut a relationship off that stands before a name: *mother Olena*, *Grandad Ken*."""
    if _LEAD_IN.match(name):
        return name, ""
    words = name.split()
    for count in (3, 2, 1):
        if len(words) > count and (kind := relationship_of(" ".join(words[:count]))):
            after = " ".join(words[count:])
            if looks_like_name(after) and fold_label(words[0]) not in TITLES:
                return after, kind
    return name, ""


@dataclass(frozen=True, slots=True)
class WorkerSaid:
    """What a form says of a professional in one place: name, job, organisation, numbers."""

    name: str = ""
    job: str = ""
    organisation: str = ""
    phones: tuple[str, ...] = ()
    emails: tuple[str, ...] = ()
    rest: str = ""


def worker_in(text: str) -> WorkerSaid:
    """Read *Rhian Pugh, SENCo, Alder Bank Infants* or *Mr J Pelham (class teacher)*."""
    phones, emails = tuple(phones_in(text)), tuple(EMAIL.findall(text))
    left = EMAIL.sub(" ", PHONE.sub(" ", text)).strip()
    if absence_of(left) or REFERENCE.fullmatch(left):
        return WorkerSaid(phones=phones, emails=emails)
    notes = [note.strip() for note in _BRACKETS.findall(left)]
    first, *others = re.split(
        r"\s*[,;\n]\s*|\s+[-\u2013\u2014]\s+", _BRACKETS.sub(" ", left).strip()
    )
    parts = [
        part
        for part in (*others, *notes)
        if part and not re.fullmatch(r"(on|tel|phone|mobile|t|e)?\W*", part, re.IGNORECASE)
    ]
    name, job, organisation = " ".join(first.split()), "", ""
    if looks_like_organisation(name) and not parts:
        name, organisation = "", name
    rest: list[str] = []
    for part in parts:
        if (
            not organisation
            and looks_like_organisation(part)
            and not code_of(part, "practitioner-role")
        ):
            organisation = part
        elif not job:
            job = part
        else:
            rest.append(part)
    return WorkerSaid(name, job, organisation, phones, emails, ", ".join(rest))

"""What headings mean, read as people read them: whose column it is, and what stands in it.

``mappings/partners/heading-words.csv`` holds the words for persons (subjects) and for what is
said of them (attributes), ``heading-places.csv`` where each pair goes. A heading that does not
say whose it is belongs to the person of the columns before it, or to the child.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Final

from eh_interop.core.resources import folder
from eh_interop.formats._shared.code_maps import fold_label
from eh_interop.formats._shared.signals import About, of_heading

_BREAKS = re.compile(r"(?<=[a-z])(?=[A-Z])|[_@]+")
_NUMBER = re.compile(r"(?<![0-9])([1-9][0-9]?)(?![0-9+])")
_PLAIN = re.compile(r"[\u2018\u2019`]")
_REFERENCE = re.compile(r"\b(ref|reference|id|no|number|num|code|urn|guid|key)\W*$")
_SOMEBODY_ELSE = re.compile(
    r"\b(linked|other|siblings?|brother|sister|related|friend|previous|former|old"
    r"|next(?! of kin))\b|\b(number|no|count) of\b|\bhow many\b"
)
_ADDRESS_WITH = re.compile(r"\baddress\b.*\b(includ|with|and|&|inc)")
_WORKERS: Final = frozenset(
    {"referrer", "lead", "health-visitor", "social-worker", "midwife", "gp-doctor"}
)
_KIN: Final = frozenset({"mother", "father", "parent"})
_ADULTS: Final = frozenset({*_KIN, "tenant", "client", "suspect", "emergency"})
_FILLERS = re.compile(
    r"\b(the|a|of|and|or|is|are|who|main|first|full|primary|current|registered|named|usual|legal"
    r"|reporting|assigned|details|attended|setting|housing|principal|own|this|'?s)\b|[^\w]+|\d+"
)
"""Words that leave a heading what it is: *Main carer* is a carer."""
_NAMED: Final = frozenset({*_WORKERS, *_ADULTS, "gp", "school", "child"})
_CONTACTS: Final = frozenset({"email", "mobile", "phone", "job-title", "organisation"})
_OF_RECORD: Final = frozenset(
    {
        "consent", "consent-why", "consent-on", "referred-on", "completed-on", "received-on",
        "restarted", "closed-on", "review-on", "incident-on", "risk-level", "strengths", "impact",
        "wanted", "change", "categories", "outcome", "history", "need", "reason", "description",
    }
)  # fmt: skip
_GROUP_ONLY: Final = re.compile(r"\b(details|information|notes?|summary)\b")
"""What a group may be called that says nothing of its columns: *Child details*."""
_GENERIC: Final = re.compile(r"^(full )?name$|^e-?mail( address)?$")


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a heading means.

    Attributes:
        subject: whose column it is: *child*, *parent*, *referrer*; *record* for the record itself.
        attribute: what stands in it: *dob*, *phone*; empty if nobody can tell.
        number: which one of several; 0 if the heading has no number.
        stated: the heading itself says whose it is.
    """

    subject: str
    attribute: str
    number: int = 0
    stated: bool = True

    def places(self) -> Iterator[tuple[str, str]]:
        """Yield the places where it may go, the likeliest first, each with its converter."""
        for subject, attribute, place, via in _places():
            if attribute != self.attribute:
                continue
            if subject == self.subject:
                yield place if subject != "child" else f"/children/*{place}", via
            elif subject == "kin" and self.subject in {"parent", "emergency"}:
                yield place, via
            elif subject == "person" and self.subject in {"child", "family"}:
                yield f"/children/*{place}", via
            elif subject == "person" and self.subject in {"parent", "emergency"}:
                yield f"/people/*{place}", via
            elif subject == "person" and self.subject in _ADULTS:
                yield f"/people[{self.subject}]{place}", via
            elif subject == "worker" and self.subject in _WORKERS:
                yield f"/practitioners[{self.subject}]{place}", via


@cache
def _places() -> tuple[tuple[str, str, str, str], ...]:
    return tuple(
        (row["subject"], row["attribute"], row["place"], row["via"])
        for row in _rows("heading-places")
    )


@cache
def _words(kind: str) -> tuple[tuple[str, re.Pattern[str]], ...]:
    return tuple(
        (row["name"], re.compile(row["pattern"]))
        for row in _rows("heading-words")
        if row["kind"] == kind
    )


def _rows(name: str) -> list[dict[str, str]]:
    path = folder("mappings") / "partners" / f"{name}.csv"
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _first(kind: str, text: str) -> str:
    return next((name for name, pattern in _words(kind) if pattern.search(text)), "")


def meanings(headings: Sequence[str]) -> list[Meaning | None]:
    """Return what each heading of a table means; None if nobody can tell."""
    texts = [plain(heading) for heading in headings]
    by_form = any(re.search(r"\byour\b", text) for text in texts)
    has_child = any(_first("subject", text) == "child" for text in texts)
    read: list[Meaning | None] = []
    before = ""
    for heading, text in zip(headings, texts, strict=True):
        meaning = _meaning(heading, text, before, by_form=by_form)
        if meaning is not None and meaning.subject == "client" and not has_child:
            meaning = replace(meaning, subject="child")
        read.append(meaning)
        if meaning is not None and meaning.stated and meaning.subject != "record":
            before = meaning.subject
    return read


def plain(heading: str) -> str:
    """Return a heading as it is compared with words: in small letters, words set apart."""
    return fold_label(_PLAIN.sub("'", _BREAKS.sub(" ", heading)))


def _meaning(heading: str, text: str, before: str, *, by_form: bool) -> Meaning | None:
    signal = of_heading(heading)
    if signal is not None:
        # A question such as "Is it safe to call?" has no field: the reader sees to it.
        return None if signal.dangerous == "no" else _protective(signal.about, text)
    group, _, own = text.rpartition(": ")
    match = _NUMBER.search(text)
    number = int(match[1]) if match and not re.match("(address|line)", own) else 0
    subject = _first("subject", own)
    attribute = _attribute(subject, group, own)
    if not attribute or (_SOMEBODY_ELSE.search(own) and attribute not in _OF_RECORD):
        return None
    if attribute in _OF_RECORD:
        is_reference = attribute in {"description", "reason"} and _REFERENCE.search(own)
        return None if is_reference else Meaning("record", attribute, number)
    stated = subject or _first("subject", group)
    if subject == "school" and _first("subject", group) == "child":
        return None
    if attribute == "postcode" and _ADDRESS_WITH.search(own):
        attribute = "address"
    if attribute in {"relationship", "responsibility"} and stated == "child":
        stated = ""
    subject = stated or _whose(attribute, before, by_form=by_form and bool(_GENERIC.match(own)))
    if subject in {"gp", "school"} and attribute not in {"name", "ods", "phone"}:
        subject = "child"
    if subject == "family" and attribute in {"name", "family-name"}:
        return None
    return Meaning(subject, attribute, number, bool(stated))


def _attribute(subject: str, group: str, own: str) -> str:
    """Return what stands in a column: by its own words, or else by those of its group."""
    attribute = _first("attribute", own)
    if not attribute and subject in _NAMED and _is_only(subject, own):
        return "name"
    if not attribute and group:
        return _first("attribute", _GROUP_ONLY.sub(" ", f"{group}: {own}"))
    return attribute


def _is_only(subject: str, text: str) -> bool:
    """Return whether a heading names somebody and says nothing else."""
    pattern = dict(_words("subject"))[subject]
    return not _FILLERS.sub("", pattern.sub("", text)).strip()


def _protective(about: About, text: str) -> Meaning:
    if about is About.RISK:
        return Meaning("record", "risk")
    if about is About.CONTACT:
        return Meaning("record", "orders")
    match = _NUMBER.search(text)
    return Meaning("child", "protected", int(match[1]) if match else 0)


def _whose(attribute: str, before: str, *, by_form: bool) -> str:
    """Return whose a column is of which the heading does not say it."""
    if by_form:
        return "referrer"
    if attribute in {"relationship", "responsibility"}:
        return "parent" if before in {*_KIN, *_WORKERS, "child", ""} else before
    if attribute in {"job-title", "organisation"}:
        return before if before in _WORKERS else "referrer"
    if attribute in _CONTACTS and before in {*_ADULTS, *_WORKERS}:
        return before
    return "child"


def is_of_another(heading: str) -> bool:
    """Return whether a heading is about somebody who is neither the child nor a parent."""
    return bool(_SOMEBODY_ELSE.search(plain(heading)))

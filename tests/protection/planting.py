"""Planting: marked values in every place of a record, and every way to protect them."""

from __future__ import annotations

import copy
import json
import os
import unicodedata
from dataclasses import dataclass, field

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from tests.helpers.arbitrary import records

from eh_interop.protection import protections
from eh_interop.reading.source_record import Restriction, SourceRecord
from eh_interop.standard.fields import Kind, fields_of
from eh_interop.standard.schemas import load_standard

CASES = int(os.environ.get("EH_INTEROP_CASES", "300"))
SHRINKS = not os.environ.get("EH_INTEROP_NO_SHRINK")
TYPES = load_standard().record_types

LINES = ["Zanderholt Lodge", "7 Quibblewick Lane"]
ADDRESS = {"kind": "home", "lines": LINES, "town": "Obberton", "postcode": "WV99 9ZX"}
PHONE = "07700 900987"
MARKS_OF_PLACE = ("zanderholt", "quibblewick", "obberton", "wv99", "7700900987")
NAME = {"given": "Thimblewyn", "family": "Garrowsmith"}
MARKS_OF_PERSON = ("thimblewyn", "garrowsmith")
MOTHER = {
    "id": "zz1",
    "name": {"given": "Ottoline", "family": "Vexley"},
    "dateOfBirth": "1990-02-03",
}
FATHER = {
    "id": "zz2",
    "name": {"given": "Barnabus", "family": "Crake"},
    "dateOfBirth": "1988-05-06",
}
HIDDEN = {"id": "zz3", "name": NAME, "dateOfBirth": "1970-01-02"}


def thoroughly(count=CASES):
    return settings(
        max_examples=count,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        phases=[Phase.explicit, Phase.reuse, Phase.generate, *([Phase.shrink] if SHRINKS else [])],
    )


def folded(value):
    """Fold in another way than the room itself: letters and digits, nothing else."""
    text = json.dumps(value, ensure_ascii=False)
    plain = unicodedata.normalize("NFKD", text).casefold()
    return "".join(sign for sign in plain if sign.isalnum() and not unicodedata.combining(sign))


def marks_in(value, marks):
    text = folded(value)
    return [mark for mark in marks if mark in text]


def spellings(text):
    """Return texts that say the same to a person who reads them."""
    return [
        text,
        text.upper(),
        text.lower(),
        text.replace(" ", "  "),
        text.replace(" ", "-"),
        text.replace(" ", "\N{NO-BREAK SPACE}"),
        text.replace("o", "o\N{COMBINING ACUTE ACCENT}").replace("e", "é"),
        f"{text[:5]}\N{ZERO WIDTH SPACE}{text[5:]}",
        f"{text[:5]}\N{SOFT HYPHEN}{text[5:]}",
        "".join(chr(ord(sign) + 0xFEE0) if "!" <= sign <= "~" else sign for sign in text),
        f"They go to {text}'s tonight.",
        f"({text})",
        text.replace("Lane", "Ln").replace("Lodge", "lodge,"),
    ]


PLACE_TEXTS = [
    *(text for line in (*LINES, "Quibblewick Lane") for text in spellings(line)),
    *("WV99 9ZX", "wv999zx", "WV999ZX", "She is at wv99 9zx now"),
    *("Zanderholt Lodge, 7 Quibblewick Lane, Obberton", "They moved to Obberton."),
    *("Zanderholt", "off Quibblewick", "in the WV99 area", "Zanderholt&nbsp;Lodge"),
    *("7<br>Quibblewick<br/>Lane", "<i>Zanderholt</i> Lodge"),
    *(PHONE, "+44 7700 900 987", "0044 (0)7700-900987", "Ring 07700900987 first"),
]
PERSON_TEXTS = [
    *(text for name in (
        "Thimblewyn Garrowsmith", "Garrowsmith, Thimblewyn", "Thimblewyn", "T. Garrowsmith",
        "Mrs Garrowsmith",
    ) for text in spellings(name)),
]  # fmt: skip


@dataclass
class Case:
    """Records, in which something marked is protected."""

    given: list
    marks: tuple
    keeps: int = 0
    restrictions: dict = field(default_factory=dict)

    def sources(self):
        return [
            SourceRecord(
                source=f"{number}.json",
                document=document,
                restrictions=tuple(self.restrictions.get(number, ())),
            )
            for number, document in enumerate(self.given)
        ]

    def answer(self):
        sources = self.sources()
        return protections(sources), sources


def leaves(value, above=()):
    """Yield the steps to every text in a record."""
    if isinstance(value, dict):
        for name, held in value.items():
            yield from leaves(held, (*above, name))
    elif isinstance(value, list):
        for number, held in enumerate(value):
            yield from leaves(held, (*above, number))
    elif isinstance(value, str) and above[-1] not in {"recordType", "standardVersion"}:
        yield above


def put(document, steps, value):
    for step in steps[:-1]:
        document = document[step]
    document[steps[-1]] = value


def objects_at(value, name, above=()):
    """Yield the steps to every object or list called ``name``."""
    if isinstance(value, dict):
        for key, held in value.items():
            if key == name:
                yield (*above, key)
            yield from objects_at(held, name, (*above, key))
    elif isinstance(value, list):
        for number, held in enumerate(value):
            yield from objects_at(held, name, (*above, number))


def bare(draw, kind=None):
    """Draw a record of any type that says nothing about protection itself."""
    document = copy.deepcopy(draw(records(kind or draw(st.sampled_from(TYPES)))))
    for name in ("safetyWarnings", "withheldInformation"):
        document.pop(name, None)
    for name in ("people", "households", "organisations", "practitioners"):
        document.setdefault(name, [])
    return document


@st.composite
def planted(draw, texts, *, kind=None):
    """Draw a record with marked texts in some of its places."""
    document = bare(draw, kind)
    places = list(leaves(document))
    for steps in draw(st.lists(st.sampled_from(places), min_size=1, max_size=6, unique=True)):
        put(document, steps, draw(st.sampled_from(texts)))
    return document


FLAGS = st.sampled_from([True, "true", "yes", "Yes - from father", "", 1, [], {}, "maybe"])


@st.composite
def protected_places(draw):  # noqa: C901, PLR0912 (a branch for each way)
    """Draw records that hold a marked place, protected in any way there is."""
    shown = draw(planted(PLACE_TEXTS))
    for name, value in (("address", ADDRESS), ("addresses", [ADDRESS])):
        for steps in objects_at(copy.deepcopy(shown), name):
            if draw(st.booleans()):
                try:
                    put(shown, steps, copy.deepcopy(value))
                except (LookupError, TypeError):
                    continue
    host = shown if draw(st.booleans()) else bare(draw)
    case = Case([shown] if host is shown else [shown, host], MARKS_OF_PLACE)
    if host is not shown and draw(st.booleans()):
        case.given.reverse()
    case.keeps = next(at for at, one in enumerate(case.given) if one is shown)
    address = copy.deepcopy(ADDRESS) | {"phone": PHONE}
    mother, father = copy.deepcopy(MOTHER), copy.deepcopy(FATHER)
    home = {"id": "zzh", "name": "Zanderholt Lodge", "members": ["zz1"]}
    way = draw(st.sampled_from(["flag", "refuge", "home", "organisation", "warning", "unread",
                                "absent", "home-absent", "restricted"]))  # fmt: skip
    if way in {"flag", "refuge", "warning", "unread", "restricted", "absent"}:
        mother["addresses"] = [address]
    if way in {"flag", "home", "organisation"}:
        address["confidential"] = draw(FLAGS)
    if way == "refuge":
        address["reason"] = draw(st.sampled_from(["refuge", "Refuge", "a women's refuge"]))
        address["confidential"] = draw(st.sampled_from([False, None, "no"]))
    if way in {"home", "home-absent"}:
        host["households"].append(home | {"address": address})
    if way == "organisation":
        host["organisations"].append({"id": "zzo", "name": "Zanderholt Lodge", "address": address})
    if way in {"warning", "unread"}:
        warning = {"id": "zzw", "type": "address-must-not-be-disclosed", "about": ["zz1"]}
        if way == "unread":
            warning["type"] = draw(st.sampled_from(["", None, 3, [], "Do not disclose", {}]))
        if draw(st.booleans()):
            warning["keepFrom"] = draw(st.sampled_from([["zz2"], "zz2", [], [None], ["nobody"]]))
        if draw(st.booleans()):
            warning["about"] = draw(st.sampled_from([[], "zz1", None, [3], ["nobody"]]))
        host["safetyWarnings"] = draw(st.sampled_from([[warning], warning]))
    if way == "absent":
        other = copy.deepcopy(MOTHER) | {"absent": {"addresses": "withheld-for-safety"}}
        case.given.append({"recordType": "plan", "people": [other]})
    if way == "home-absent":
        mother["absent"] = {"addresses": "withheld-for-safety"}
    host["people"] += [mother, father]
    if host is not shown:
        shown["people"] += [copy.deepcopy(FATHER)]
    if way == "restricted":
        place = f"/people/{host['people'].index(mother)}"
        number = next(at for at, one in enumerate(case.given) if one is host)
        kind = draw(st.sampled_from(["restricted", "very-restricted", "R", "V", "odd"]))
        case.restrictions = {number: [Restriction(kind, place)]}
    return case


@st.composite
def protected_people(draw):
    """Draw records that name a marked person who must not be named, in any way there is."""
    shown = draw(planted(PERSON_TEXTS))
    hidden, father = copy.deepcopy(HIDDEN), copy.deepcopy(FATHER)
    host = shown if draw(st.booleans()) else bare(draw)
    case = Case([shown] if host is shown else [shown, host], MARKS_OF_PERSON)
    way = draw(
        st.sampled_from(["referrer", "requester", "practitioner", "disclosure", "warning", "absent",
                         "restricted"])
    )  # fmt: skip
    if way in {"referrer", "requester"}:
        host[way] = {"person": "zz3", "wantsAnonymity": draw(FLAGS)}
    if way == "practitioner":
        host["referrer"] = {"practitioner": "zz3", "wantsAnonymity": draw(FLAGS)}
    if way == "disclosure":
        entry = {"by": "zz3", "source": "anonymous", "words": "Somebody said so."}
        host["concerns"] = [{"id": "zzk", "disclosures": [entry]}]
    if way == "warning":
        warning = {"id": "zzw", "type": "source-wishes-anonymity", "about": ["zz3"]}
        host["safetyWarnings"] = [warning | draw(st.sampled_from([{}, {"keepFrom": ["zz2"]}]))]
    if way == "absent":
        other = {"id": "zz3", "dateOfBirth": "1970-01-02"}
        case.given.append(
            {"recordType": "plan", "people": [other | {"absent": {"name": "withheld-for-safety"}}]}
        )
    listed = "practitioners" if way in {"practitioner", "restricted"} else "people"
    host[listed].append(hidden)
    host["people"].append(father)
    if host is not shown:
        shown["people"].append(copy.deepcopy(FATHER))
    if way == "restricted":
        place = f"/practitioners/{len(host['practitioners']) - 1}"
        case.restrictions = {len(case.given) - 1: [Restriction("restricted", place)]}
        if host is shown:
            case.restrictions = {0: case.restrictions.popitem()[1]}
    if draw(st.booleans()):
        shown["relationships"] = [{"person": "zz3", "relatedTo": "zz2", "type": "mother"}]
    return case


def texts_of(record_type):
    """Return every field of a record type that holds text, as steps with the field."""
    return [
        field
        for field in fields_of(record_type).walk()
        if field.kind in {Kind.TEXT, Kind.LINE} and field.link != "recordType"
    ]


def record_with(record_type, wanted, text):
    """Make a record of which one field holds a text, and what stands around it is bare."""
    field = fields_of(record_type)
    document = {"recordType": record_type, "standardVersion": "1.0", "recordId": "r1"}
    inside, steps = document, wanted.link.split(".")
    for number, step in enumerate(steps):
        field = next(inner for inner in field.fields if inner.name == step)
        value = text if number == len(steps) - 1 else {}
        inside[step] = [value] if field.repeats else value
        inside = value
        for inner in field.fields:
            if inner.required and inner.name not in inside:
                inside[inner.name] = "x1"
    return document

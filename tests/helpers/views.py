"""What belongs on the core of a form, computed: required, protective, or asked by many real forms.

``python -m tests.helpers.views marf`` prints a first draft of a view, to edit by hand.
"""

from __future__ import annotations

import json
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from typing import Any, Final

from eh_interop.core.findings import Severity
from eh_interop.core.pointer import split
from eh_interop.core.resources import csv_rows, folder
from eh_interop.standard.fields import Field, fields_of
from eh_interop.standard.forms import load_forms
from eh_interop.standard.requirements import Requirement, load_requirements
from eh_interop.standard.schemas import load_standard
from eh_interop.standard.views import SYSTEM, leaves, link_of

SHARE: Final = 0.1
"""The share of the real forms from which a field is core."""
FEWEST: Final = 2
"""Of few forms a tenth is less than one: what a single form asks is not yet usual."""
ROWS: Final = {
    "children": 2, "people": 3, "practitioners": 2, "organisations": 2, "actions": 3, "goals": 2,
    "needs": 2, "involvements": 2, "relationships": 3, "addresses.lines": 2, "attachments": 2,
    "steps": 3, "attendees": 4,
}  # fmt: skip

PARTS: Final = {
    "Children": ("children",),
    "Family and other people": (
        "people", "relationships", "parentalResponsibility", "households", "familyName",
        "familySituation", "parentalFactors", "supportNetwork", "financeAndWork",
    ),
    "Professionals and services": (
        "practitioners", "organisations", "involvements", "statutoryPlans",
    ),
}  # fmt: skip


def protective() -> Mapping[str, str]:
    """Return what protects somebody: the patterns, each with the reason."""
    rows = csv_rows(folder("schemas") / "1.0" / "views" / "protective.csv")
    return {row["place"]: row["why"] for row in rows}


def by_link(record_type: str) -> Mapping[str, str]:
    """Return the pattern of each field by its path."""
    return {link_of(place): place for place, _ in leaves(fields_of(record_type))}


def computed(record_type: str) -> dict[str, list[str]]:
    """Return the places that are core, each with the reasons."""
    known, reasons = by_link(record_type), defaultdict[str, list[str]](list)
    for link, reason in _wanted(record_type):
        if link in known and known[link].rsplit("/", 1)[-1] not in SYSTEM:
            reasons[known[link]].append(reason)
    for link, reason in _groups_wanted(record_type):
        inside = [place for at, place in known.items() if at.startswith(f"{link}.")]
        if inside and not any(place in reasons for place in inside):
            plain = [place for place in inside if place.rsplit("/", 1)[-1] not in SYSTEM]
            reasons[plain[0]].append(reason)
    for place, one in leaves(fields_of(record_type)):
        beside = place.removesuffix("/*").rsplit("/", 1)[0]
        wanted = one.required and one.name not in SYSTEM and beside and place not in reasons
        if wanted and any(other.startswith(f"{beside}/") for other in list(reasons)):
            reasons[place].append("the schema needs it")
    return dict(reasons)


def _wanted(record_type: str) -> Iterator[tuple[str, str]]:
    for one in required(record_type):
        yield link_of(one.place), one.code
        for key in one.entry:
            yield link_of(f"{one.place}/{key}"), one.code
        if one.document:
            yield "attachments.type", one.code
        for key in one.when:
            yield link_of(_absolute(one.place, key)), f"condition of {one.code}"
    for place in protective():
        yield link_of(place), "protects"
    asked, forms = asked_by(record_type)
    for link, number in asked.items():
        if number >= max(FEWEST, forms * SHARE):
            yield link, f"{number} of {forms} forms"


def _groups_wanted(record_type: str) -> Iterator[tuple[str, str]]:
    for one in required(record_type):
        yield link_of(one.place), one.code
        for key in one.entry:
            yield link_of(f"{one.place}/{key}"), one.code


def required(record_type: str) -> list[Requirement]:
    """Return the requirements that a form has to have a place for: all but mere information."""
    return [
        one
        for one in load_requirements(load_standard(), record_type)
        if one.severity is not Severity.INFO
    ]


def asked_by(record_type: str) -> tuple[Counter[str], int]:
    """Return how many real forms ask for each field, and how many forms there are."""
    counts: Counter[str] = Counter()
    forms = 0
    for form in load_forms():
        places = {
            link_of(one.place) for one in form.fields if one.place and one.record == record_type
        }
        forms += bool(places)
        counts.update(places)
    return counts, forms


def _absolute(place: str, key: str) -> str:
    """Return the pattern of a condition, which may be said from the group of the requirement."""
    if key.startswith("/"):
        return key
    above = place.rsplit("/", 1)[0]
    while key.startswith("^"):
        above, key = above.removesuffix("/*").rsplit("/", 1)[0], key[1:]
    return f"{above}/{key}"


def condition_of(record_type: str, place: str) -> dict[str, list[Any]]:
    """Return for which values a field is asked, if each requirement of it says the same."""
    conditions = [
        {_absolute(one.place, key): want for key, want in one.when.items()}
        for one in required(record_type)
        if link_of(one.place) == link_of(place)
    ]
    asked, forms = asked_by(record_type)
    if not conditions or asked[link_of(place)] >= max(FEWEST, forms * SHARE):
        return {}
    if place in protective():
        return {}
    found = {key: list(want) for key, want in conditions[0].items() if not isinstance(want, str)}
    return found if len(conditions) == 1 and len(found) == len(conditions[0]) else {}


def draft(record_type: str) -> str:
    """Return the first draft of a view."""
    core, tree = computed(record_type), fields_of(record_type)
    fields = dict(leaves(tree))
    lines = [f'# The form of a record of the type {record_type}. See schemas/README.md, "Views".']
    for title, holds in _sections(record_type):
        names = [name for name in holds if name not in SYSTEM]
        lines += ["", "[[section]]", f"title = {_text(title)}", f"holds = {_list(holds)}"]
        rows = {link: count for link, count in _rows(tree) if link.split(".")[0] in names}
        if rows:
            lines.append(f"rows = {{ {', '.join(f'{_text(k)} = {v}' for k, v in rows.items())} }}")
        inside = [place for place in fields if place in core and split(place)[0] in names]
        inside.sort(key=lambda place: names.index(split(place)[0]))
        lines += [
            "core = [",
            *(f"  {_entry(record_type, place, fields[place])}," for place in inside),
            "]",
        ]
    return "\n".join(lines) + "\n"


def _sections(record_type: str) -> Iterator[tuple[str, list[str]]]:
    """Yield the sections of the schema; the family, which is long, in the parts people think of."""
    for section in load_standard().sections(record_type):
        rest = list(section.holds)
        for title, names in PARTS.items():
            if "children" in section.holds and set(names) & set(rest):
                yield title, [name for name in names if name in rest]
                rest = [name for name in rest if name not in names]
        if rest:
            yield section.title, rest


def _rows(tree: Field) -> Iterator[tuple[str, int]]:
    for one in tree.walk():
        for name, count in ROWS.items():
            if one.repeats and (
                one.link == name or ("." in name and one.link.endswith(f".{name}"))
            ):
                yield one.link, count


def _entry(record_type: str, place: str, one: Field) -> str:
    parts = [f"place = {_text(place)}", f"label = {_text(_label(record_type, place, one))}"]
    when = condition_of(record_type, place)
    if when:
        said = ", ".join(f"{_text(key)} = {_list(values)}" for key, values in when.items())
        parts.append(f"when = {{ {said} }}")
    return f"{{ {', '.join(parts)} }}"


def _label(record_type: str, place: str, one: Field) -> str:
    """Return the title of a field; within a group below an entry it says of what."""
    inner = place.removesuffix("/*").rsplit("/", 1)[0]
    groups = [step for step in split(inner) if step != "*"]
    if len(groups) < 2 or groups[-1] in {"name", "addresses", "address", "language"}:
        return one.title
    above = next(other for other in fields_of(record_type).walk() if other.link == ".".join(groups))
    return f"{above.title}: {one.title[0].lower()}{one.title[1:]}"


def _text(value: str) -> str:
    return json.dumps(value, ensure_ascii=False)


def _list(values: Any) -> str:
    return json.dumps(list(values), ensure_ascii=False)


if __name__ == "__main__":
    sys.stdout.write(draft(sys.argv[1]))

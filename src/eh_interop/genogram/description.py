"""A genogram in words: what the drawing shows, for those who do not see it."""

from __future__ import annotations

from collections.abc import Iterator

from eh_interop.genogram.family import WORDS, Family, Member, join_names
from eh_interop.standard.code_lists import titles


def people(family: Family) -> Iterator[str]:
    """Yield who is who, a sentence for each person."""
    for member in family.members.values():
        kind = "child of this record" if member.index else ""
        facts = [kind, *described(member)]
        yield f"{member.name}: {', '.join(filter(None, facts))}."


def described(member: Member) -> Iterator[str]:
    """Yield what the symbol of a person shows."""
    if member.unborn:
        yield "not born yet"
    else:
        yield member.sex if member.sex != "not known" else "sex not known"
    if member.deceased:
        yield f"died aged {member.age}" if member.age else "has died"
    elif not member.unborn:
        yield f"age {member.age}" if member.age else "age not known"


def relationships(family: Family) -> Iterator[str]:
    """Yield how everybody is related, once for each person and kind."""
    kinds, states = titles("relationship-type"), titles("relationship-status")
    grouped: dict[tuple[str, str, str], list[str]] = {}
    for link in family.links:
        grouped.setdefault((link.person, link.kind, link.status), []).append(link.other)
    for (person, kind, status), others in grouped.items():
        name = family.members[person].name
        whom = join_names(family.members[other].name for other in others)
        what = kinds.get(kind, "relationship not said").lower()
        state = f" ({states[status].lower()})" if status in states else ""
        if kind in WORDS["phrases"]:
            yield f"{name} {WORDS['phrases'][kind]} {whom}{state}."
        else:
            yield f"{name}: {what} of {whom}{state}."


def parental_responsibility(family: Family) -> Iterator[str]:
    """Yield who has parental responsibility for whom."""
    for holder, children in family.holders.items():
        name = family.members[holder].name if holder in family.members else "An organisation"
        whom = join_names(family.members[child].name for child in children)
        yield f"{name} has parental responsibility for {whom}."


def homes(family: Family) -> Iterator[str]:
    """Yield who lives where."""
    for home in family.homes:
        inside = join_names(family.members[person].name for person in home.members)
        yield f"{home.name}: {inside}."


def description(family: Family) -> str:
    """Return everything in one text."""
    parts = [
        *people(family),
        *relationships(family),
        *parental_responsibility(family),
        *(f"Home: {home}" for home in homes(family)),
    ]
    return " ".join(parts) or "The record lists nobody."

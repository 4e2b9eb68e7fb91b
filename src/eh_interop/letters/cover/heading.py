"""Who, what and why: the facts that stand first."""

from __future__ import annotations

from collections.abc import Iterator

from eh_interop.genogram.people import joined
from eh_interop.genogram.reading import Record, day, entries, inner, text, texts
from eh_interop.genogram.words import described, titles
from eh_interop.letters.cover.contents import Cover
from eh_interop.letters.cover.naming import directory, whole_name
from eh_interop.letters.cover.timeline import record_day, record_title
from eh_interop.reports.words import day as in_words


def page_title(cover: Cover) -> str:
    """Name the page after the record that the others travel with."""
    return f"{record_title(cover.leading)}: cover page"


def facts(cover: Cover) -> Iterator[tuple[str, str]]:
    """Yield who it is about, who sends it to whom, why, and what."""
    yield "About", children(cover)
    yield "From", cover.sender or sender(cover)
    yield "To", cover.recipient or "Not said"
    yield "Why", cover.purpose or purpose(cover.leading)
    if cover.lawful_basis:
        yield "Lawful basis", cover.lawful_basis
    yield "What", contents(cover)
    yield "Reference", text(cover.leading, "recordId") or "None"
    sent = record_day(cover.leading)
    yield "Date", in_words(sent) if sent else "Not said"
    yield "Page made on", in_words(cover.as_of)


def children(cover: Cover) -> str:
    """Say whom it is about: name, age, and date of birth."""
    who = directory(cover.leading, cover.names, cover.as_of)
    told: list[str] = []
    for child in entries(cover.leading, "children"):
        member = who.members.get(text(child, "id"))
        if member is None:
            continue
        name = member.name if cover.names == "initials" else whole_name(child) or member.name
        born = day(child, "dateOfBirth")
        birth = f"born {in_words(born)}" if born and cover.names == "first" else ""
        due = day(child, "expectedDateOfBirth") if member.unborn else None
        parts = [*described(member), birth, f"due {in_words(due)}" if due else ""]
        told.append(f"{name} ({', '.join(filter(None, parts))})")
    return "; ".join(told) or "Not said"


def sender(cover: Cover) -> str:
    """Name the referrer, unless they want to stay unknown."""
    record = cover.leading
    who = directory(record, "first", cover.as_of)
    referrer = inner(record, "referrer")
    if referrer.get("wantsAnonymity") is True:
        return "Somebody who wants to stay anonymous"
    named = who.name(text(referrer, "practitioner")) or who.name(text(referrer, "person"))
    for name in ("handedOverBy", "decidedBy", "createdBy"):
        named = named or who.name(text(record, name))
    return named or "Not said"


def purpose(record: Record) -> str:
    """Say why it is sent, by the codes of the record."""
    told: list[str] = []
    for name, codelist in (("requestTypes", "referral-request"), ("reasons", "step-down-reason")):
        told += [titles(codelist).get(each, "") for each in texts(record, name)]
    trigger = titles("referral-trigger").get(text(record, "trigger"), "")
    grounds = [titles("statutory-basis").get(each, "") for each in texts(record, "statutoryBasis")]
    parts = [joined(filter(None, told)), trigger, joined(filter(None, grounds))]
    return ". ".join(filter(None, parts)) or "Not said"


def contents(cover: Cover) -> str:
    """Count what travels."""
    records = len(cover.records)
    present = sum(paper.present for paper in cover.papers)
    told = f"{records} record{'' if records == 1 else 's'}"
    return f"{told} and {present} document{'' if present == 1 else 's'}" if present else told

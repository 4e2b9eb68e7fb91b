"""The cover page: one page of HTML to print or to send on, without scripts."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from eh_interop.core.lenient import Record, day, inner, objects, text, texts
from eh_interop.core.pages import page
from eh_interop.genogram import draw, read_family
from eh_interop.genogram.description import (
    described,
    homes,
    parental_responsibility,
    people,
    relationships,
)
from eh_interop.genogram.family import join_names, members
from eh_interop.letters import protected
from eh_interop.letters.cover import Cover, coded
from eh_interop.letters.cover_history import chart, histories, record_day, record_title, timeline
from eh_interop.letters.cover_people import consent_rows, directory, whole_name
from eh_interop.reports.words import day as in_words
from eh_interop.reports.words import plural
from eh_interop.standard.code_lists import titles


def cover_page(cover: Cover) -> str:
    """Write the page. The same cover always gives the same page.

    Raises:
        ProtectedError: it would disclose what the records protect.
    """
    return page_of(protected.shown_to_reader(cover))


def page_of(shown: protected.Shown) -> str:
    """Write the page of a cover from which everything is gone that its reader may not see."""
    cover = shown.cover
    return page(
        "letters/cover.jinja",
        title=f"{record_title(cover.leading)}: cover page",
        cover=cover,
        protected=protected,
        facts=list(_who_what_why(cover)),
        consents=protected.shown_consents(cover, consent_rows(cover)),
        records=[
            (record_title(record), text(record, "recordId"), _day(record_day(record)))
            for record in cover.records
        ],
        histories=[(history, chart(history, cover.as_of)) for history in histories(cover)],
        **_family(cover),
        events=timeline(cover),
        day=_day,
    )


def _who_what_why(cover: Cover) -> Iterator[tuple[str, str]]:
    """Yield who it is about, who sends it to whom, why, and what."""
    yield "About", _children(cover)
    yield "From", cover.sender or _sender(cover)
    yield "To", cover.recipient or "Not said"
    yield "Why", cover.purpose or _purpose(cover.leading)
    if cover.lawful_basis:
        yield "Lawful basis", cover.lawful_basis
    yield "What", _counts(cover)
    yield "Reference", text(cover.leading, "recordId") or "None"
    yield "Date", _day(record_day(cover.leading))
    yield "Page made on", in_words(cover.as_of)


def _children(cover: Cover) -> str:
    """Return whom it is about: name, age, and date of birth."""
    who = members(cover.leading, cover.names, cover.as_of)
    children: list[str] = []
    for child in objects(cover.leading, "children"):
        member = who.get(text(child, "id"))
        if member is None:
            continue
        name = member.name if cover.names == "initials" else whole_name(child) or member.name
        born = day(child, "dateOfBirth")
        birth = f"born {in_words(born)}" if born and cover.names == "first" else ""
        due = day(child, "expectedDateOfBirth") if member.unborn else None
        parts = [*described(member), birth, f"due {in_words(due)}" if due else ""]
        children.append(f"{name} ({', '.join(filter(None, parts))})")
    return "; ".join(children) or "Not said"


def _sender(cover: Cover) -> str:
    """Name the referrer, unless they want to stay unknown."""
    record = cover.leading
    if protected.referrer_is_anonymous(record):
        return "Somebody who wants to stay anonymous"
    who = directory(record, cover)
    referrer = inner(record, "referrer")
    named = who.name(text(referrer, "practitioner")) or who.name(text(referrer, "person"))
    for name in ("handedOverBy", "decidedBy", "createdBy"):
        named = named or who.name(text(record, name))
    return named or "Not said"


def _purpose(record: Record) -> str:
    """Return why it is sent, by the codes of the record."""

    def all_of(name: str, code_list: str) -> list[str]:
        return [titles(code_list).get(code, "") for code in texts(record, name)]

    asked = [*all_of("requestTypes", "referral-request"), *all_of("reasons", "step-down-reason")]
    trigger = coded(record, "trigger", "referral-trigger")
    grounds = all_of("statutoryBasis", "statutory-basis")
    parts = [join_names(filter(None, asked)), trigger, join_names(filter(None, grounds))]
    return ". ".join(filter(None, parts)) or "Not said"


def _counts(cover: Cover) -> str:
    counted = plural(len(cover.records), "record")
    present = sum(paper.present for paper in cover.papers)
    return f"{counted} and {plural(present, 'document')}" if present else counted


def _day(on: date | None) -> str:
    return in_words(on) if on else "Not said"


def _family(cover: Cover) -> dict[str, Any]:
    """Return the genogram, and the same in words; no drawing if there is nobody to draw."""
    family = read_family(_family_record(cover), names=cover.names, as_of=cover.as_of)
    return {
        "genogram": draw(family, title="Genogram of the family") if family.members else "",
        "people": list(people(family)),
        "sentences": [
            *relationships(family),
            *parental_responsibility(family),
            *homes(family),
        ],
    }


def _family_record(cover: Cover) -> Record:
    """Choose the record that knows the family best: the leading one, if it knows it at all."""
    leading = cover.leading
    if list(objects(leading, "relationships")):
        return leading
    records = [leading, *cover.records]
    return max(records, key=lambda record: len(list(objects(record, "relationships"))))

"""What is kept from whom: warnings, what a page for the family leaves out, who stays unnamed.

Everything on a cover page that depends on who reads it is decided here, and nowhere else. What
the records protect is decided in :mod:`eh_interop.protection`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final, NamedTuple

from eh_interop.core.errors import ProtectedError
from eh_interop.core.lenient import Record, inner, objects, text, texts
from eh_interop.core.pointer import steps_of
from eh_interop.genogram import names_for_marks, with_initials
from eh_interop.letters.cover import Cover, CoverPaper, Gap, Marked, papers_of
from eh_interop.letters.cover_people import ConsentRow, Directory, directory
from eh_interop.letters.questions import form_title
from eh_interop.protection import Audience, Protections, View, Why, protections
from eh_interop.standard.code_lists import titles
from eh_interop.standard.schemas import load_standard

_KEEP: Final = frozenset(
    {"address-must-not-be-disclosed", "information-to-keep-from-family", "source-wishes-anonymity"}
)
_SAID_ABOVE: Final = frozenset({Why.SAFETY_WARNING, Why.AGENCIES_ONLY, Why.FAMILY_NOT_INFORMED})
"""What the page says elsewhere, or what no reader would pass on."""
_GIVEN: Final = (
    "The words given for the page (--to, --from, --purpose or --lawful-basis) hold something "
    "that is protected."
)


class Shown(NamedTuple):
    """A cover as its reader may see it.

    Attributes:
        cover: it.
        protects: how many places were left out since somebody is protected.
        unnamed: how many were left out since they hold a name.
    """

    cover: Cover
    protects: int
    unnamed: int


def shown_to_reader(cover: Cover) -> Shown:
    """Return the cover as its reader may see it: what is protected is left out, or marked.

    Raises:
        ProtectedError: that cannot be done.
    """
    answer = protections(cover.given or cover.records)
    audience = Audience.FAMILY if cover.for_family else Audience.AGENCY
    views = [answer.view(record, audience) for record in cover.records]
    for record, view in zip(cover.records, views, strict=True):
        if view.refused:
            kind = form_title(text(record, "recordType") or None)
            raise ProtectedError(f"The page was not made. {kind}: {view.refused}")
    words = {"note": [cover.recipient, cover.sender, cover.purpose, cover.lawful_basis]}
    if cover.for_family and answer.view(words, audience).left_out:
        raise ProtectedError(f"The page was not made. {_GIVEN}")
    documents: list[Record] = [view.document for view in views]
    unnamed = 0
    if cover.names == "initials":
        named = [with_initials(answer, document) for document in documents]
        documents = [view.document for view in named]
        unnamed = sum(_is_text_place(one.place) for view in named for one in view.left_out)
    shown = replace(
        cover,
        records=tuple(documents),
        given=(),
        marks=tuple(_marks(cover, answer, views)),
    )
    protects = sum(len(view.left_out) for view in views)
    return Shown(replace(shown, papers=_papers(cover, shown)), protects, unnamed)


def _is_text_place(place: str) -> bool:
    """Return whether a name stood elsewhere than in the field for it."""
    steps = place.split("/")
    return len(steps) < 4 or steps[3] != "name" or steps[1] == "households"  # noqa: PLR2004


def _papers(cover: Cover, shown: Cover) -> tuple[CoverPaper, ...]:
    """Return the papers; those that come from the record are read from what may be seen of it."""
    if cover.papers == tuple(papers_of([cover.leading])):
        return tuple(papers_of([shown.leading]))
    return cover.papers


def _marks(cover: Cover, answer: Protections, views: Sequence[View]) -> Iterator[Marked]:
    """Yield what must not be passed on, put together by whom it is kept from and why.

    Where somebody is named from whom a place is kept, the page does not say in general as well
    that it is kept from outsiders: the first sentence says both.
    """
    name_of = names_for_marks(answer, cover.names)
    groups: dict[tuple[str, Why], dict[str, list[str]]] = {}
    for record, view in zip(cover.records, views, strict=True):
        marks = [mark for mark in view.marks if mark.why not in _SAID_ABOVE]
        named = {mark.place for mark in marks if mark.keep_from.people}
        for mark in marks:
            if mark.keep_from.people or mark.place not in named:
                group = groups.setdefault((mark.words(name_of), mark.why), {})
                title, label = _place_in_words(record, mark.place)
                labels = group.setdefault(title, [])
                labels += [label] if label and label not in labels else []
    for (words, why), where in groups.items():
        yield Marked(words, why.words, tuple(": ".join(_said(*one)) for one in where.items()))


def _said(title: str, labels: list[str]) -> tuple[str, ...]:
    return (title, "; ".join(labels)) if labels else (title,)


def _place_in_words(record: Record, place: str) -> tuple[str, str]:
    """Return the title of a record, and what a place in it is called; empty for all of it."""
    kind = text(record, "recordType")
    title = form_title(kind or None)
    if not place or kind not in load_standard().record_types:
        return title, ""
    return title, load_standard().label(kind, steps_of(place)) or place.split("/")[1]


@dataclass(frozen=True, slots=True)
class SafetyNote:
    """A safety warning, or something that must be kept from somebody.

    Attributes:
        title: what kind it is, and about whom.
        what_to_do: what to do, or why.
        keep_from: who must not learn of it.
    """

    title: str
    what_to_do: str
    keep_from: str


def shows_immediate_risk(cover: Cover) -> bool:
    """Return whether the page leads with what to do now."""
    return cover.act_now and not cover.for_family


def safety_warnings(cover: Cover) -> list[SafetyNote]:
    """Return the safety warnings of all records, each once."""
    return [] if cover.for_family else list(dict.fromkeys(_warnings(cover)))


def _warnings(cover: Cover) -> Iterator[SafetyNote]:
    kinds = titles("safety-warning-type")
    for record in cover.records:
        who = directory(record, cover)
        for entry in objects(record, "safetyWarnings"):
            about = who.names(texts(entry, "about"))
            kind = kinds.get(text(entry, "type"), "Warning")
            title = f"{kind}: {about}" if about else kind
            yield SafetyNote(title, text(entry, "description"), _keep_from(entry, who))


def withheld(cover: Cover) -> list[SafetyNote]:
    """Return what must be kept from somebody, each once.

    The information itself is not repeated: it stands in the record.
    """
    return [] if cover.for_family else list(dict.fromkeys(_withheld(cover)))


def _withheld(cover: Cover) -> Iterator[SafetyNote]:
    for record in cover.records:
        who = directory(record, cover)
        for entry in objects(record, "withheldInformation"):
            title = text(entry, "about") or "Information in the record"
            yield SafetyNote(title, text(entry, "reason"), _keep_from(entry, who))


def _keep_from(entry: Record, who: Directory) -> str:
    from_family = text(entry, "type") in _KEEP or "type" not in entry
    return who.names(texts(entry, "keepFrom")) or ("the family" if from_family else "")


def referrer_is_anonymous(record: Record) -> bool:
    """Return whether the referrer wants to stay unknown."""
    return inner(record, "referrer").get("wantsAnonymity") is True


def shows_limits_of_consent(cover: Cover) -> bool:
    """Return whether recipients, limits and reasons of consent are shown."""
    return not cover.for_family


def shown_consents(cover: Cover, rows: Sequence[ConsentRow]) -> list[ConsentRow]:
    """Return the consents that the page shows."""
    return [row for row in rows if row.given or not cover.for_family]


def papers_here(cover: Cover) -> list[CoverPaper]:
    """Return the documents that the page shows as being there."""
    present = [paper for paper in cover.papers if paper.present]
    return [paper for paper in present if not (cover.for_family and paper.confidential)]


def papers_missing(cover: Cover) -> list[CoverPaper]:
    """Return the documents that the page shows as missing."""
    return [paper for paper in cover.papers if not paper.present and not cover.for_family]


def shown_gaps(cover: Cover) -> tuple[Gap, ...]:
    """Return the gaps that the page shows."""
    return () if cover.for_family else cover.gaps

"""Which field a heading probably means: by alias, by likeness, by the values below it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from eh_interop.formats.partners.draft.candidates import Candidate, candidates, without_number
from eh_interop.formats.partners.draft.evidence import SURE, Evidence
from eh_interop.formats.partners.headings import fold

_LIKE: Final = 78
"""How alike two headings have to be, of 100, to be proposed."""
_ALTERNATIVES: Final = 3


@dataclass(frozen=True, slots=True)
class Match:
    """What a column probably is.

    Attributes:
        candidate: the field.
        score: how sure, of 100; 100 for an alias.
        why: in words.
        others: other fields that it may be.
    """

    candidate: Candidate
    score: int
    why: str
    others: tuple[str, ...] = ()


def fuzzy() -> Any:
    """Return the library for likeness; None if it is not installed."""
    try:
        from rapidfuzz import fuzz, process
    except ImportError:
        return None
    return fuzz, process


def best(record: str, heading: str, evidence: Evidence) -> Match | None:
    """Return what a column probably is; None if nothing is likely."""
    known = candidates(record)
    text = without_number(fold(heading))
    exact = [each for each in known if each.heading == text]
    if exact:
        why = f"the heading is one of {exact[0].source}"
        return Match(exact[0], 100, why, _others(exact[0], exact[1:]))
    return _by_likeness(text, known) or _by_values(known, evidence)


def _others(chosen: Candidate, rest: Sequence[Candidate]) -> tuple[str, ...]:
    places = dict.fromkeys(each.place for each in rest if each.place != chosen.place)
    return tuple(places)[:_ALTERNATIVES]


def _by_likeness(text: str, known: Sequence[Candidate]) -> Match | None:
    library = fuzzy()
    if library is None or not text:
        return None
    fuzz, process = library
    names = [each.heading for each in known]
    found = process.extract(text, names, scorer=fuzz.token_sort_ratio, limit=8, score_cutoff=_LIKE)
    if not found:
        return None
    _, score, index = found[0]
    chosen = known[index]
    why = f'{score:.0f} of 100 like "{chosen.heading}" of {chosen.source}'
    return Match(chosen, int(score), why, _others(chosen, [known[at] for *_, at in found[1:]]))


def _by_values(known: Sequence[Candidate], evidence: Evidence) -> Match | None:
    looks = (
        ("nhs number", evidence.nhs_numbers),
        ("upn", evidence.upns),
        ("postcode", evidence.postcodes),
    )
    for heading, count in looks:
        if evidence.share(count) >= SURE:
            chosen = next((each for each in known if each.heading == heading), None)
            if chosen is not None:
                why = f"{evidence.share(count):.0%} of the values have the form of a {heading}"
                return Match(chosen, 70, why)
    return None

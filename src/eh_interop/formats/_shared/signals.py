"""Signals: words about immediate risk and protection, wherever in a partner's file they stand.

Partners have columns of their own for what matters most, and write it where there is room. So
headings that no row of a mapping reads, and every cell, are looked through for such words.
``mappings/partners/signals.csv`` holds them. If unsure, the record is treated as urgent or
protected until somebody has looked (G-063).
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache, lru_cache
from typing import Final

from eh_interop.core.resources import folder
from eh_interop.formats._shared.cells import absence_words, words_for
from eh_interop.formats._shared.code_maps import fold_label
from eh_interop.standard.schemas import CURRENT

_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])|[_/]+")
_STEMS: Final = (
    " way", "en route", "danger", "immin", "immediate ", "kill", "unsafe", "not safe", "n't safe",
    "isnt safe", "never", " home", "life ", "disclos", "reveal", "give out", "given out",
    "share", "confiden", "sensitive", "withh", "protected", "restrict", "secret", "hidden",
    "refuge",
    "safe house", "safe-house", "safehouse", "private", "molest", "restrain", "injunct",
    "court order", "prohibited", "do not", "don't", "don\u2019t", "must not", "coming now",
    "called now", "called today",
    "n\u2019t safe", "not be ", "not to ", "cannot", "can't",
)  # fmt: skip
"""A row without any of these holds no signal: most rows are passed over by them."""
_NEGATED = re.compile(
    r"\b(?:no(?!,)|not|nor|without|nil|isn't|isnt|never|none)\b"
    r"(?:(?! -)[^.;:!?\u2013\u2014]){0,24}$"
)
"""*No - police on their way* answers one question, and says something else."""
_SHORT: Final = 4
_REMEMBERED: Final = 4_000


class About(StrEnum):
    """What a signal is about."""

    RISK = "risk"
    ADDRESS = "address"
    CONTACT = "contact"


@dataclass(frozen=True, slots=True)
class HeadingSignal:
    """What the answers below a heading are about.

    ``dangerous``: the answer that is: *yes*, or *no* as for "Is it safe to call?", or only a
    *plain* yes, where the heading may have other answers.
    """

    about: About
    dangerous: str


@cache
def _patterns(where: str, answer: str = "") -> Mapping[About, re.Pattern[str]]:
    patterns: dict[About, list[str]] = {}
    path = folder("mappings") / "partners" / "signals.csv"
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            if (row["where"], row["answer"]) == (where, answer):
                patterns.setdefault(About(row["about"]), []).append(f"(?:{row['pattern']})")
    return {about: re.compile("|".join(texts)) for about, texts in patterns.items()}


@lru_cache(_REMEMBERED)
def of_heading(heading: str) -> HeadingSignal | None:
    """Return what the answers below a heading are about; None if it is nothing of this kind."""
    text = fold_label(_CAMEL.sub(" ", heading)).replace("\u2019", "'")
    for answer in ("no", "yes", "plain"):
        for about, pattern in _patterns("heading", answer).items():
            if pattern.search(text):
                return HeadingSignal(about, answer)
    return None


def may_speak(text: str) -> bool:
    """Return whether a text, such as that of a whole row, may hold a signal at all."""
    folded = text.casefold()
    return any(map(folded.__contains__, _STEMS))


def of_text(text: str, *, in_address: bool = False) -> Iterable[About]:
    """Return what a text speaks of. ``in_address``: it stands where an address is expected."""
    if len(text) < _SHORT or not may_speak(text):
        return ()
    return _of_text(text, in_address=in_address)


@lru_cache(_REMEMBERED)
def _of_text(text: str, *, in_address: bool) -> tuple[About, ...]:
    folded = fold_label(text).replace("\u2019", "'")
    seen = [about for about, pattern in _patterns("cell").items() if _says(pattern, folded)]
    if in_address and About.ADDRESS not in seen:
        pattern = _patterns("address cell")[About.ADDRESS]
        seen += [About.ADDRESS] if _says(pattern, folded) else []
    return tuple(seen)


def _says(pattern: re.Pattern[str], text: str) -> bool:
    return any(not _NEGATED.search(text, 0, match.start()) for match in pattern.finditer(text))


def is_only_a_signal(text: str) -> bool:
    """Return whether a text in place of an address is a warning, and no address itself."""
    return not any(map(str.isdigit, text)) and About.ADDRESS in of_text(text, in_address=True)


def is_dangerous(text: str, dangerous: str) -> bool:
    """Return whether an answer means danger: everything that does not plainly say otherwise."""
    word = fold_label(text).strip(" .!-\u2013\u2014")
    if not word or word in absence_words(CURRENT, names=False):
        return False
    plain = words_for("yes-no-unknown", CURRENT).get(word)
    if dangerous == "plain":
        return plain == "yes" or word.startswith("yes")
    if dangerous == "no":
        return plain != "yes" and not word.startswith("yes")
    return plain != "no" and word not in _NOTHING and not _SAYS_NO.match(word)


_NOTHING: Final = frozenset({"none", "nil", "no known", "open", "normal", "false", "0"})
_SAYS_NO = re.compile(
    r"no(?:ne|t)?\b[ ,-]*(?:known|currently|at present|needed|required|issues?|concerns?"
    r"|restrictions?|court orders?|orders?|that (?:we|i) know.*|applicable)?[ .]*$"
)


_NUMBER = re.compile(r"(?<![0-9])([1-9][0-9]?)(?![0-9])")
_LINE = re.compile(r"\b(?:address|line|addr)\W*[0-9]+", re.IGNORECASE)
"""The number of a line of an address is that of nobody."""
_PLACE = re.compile("address|post ?code|location|whereabouts|placement|residen")


def number_of(heading: str) -> int:
    """Return the number in a heading such as *Child 2 address*; 0 if there is none."""
    match = _NUMBER.search(_LINE.sub(" ", heading))
    return int(match[1]) if match else 0


def speaks_of_place(heading: str) -> bool:
    """Return whether where somebody lives is expected below a heading."""
    return bool(_PLACE.search(heading.casefold()))

"""Values that are searched for, and text that is folded so that no way of writing hides them.

Two texts are alike without regard to case, accents, punctuation, spaces, characters that nobody
sees, and the usual short forms of streets.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from html import unescape
from typing import Any, Final

from eh_interop.core.folding import words_in
from eh_interop.core.lenient import items
from eh_interop.protection.model import Protection

_STREETS: Final = {
    "st": "street", "rd": "road", "ln": "lane", "ave": "avenue", "av": "avenue", "cl": "close",
    "dr": "drive", "ct": "court", "gdns": "gardens", "pl": "place", "sq": "square",
    "cres": "crescent", "tce": "terrace", "hse": "house", "apt": "apartment",
}  # fmt: skip
_COMMON: Final = frozenset({
    "a", "and", "apartment", "at", "avenue", "baby", "block", "care", "children", "close",
    "court", "crescent", "current", "dad", "dads", "day", "dr", "drive", "family", "father",
    "fathers", "first", "flat", "floor", "for", "foster", "gardens", "gran", "grandma",
    "grandmother", "ground", "her", "his", "home", "hostel", "house", "household", "in",
    "known", "lane", "live", "lives", "lower", "miss", "mother", "mothers", "mr", "mrs", "ms",
    "mum", "mums", "my", "name", "nan", "no", "none", "not", "of", "on", "one", "or", "our",
    "parent", "parents", "place", "previous", "refuge", "road", "room", "s", "second",
    "shelter", "square", "staying", "street", "temporary", "terrace", "the", "their", "them",
    "unborn", "unit", "unknown", "upper", "with",
})  # fmt: skip
"""Words that say nothing by themselves: a text of these alone is not searched for."""
_ENDINGS: Final = frozenset({"refuge", "hostel", "shelter", "centre", "center"})
_BUILT: Final = frozenset({
    *_STREETS.values(), "cottage", "cottages", "drive", "flats", "green", "grove", "hall", "hill",
    "house", "lodge", "manor", "mews", "park", "parade", "rise", "row", "view", "villa", "villas",
    "walk", "way", "wharf", "yard",
})  # fmt: skip
"""What the name of a street or a house ends with."""
_EVERYDAY: Final = frozenset({
    "alexander", "alexandra", "catherine", "cathedral", "charlotte", "children", "childrens",
    "christmas", "christopher", "community", "cottages", "district", "elizabeth", "february",
    "frederick", "hospital", "industrial", "kingston", "margaret", "november", "princess",
    "saturday", "september", "temporary", "victoria", "wellington",
})  # fmt: skip
"""Long words that stand in names of streets, and in other texts or names of people as well."""
_OUTWARD: Final = re.compile(r"([a-z]{1,2}[0-9][a-z0-9]?)[0-9][a-z]{2}")
_TAG: Final = re.compile(
    r"</?(?:a|b|br|div|em|font|i|li|ol|p|small|span|strong|td|tr|u|ul)\b[^<>]*>"
)
DISTINCT: Final = 8
"""Letters from which the first word of a name is searched for by itself."""
WHOLE: Final = 6
"""Letters from which a value is also found inside other words, whatever stands between them."""
SENTENCE: Final = 4
"""Words from which a sentence is so much itself that it is searched for elsewhere."""
DEEPEST: Final = 200
"""Levels of a record; what is deeper is no record of the standard."""
PHONE: Final = 7
"""Digits from which a number can be dialled."""


@lru_cache(maxsize=4096)
def folded(text: str) -> str:
    """Return the words of a text, folded and set apart by one space."""
    plain = unescape(text) if "&" in text else text
    return " ".join(_STREETS.get(word, word) for word in words_in(plain))


def squashed(text: str) -> str:
    """Return folded text without spaces."""
    return text.replace(" ", "")


def means_no(value: Any) -> bool:
    """Return whether a flag is not set. What cannot be read counts as set."""
    if isinstance(value, str):
        return folded(value) in {"no", "false", "n", "0"}
    return value is None or value is False or (isinstance(value, int | float) and value == 0)


def says_something(value: str) -> bool:
    """Return whether folded text holds a word or number that tells it from others."""
    return any(not word.isdigit() and word not in _COMMON for word in value.split())


def texts_in(value: Any) -> Iterator[str]:
    """Yield every text and number in a value, however deep, in their order."""
    stack = [value]
    while stack:
        held = stack.pop()
        if isinstance(held, dict):
            stack += reversed(held.values())
        elif isinstance(held, list):
            stack += reversed(held)
        elif isinstance(held, str | int | float) and not isinstance(held, bool):
            yield str(held)


def is_too_deep(value: Any) -> bool:
    """Return whether a value has more levels than any record of the standard."""
    stack = [(value, 0)]
    while stack:
        held, depth = stack.pop()
        if depth > DEEPEST:
            return True
        if isinstance(held, dict):
            held = list(held.values())
        if isinstance(held, list):
            stack += ((inner, depth + 1) for inner in held)
    return False


def place_values(text: str) -> Iterator[str]:
    """Yield what is searched for because of an address line or the name of a place."""
    for part in (text, *re.split(r"[,;\r\n]", text)):
        words = folded(part).split()
        yield " ".join(words)
        while words and (words[0][0].isdigit() or words[0] in _COMMON - {"the"}):
            words = words[1:]
            yield " ".join(words)
        if len(words) > 1 and words[-1] in _ENDINGS:
            yield " ".join(words[:-1])
        # The word that tells it from others, if nobody would write it by chance.
        if len(words) > 1 and words[-1] in _ENDINGS | _BUILT and _is_distinct(words[0]):
            yield words[0]


def _is_distinct(word: str) -> bool:
    return len(word) >= DISTINCT and word not in _EVERYDAY


def address_values(address: Any) -> tuple[frozenset[str], frozenset[str]]:
    """Return what is searched for because of an address: what is its own, and its town.

    The town is apart since it is no secret where an open address has it too.
    """
    if not isinstance(address, dict):
        lines = list(texts_in(address))
        return _sound(part for line in lines for part in place_values(line)), frozenset()
    lines = list(texts_in(address.get("lines")))
    own = [part for line in lines for part in place_values(line)]
    own.append(folded(" ".join(lines)))
    codes = [folded(text) for name in ("postcode", "uprn") for text in texts_in(address.get(name))]
    towns = [text for name in ("town", "county") for text in texts_in(address.get(name))]
    districts = filter(None, map(_OUTWARD.fullmatch, map(squashed, codes)))
    return (
        _sound(own) | {code for code in codes if len(squashed(code)) >= SENTENCE}
        | contact_values(address.get("phone")),
        _sound(part for town in towns for part in place_values(town))
        | {district.group(1) for district in districts},
    )  # fmt: skip


def contact_values(contact: Any) -> frozenset[str]:
    """Return what is searched for because of a telephone number or an e-mail address."""
    value = contact.get("value") if isinstance(contact, dict) else contact
    return frozenset(
        part for text in texts_in(value) for part in (number_in(text), folded(text))
        if len(squashed(part)) >= PHONE - 1 and part not in _COMMON
    )  # fmt: skip


def number_in(text: str) -> str:
    """Return the digits of a telephone number without the code of the country; else nothing."""
    digits = re.sub(r"\D", "", unicodedata.normalize("NFKC", text))
    digits = digits.removeprefix("00").removeprefix("44").lstrip("0")
    return digits if len(digits) >= PHONE - 1 else ""


def name_parts(entry: Mapping[str, Any]) -> tuple[list[str], list[str], list[str]]:
    """Return the given names, the family names and the whole names of a person, folded."""
    name = entry.get("name")
    parts = name if isinstance(name, dict) else {"full": name}
    other = items(entry.get("otherNames"))
    full = [folded(text) for text in texts_in(parts.get("full"))]
    full += [folded(text) for held in other for text in _full(held)]
    given = [folded(text) for key in ("given", "preferred") for text in texts_in(parts.get(key))]
    family = [folded(text) for text in texts_in(parts.get("family"))]
    return given, family, full


def _full(held: Any) -> Iterator[str]:
    return texts_in(held.get("full") if isinstance(held, dict) else held)


def whole_names(entry: Mapping[str, Any]) -> frozenset[str]:
    """Return every whole name of a person, folded, the words in the order of the alphabet."""
    given, family, full = name_parts(entry)
    pairs = [f"{first} {last}" for first in given for last in family]
    return frozenset(" ".join(sorted(text.split())) for text in (*pairs, *full) if " " in text)


def family_names(entry: Mapping[str, Any]) -> frozenset[str]:
    """Return the family names that a person is registered with, folded.

    The last word of a whole name or of an alias is none: somebody may have written the name of
    another person there, and that must not open it.
    """
    _, family, _ = name_parts(entry)
    return frozenset(family)


def name_values(entry: Mapping[str, Any], shared: frozenset[str]) -> frozenset[str]:
    """Return what is searched for because of a person's name.

    Args:
        entry: the person.
        shared: family names that people have who are not protected: they alone tell nothing.
    """
    given, family, full = name_parts(entry)
    given += [" ".join(text.split()[:-1]) or text for text in full]
    family += [text.split()[-1] for text in full if " " in text]
    firsts = [word for text in given for word in text.split() if len(word) > 1]
    heads = [*given, *firsts, *(word[0] for word in firsts)]
    pairs = [pair for head in heads for tail in family for pair in _both(head, tail)]
    return _sound((*pairs, *full, *given, *firsts, *(set(family) - shared)))


def _both(head: str, tail: str) -> tuple[str, ...]:
    return (f"{head} {tail}", f"{tail} {head}") if head and tail else ()


def sentence_values(text: Any) -> frozenset[str]:
    """Return the sentences of a piece of information that are searched for elsewhere."""
    parts = [part for held in texts_in(text) for part in (held, *re.split(r"[.!?;\r\n]", held))]
    long = (folded(part) for part in parts)
    return frozenset(part for part in long if len(part.split()) >= SENTENCE)


def _sound(values: Iterable[str]) -> frozenset[str]:
    return frozenset(value for value in values if len(value) > 1 and says_something(value))


class Matcher:
    """Searches texts for the values of protections, whatever way they are written."""

    def __init__(self, protections: Iterable[Protection]) -> None:
        """Prepare the values."""
        self._answers: dict[str, Protection | None] = {}
        values = {value: held for held in protections for value in held.values}
        self._words = {f" {value} ": held for value, held in values.items()}
        self._letters = {
            squashed(value): held for value, held in values.items() if len(squashed(value)) >= WHOLE
        }

    def finds(self, text: str) -> Protection | None:
        """Return a protection of which a text holds a value; None if there is none."""
        if text not in self._answers:
            self._answers[text] = self._find(text)
        return self._answers[text]

    def _find(self, text: str) -> Protection | None:
        marked = _TAG.sub("", text) if "<" in text else text
        return self._find_plain(text) or (self._find_plain(marked) if marked != text else None)

    def _find_plain(self, text: str) -> Protection | None:
        words = f" {folded(text)} "
        letters = squashed(words)
        for value, held in self._letters.items():
            if value in letters:
                return held
        return next((held for value, held in self._words.items() if value in words), None)

    def finds_address(self, address: Any) -> Protection | None:
        """Return the protection of an address, also if it is spread over several lines."""
        return self.finds(" ".join(texts_in(address)))

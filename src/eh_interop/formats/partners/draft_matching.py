"""Match headings to fields for a draft: by known headings, by likeness, by the values below."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cache
from typing import Any, Final

from eh_interop.core.identifiers import is_nhs_number, is_upn
from eh_interop.core.resources import folder
from eh_interop.formats._shared.cells import text_or_blank, words_for
from eh_interop.formats._shared.code_maps import fold_label
from eh_interop.formats._shared.signals import of_heading
from eh_interop.formats.partners.compiling import NUMBER, look_up
from eh_interop.formats.partners.draft_grammar import Meaning, is_of_another, plain
from eh_interop.formats.partners.headings import fold
from eh_interop.formats.partners.mapping_table import (
    MappedField,
    MappedPart,
    MappingTable,
    load_table,
    shipped_mappings,
)
from eh_interop.formats.partners.record_paths import resolve
from eh_interop.reading.dates import named_month
from eh_interop.standard.fields import Kind, fields_of
from eh_interop.standard.forms import load_forms
from eh_interop.standard.schemas import CURRENT

_ENTRY = re.compile(r"/(\w+)\[([a-z0-9-]+)\]")
_PART = re.compile(r"/(children|people|relationships|parentalResponsibility)/\*(/.+)")
_NUMBERED: Final = re.compile(r"(?<![0-9])([1-9][0-9]?)(?![0-9])")
_SCALARS: Final = frozenset({Kind.TEXT, Kind.LINE, Kind.DATE, Kind.BOOLEAN, Kind.CODE})
_LIKE: Final = 78
"""How alike two headings have to be, of 100, to be proposed."""
_CHANGED: Final = 85
"""How alike a heading has to be to one that this partner used before."""
_ALTERNATIVES: Final = 3
_PARTS = re.compile(r"([0-9]{1,2})[/.-]([0-9]{1,2})[/.-](?:[0-9]{4}|[0-9]{2})(?:[ ,T].*)?")
_ISO = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}(?:[T ].*)?")
_POSTCODE = re.compile(r"[A-Za-z]{1,2}[0-9][0-9A-Za-z]? ?[0-9][A-Za-z]{2}")
_PHONE = re.compile(r"(?:\+44|0044|0)?[ (0)-]*[1-9][0-9 ()-]{6,15}")
_SERIAL = re.compile("[2-7][0-9]{4}")
_ANSWER = re.compile(
    r"(?:y|yes|n|no|true|false|x|0|1|not? .*|unknown|unsure|n/?k|[a-c]\) .*|verbal.*|given|refused"
    r"|agreed|[\u2713\u2714\u2611\u2612\u2610\u2705\u2717].*|yes\W.*|no\W.*)$",
    re.IGNORECASE | re.DOTALL,
)
_MONTHS: Final = 12
_SLIPS: Final = 30
"""One date that is written the other way is a slip, if so many prove the order."""
_MOST_WORDS: Final = 200
_SURE: Final = 0.8
"""The share of values that makes a column what it looks like."""


@dataclass(frozen=True, slots=True)
class KnownHeading:
    """A heading that is known.

    Attributes:
        heading: as :func:`~..headings.fold` gives it, without a number.
        part: the list of a part; empty for a field of the record itself.
    """

    heading: str
    part: str
    ours: str
    via: str
    source: str

    @property
    def place(self) -> str:
        """The whole path, for people."""
        return f"{self.part}/*{self.ours}" if self.part else self.ours


@cache
def known_headings(record: str) -> tuple[KnownHeading, ...]:
    """Return the known headings of a record type, the surest first."""
    headings: dict[tuple[str, str], KnownHeading] = {}
    for known in (*_listed(), *_shipped(record), *_titles(record), *_of_forms(record)):
        if known.heading and is_possible(record, known.part, known.ours, known.via):
            headings.setdefault((known.heading, known.place), known)
    return tuple(headings.values())


def heading_for(heading: str, place: str, via: str, source: str) -> KnownHeading:
    """Return a heading that goes to a place, such as ``/children/*/dateOfBirth``."""
    inner = _PART.fullmatch(place)
    part, ours = (f"/{inner[1]}", inner[2]) if inner else ("", place)
    return KnownHeading(without_number(fold(heading)), part, ours, via, source)


def without_number(folded: str) -> str:
    """Leave the number out of a heading: ``child 2 surname`` is like ``child surname``."""
    text = folded.replace(NUMBER, " ")
    return fold(_NUMBERED.sub(" ", text)) if not text.startswith("address") else fold(text)


def _listed() -> Iterator[KnownHeading]:
    path = folder("mappings") / "partners" / "headings.csv"
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            yield heading_for(row["heading"], row["place"], row["via"], "the list of headings")


def _shipped(record: str) -> Iterator[KnownHeading]:
    for name in shipped_mappings():
        table = load_table(name)
        if table.record != record or not table.tabular:
            continue
        for prefix, rows in (
            ("", table.fields),
            *((f"{p.items}/*", p.fields) for p in table.parts),
        ):
            for row in rows:
                for heading in (row.theirs, *row.also):
                    yield heading_for(heading, prefix + row.ours, row.via, f"the mapping {name}")


def _titles(record: str) -> Iterator[KnownHeading]:
    root = fields_of(record)
    children = next((inner for inner in root.fields if inner.name == "children"), None)
    for prefix, group in (("", root), ("/children/*", children)):
        for inner in group.fields if group else ():
            if inner.kind in _SCALARS and not inner.repeats and not inner.refers_to:
                yield heading_for(inner.title, f"{prefix}/{inner.name}", "", "the standard")


def _of_forms(record: str) -> Iterator[KnownHeading]:
    for form in load_forms():
        for asked in form.fields:
            inner = asked.place.removeprefix("/children/*")
            if asked.record == record and inner and "*" not in inner and not asked.note:
                yield heading_for(asked.label, asked.place, "", "real forms")


@cache
def is_possible(record: str, part: str, ours: str, via: str) -> bool:
    """Return whether a mapping of this record type may have such a row."""
    row = MappedField(ours=ours, theirs="x", via=via)
    table = MappingTable(
        mapping="x",
        title="x",
        record=record,
        format="csv",
        origin="",
        slices=slices_of((ours,), record),
        fields=() if part else (row,),
        parts=(MappedPart(items=part, fields=(row,)),) if part else (),
    )
    return not look_up(table)[1]


def slices_of(
    paths: tuple[str, ...], record: str = ""
) -> dict[str, dict[str, dict[str, str | list[str]]]]:
    """Return the slices that paths need beyond those that a code list gives."""
    slices: dict[str, dict[str, dict[str, str | list[str]]]] = {}
    for path in paths:
        for name, entry in _ENTRY.findall(path):
            if name not in {"identifiers", "addresses", "contacts"}:
                own = {"type": entry} if name == "relationships" else _SAYS.get(name, {})
                slices.setdefault(name, {})[entry] = dict(own)
    if "consents" in slices and record == "marf":
        slices["consents"] = {
            entry: {"purposes": ["referral-to-social-care", "information-sharing"]}
            for entry in slices["consents"]
        }
    return slices


_SAYS: Final[dict[str, dict[str, str | list[str]]]] = {
    "consents": {"purposes": ["start-plan", "information-sharing"]},
    "safetyWarnings": {"type": "other"},
}


@dataclass
class ColumnEvidence:
    """Counts over a sample of a column.

    Attributes:
        either: dates of which the day or the month may come first.
        day_first: dates of which only the day can come first.
        month_first: dates of which only the month can come first.
        nhs_numbers, upns, postcodes, emails, phones: values of that form.
        named: dates with the name of the month.
        serials: numbers that may be days in a spreadsheet.
        answers: values that answer a question with yes or no, ticks included.
        digits: values in which digits stand.
        length: the characters of all values.
        semicolons, commas: values that hold one.
        repeats: values that are the same as in the row above.
        shapes: up to three shapes of values, such as ``99/99/9999``, in which no value stands.
        words: different words, folded; at most 200, never shown.
    """

    filled: int = 0
    real_dates: int = 0
    iso: int = 0
    either: int = 0
    day_first: int = 0
    month_first: int = 0
    nhs_numbers: int = 0
    upns: int = 0
    postcodes: int = 0
    emails: int = 0
    phones: int = 0
    named: int = 0
    serials: int = 0
    answers: int = 0
    digits: int = 0
    length: int = 0
    semicolons: int = 0
    commas: int = 0
    repeats: int = 0
    last: str = field(default="", repr=False)
    shapes: list[str] = field(default_factory=list)
    words: set[str] = field(default_factory=set, repr=False)
    distinct: set[int] = field(default_factory=set, repr=False)

    def add(self, cell: Any) -> None:
        """Look at one cell."""
        text = text_or_blank(cell)
        if not text:
            return
        self.filled += 1
        self.distinct.add(hash(text))
        self.length += len(text)
        self.repeats += text == self.last
        self.last = text
        if len(self.shapes) < _SHAPES and (shape := shape_of(text)) not in self.shapes:
            self.shapes.append(shape)
        self.semicolons += ";" in text
        self.commas += "," in text
        self.answers += bool(_ANSWER.match(text))
        if len(self.words) < _MOST_WORDS:
            self.words.add(fold_label(text))
        if isinstance(cell, date):
            self.real_dates += 1
        elif parts := _PARTS.fullmatch(text):
            self._day_or_month(int(parts[1]), int(parts[2]))
        else:
            self.serials += not isinstance(cell, str) and bool(_SERIAL.fullmatch(text))
            has_digits = any(map(str.isdigit, text))
            self.digits += has_digits
            self.emails += "@" in text
            if not has_digits:
                return
            self.named += bool(named_month(text))
            self.phones += bool(_PHONE.fullmatch(text))
            self.iso += bool(_ISO.fullmatch(text))
            self.nhs_numbers += is_nhs_number(text.replace("-", " "))
            self.upns += is_upn(text)
            self.postcodes += bool(_POSTCODE.fullmatch(text))

    def _day_or_month(self, first: int, second: int) -> None:
        if first > _MONTHS:
            self.day_first += 1
        elif second > _MONTHS:
            self.month_first += 1
        else:
            self.either += 1

    def share(self, count: int) -> float:
        """Return a count as a share of the filled cells."""
        return count / self.filled if self.filled else 0.0

    @property
    def dates(self) -> int:
        """How many values look like dates."""
        numbers = self.iso + self.either + self.day_first + self.month_first
        return self.real_dates + self.named + self.serials + numbers

    @property
    def order(self) -> str:
        """How its dates are written, where the values prove it; empty otherwise."""
        if self.day_first > _SLIPS * self.month_first:
            return "day-first"
        if self.month_first > _SLIPS * self.day_first:
            return "month-first"
        return ""

    @property
    def needs_order(self) -> bool:
        """Whether there are dates of which the order has to be declared."""
        return bool(self.either or self.day_first or self.month_first)

    @property
    def tells_apart(self) -> bool:
        """Whether every value is different: the column may tell records apart."""
        return self.filled > 1 and len(self.distinct) == self.filled


def shape_of(text: str) -> str:
    """Return the shape of a value: a digit is 9, a letter A or a, and a long text is cut off."""
    masked = "".join(
        "9" if one.isdigit() else ("A" if one.isupper() else "a") if one.isalpha() else one
        for one in text[:_SHAPE].replace("\n", " ")
    )
    return masked + ("\u2026" if len(text) > _SHAPE else "")


def look_at(rows: Iterable[Any], width: int) -> list[ColumnEvidence]:
    """Look at the columns of some rows."""
    columns = [ColumnEvidence() for _ in range(width)]
    for row in rows:
        for evidence, cell in zip(columns, row.cells, strict=False):
            evidence.add(cell)
    return columns


@dataclass(frozen=True, slots=True)
class HeadingMatch:
    """What a column probably is.

    Attributes:
        known: the heading, and the field that it stands for.
        score: how sure, of 100; 100 for an alias.
        others: where else it may go.
        ticked: the code that a tick in the column stands for.
    """

    known: KnownHeading
    score: int
    why: str
    others: tuple[KnownHeading, ...] = ()
    ticked: str = ""


def fuzzy() -> Any:
    """Return the library for likeness; None if it is not installed."""
    try:
        from rapidfuzz import fuzz, process
    except ImportError:
        return None
    return fuzz, process


def best(
    record: str,
    heading: str,
    evidence: ColumnEvidence,
    meaning: Meaning | None,
    own: Sequence[KnownHeading] = (),
) -> HeadingMatch | None:
    """Return what a column probably is; None if nothing is likely.

    ``own``: headings that this partner is known to use; they count more than any others.
    """
    known = known_headings(record)
    text = without_number(fold(heading))
    own = [one for one in own if is_possible(record, one.part, one.ours, one.via)]
    for one in own:
        if one.heading == text:  # somebody who knows the data said so, whatever stands there
            return HeadingMatch(one, 100, f"it is one of {one.source}")
    exact = [one for one in known if one.heading == text]
    by_words = _by_words(record, text, meaning)
    is_stated = meaning is None or meaning.stated
    score, why = (90, _WORDS) if is_stated else (85, _WHOSE)
    for match in (
        _by_likeness(text, own, _CHANGED),
        *(HeadingMatch(one, score, why, _instead(record, meaning)) for one in by_words),
        *(HeadingMatch(one, 100, f"the heading is one of {one.source}") for one in exact),
        _by_likeness(text, known) if meaning is None and not is_of_another(heading) else None,
        _by_values(known, evidence),
    ):
        if match is not None and fits(record, match.known, evidence):
            others = _others(match.known, [*by_words, *exact])
            return replace(match, others=match.others or others)
    return None


def _instead(record: str, meaning: Meaning | None) -> tuple[KnownHeading, ...]:
    """Return where a column goes if it is about a parent, where its heading does not say whose."""
    if meaning is None or meaning.stated or meaning.subject != "child":
        return ()
    return tuple(_by_words(record, "", replace(meaning, subject="parent"))[:1])


def _by_words(record: str, text: str, meaning: Meaning | None) -> list[KnownHeading]:
    places = meaning.places() if meaning is not None else ()
    known = [heading_for(text, place, via, "its words") for place, via in places]
    return [one for one in known if is_possible(record, one.part, one.ours, one.via)]


def fits(record: str, known: KnownHeading, evidence: ColumnEvidence) -> bool:
    """Return whether the values below a heading may stand in a field."""
    if not evidence.filled:
        return True
    root = fields_of(record)
    held = next((one for one in root.fields if one.name == known.part[1:]), root)
    target = resolve(held, known.ours, slices_of((known.ours,), record))
    kind, name = target.leaf.kind, target.leaf.name
    dates, digits = evidence.share(evidence.dates), evidence.share(evidence.digits)
    if kind in {Kind.DATE, Kind.DATE_TIME}:
        return dates >= _SOME
    if kind is Kind.CODE and target.leaf.code_list not in _PLAIN_LISTS:
        return _are_codes(target.leaf.code_list, evidence)
    if name in _NAMES:
        return dates < _SOME and digits < _MOST and evidence.length < _LONG * evidence.filled
    if target.entry_type in {"phone", "mobile", "email"}:
        wanted = evidence.emails if target.entry_type == "email" else evidence.digits
        return evidence.share(wanted) >= _FEW or evidence.share(evidence.answers) >= _MOST
    return dates < _MOST or kind is Kind.BOOLEAN


def _are_codes(code_list: str, evidence: ColumnEvidence) -> bool:
    pieces = {piece for word in evidence.words for piece in pieces_of(word)}
    listed = words_for(code_list, CURRENT)
    readable = sum(piece in listed for piece in pieces)
    return readable >= _FEW * len(pieces) or evidence.share(evidence.answers) >= _MOST


def ticked(record: str, heading: str, evidence: ColumnEvidence) -> HeadingMatch | None:
    """Return the code that a tick stands for, in a table with a column for each worry or need."""
    group, colon, label = plain(heading).rpartition(": ")
    is_tick = evidence.filled and evidence.answers == evidence.filled
    if not (colon and is_tick and _TICKED.search(group)) or of_heading(heading):
        return None
    for place, code_list in _TICK_PLACES:
        known = KnownHeading(fold(heading), "", place, "", "ticks")
        if is_possible(record, "", place, ""):
            code = nearest_code(label, code_list)
            why = "each column of this group is one answer, which is ticked"
            return HeadingMatch(known, 75, why, ticked=code)
    return None


def nearest_code(label: str, code_list: str) -> str:
    """Return the code whose title or other spelling is most like a label; empty if none is."""
    words = words_for(code_list, CURRENT)
    if label in words:
        return words[label]
    library = fuzzy()
    near = library and library[1].extractOne(
        label, list(words), scorer=library[0].token_set_ratio, score_cutoff=_LIKE
    )
    return words[near[0]] if near else ""


_TICKED = re.compile(r"tick|worr|concern|reason|issue|need|appl|risk")
_TICK_PLACES: Final = (
    ("/concerns[main]/types/*", "concern-type"),
    ("/reasons/*", "reason-for-help"),
)


def pieces_of(word: str) -> list[str]:
    """Return the answers in a cell that may hold several."""
    return [piece.strip() for piece in re.split("[;,]", word) if piece.strip()] or [word]


_WORDS: Final = "its words say whose it is and what"
_WHOSE: Final = "its words say what it is, and not whose"
_NAMES: Final = frozenset({"family", "given", "preferred", "full", "name"})
_PLAIN_LISTS: Final = frozenset(
    {"yes-no-unknown", "consent-status", "sex", "ethnicity", "relationship-type", "language"}
)
"""Lists that a heading names so plainly that unknown words are words for their codes."""
_SHAPES: Final = 3
_SHAPE: Final = 16
_FEW: Final = 0.2
_SOME: Final = 0.4
_MOST: Final = 0.7
_LONG: Final = 60


def _others(chosen: KnownHeading, rest: Sequence[KnownHeading]) -> tuple[KnownHeading, ...]:
    others = {other.place: other for other in reversed(rest) if other.place != chosen.place}
    return tuple(reversed(others.values()))[:_ALTERNATIVES]


def _by_likeness(
    text: str, known: Sequence[KnownHeading], least: int = _LIKE
) -> HeadingMatch | None:
    library = fuzzy()
    if library is None or not text:
        return None
    fuzz, process = library
    names = [heading.heading for heading in known]
    near = process.extract(text, names, scorer=fuzz.token_sort_ratio, limit=8, score_cutoff=least)
    if not near:
        return None
    _, score, index = near[0]
    chosen = known[index]
    why = f'{score:.0f} of 100 like "{chosen.heading}" of {chosen.source}'
    return HeadingMatch(
        chosen, int(score), why, _others(chosen, [known[at] for *_, at in near[1:]])
    )


def _by_values(headings: Sequence[KnownHeading], evidence: ColumnEvidence) -> HeadingMatch | None:
    looks = (
        ("nhs number", evidence.nhs_numbers),
        ("upn", evidence.upns),
        ("postcode", evidence.postcodes),
    )
    for heading, count in looks:
        if evidence.share(count) >= _SURE:
            chosen = next((known for known in headings if known.heading == heading), None)
            if chosen is not None:
                why = f"{evidence.share(count):.0%} of the values have the form of a {heading}"
                return HeadingMatch(chosen, 70, why)
    return None

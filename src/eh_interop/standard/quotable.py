"""Which names of somebody else's file may be quoted in a message.

A heading, an element or a property may itself be a value: a table without its heading row has a
child's name where a heading should be. So a name is quoted only if it is known not to be one: it
stands in the standard, in a mapping or on a form, or is made of usual words of headings. Any other
is described by its place: ``the heading of column 7``.
"""

from __future__ import annotations

import csv
import re
import tomllib
import unicodedata
from collections.abc import Collection, Iterator
from functools import cache, lru_cache
from itertools import takewhile
from typing import Any, Final

from eh_interop.core.pointer import Step, Steps
from eh_interop.core.resources import folder
from eh_interop.standard.fields import Field, fields_of
from eh_interop.standard.schemas import load_standard

LONGEST: Final = 100
"""Characters of a name that is quoted. A longer one is a sentence, and may say anything."""
_MAPPED: Final = ("theirs", "also", "key", "id", "by", "sheet", "heading")
_CAMEL: Final = re.compile(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Za-z])(?=[0-9])")
_NOT_IN_WORDS: Final = re.compile(r"[^a-z0-9]+")
_COUNT: Final = re.compile(r"[0-9]{1,2}")
_POSITION: Final = re.compile(r"[0-9]{1,4}")
"""A position in a list. A longer number may be anybody's."""


def may_be_quoted(name: str, also: Collection[str] = ()) -> bool:
    """Return whether a name of somebody else's file may stand in a message.

    Args:
        name: a heading, the name of an element, property or sheet.
        also: further names that are known, as a mapping of one's own names them.
    """
    text = _folded(name)
    if not text or len(name) > LONGEST:
        return False
    return text in _known() or any(text == _folded(other) for other in also) or _is_usual(name)


def quoted_or(name: str, place: str, also: Collection[str] = ()) -> str:
    """Return a name as it may be shown, in one line, or else its place.

    Args:
        name: see :func:`may_be_quoted`.
        place: says where it stands, such as ``the heading of column 7``.
        also: see :func:`may_be_quoted`.
    """
    return " ".join(name.split()) if may_be_quoted(name, also) else place


@lru_cache(maxsize=4096)
def _is_known(step: Step) -> bool:
    return isinstance(step, int) or may_be_quoted(step)


def known_steps(steps: Steps) -> Steps:
    """Cut a place in a record before the first name that may not be quoted."""
    return tuple(takewhile(_is_known, steps))


def known_path(path: str) -> str:
    """Return a path in XML or JSON with a star for each name that may not be quoted."""
    return "/".join(
        step if not step or _may_stand_in_path(step.partition("[")[0]) else "*"
        for step in path.split("/")
    )


def _may_stand_in_path(step: str) -> bool:
    return _POSITION.fullmatch(step) is not None or _is_known(step)


def _folded(name: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", name).casefold().split()).strip(" :*?.")


def _is_usual(name: str) -> bool:
    """Return whether every part is a usual word of headings, or counts: ``Contact 2 phone``."""
    text = unicodedata.normalize("NFKC", name)
    words = _NOT_IN_WORDS.sub(" ", _CAMEL.sub(" ", text).casefold().replace("'", "")).split()
    named = [word for word in words if not _COUNT.fullmatch(word)]
    readable = all(letter.isascii() for letter in text if letter.isalpha())
    # "No" by itself is an answer.
    return readable and named not in ([], ["no"], ["unknown"]) and _usual_words().issuperset(named)


@cache
def _usual_words() -> frozenset[str]:
    text = (folder("mappings") / "forms" / "usual-words.txt").read_text("utf-8")
    return frozenset(text.split())


@cache
def _known() -> frozenset[str]:
    return frozenset(map(_folded, _every_known_name())) - {""}


def _every_known_name() -> Iterator[str]:
    for record_type in load_standard().record_types:
        yield from (record_type, *_names(fields_of(record_type)))
    forms, partners = folder("mappings") / "forms", folder("mappings") / "partners"
    with (forms / "fields.csv").open(encoding="utf-8", newline="") as file:
        yield from (row["label"] for row in csv.DictReader(file))
    with (partners / "headings.csv").open(encoding="utf-8", newline="") as file:
        yield from (row["heading"] for row in csv.DictReader(file))
    with (partners / "signals.csv").open(encoding="utf-8", newline="") as file:
        # Of those that ask only: another may be an answer as well.
        yield from (row["example"] for row in csv.DictReader(file) if row["example"].endswith("?"))
    for path in (*partners.glob("*.toml"), *(folder("mappings") / "returns").glob("*.toml")):
        yield from _mapped(tomllib.loads(path.read_text("utf-8")))


def _names(field: Field) -> Iterator[str]:
    yield from (field.name, field.link, field.title)
    for inner in field.fields:
        yield from _names(inner)


def _mapped(value: Any, name: str = "") -> Iterator[str]:
    """Yield what a mapping names of a partner's file."""
    if isinstance(value, dict):
        for inner, member in value.items():
            yield from _mapped(member, inner)
    elif isinstance(value, list):
        for member in value:
            yield from _mapped(member, name)
    elif isinstance(value, str) and name in _MAPPED:
        yield value

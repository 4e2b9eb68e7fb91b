"""Ids, versions and technical facts of records and files, where FHIR is stricter or wider."""

from __future__ import annotations

import re
from typing import Any, Final

from eh_interop.formats.fhir.names import RECORD_IDENTIFIER, code_system
from eh_interop.formats.fhir.values import Pair, Scene
from eh_interop.standard.code_lists import titles

_CODE: Final = re.compile(r"[^\s]+(\s[^\s]+)*")
_MEDIA_TYPE: Final = re.compile(r"[^\s/;]+/[^\s/;]+(\s*;.*)?")
_LARGEST: Final = 2**31 - 1
"""Of an integer in R4."""


def _identifier(value: str, _: Scene) -> dict[str, str]:
    return {"system": RECORD_IDENTIFIER, "value": value}


def _record_id(value: Any, _: Scene) -> str | None:
    if isinstance(value, dict) and value.get("system") == RECORD_IDENTIFIER:
        found = value.get("value")
        return found if isinstance(found, str) else None
    return None


RECORD_ID = Pair(_identifier, _record_id)
"""A record's id, as an Identifier: records are found by it, not by an address."""


def _type_coding(value: str, _: Scene) -> dict[str, str] | None:
    known = titles("record-type").get(value)
    if known is None:
        return None
    return {"system": code_system("record-type"), "code": value, "display": known}


def _record_type(value: Any, _: Scene) -> str | None:
    if isinstance(value, dict) and value.get("system") == code_system("record-type"):
        code = value.get("code")
        return code if code in titles("record-type") else None
    return None


RECORD_TYPE = Pair(_type_coding, _record_type)
"""What kind of record it is, as a Coding."""


def _number(value: Any, _: Scene) -> int | None:
    return int(value) if re.fullmatch(r"[1-9][0-9]{0,17}", str(value)) else None


NUMBER_TEXT = Pair(lambda value, _: str(value), _number)
"""A whole number, as text."""


def _code(value: str, _: Scene) -> str | None:
    return value if _CODE.fullmatch(value) else None


CODE_TEXT = Pair(_code, lambda value, _: value)
"""Text of one line, as a code: None if it has spaces that a code cannot have."""


def _media_type(value: str, _: Scene) -> str | None:
    return value if _MEDIA_TYPE.fullmatch(value) and _CODE.fullmatch(value) else None


MEDIA_TYPE = Pair(_media_type, lambda value, _: value)
"""The type of a file: None if it is said in words of people (RFC 2046 wants ``image/png``)."""


def _size(value: int, _: Scene) -> int | None:
    return value if value <= _LARGEST else None


SIZE = Pair(_size, lambda value, _: value)
"""The size of a file in bytes: None if R4 has no number so large."""

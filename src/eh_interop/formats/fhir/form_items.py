"""A record as the items of one QuestionnaireResponse, and back: this is what makes FHIR lossless.

An object is a group item, a list of objects the same group item again and again,
a list of plain values one item with several answers. Encoders and decoders are
made once for each record type from its fields.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from functools import cache
from typing import Any, Final

import orjson

from eh_interop.formats.fhir.names import code_system, structure
from eh_interop.formats.fhir.values import NOT_ALLOWED
from eh_interop.standard.code_lists import titles
from eh_interop.standard.fields import Field, Kind, fields_of
from eh_interop.standard.schemas import CURRENT

Item = dict[str, Any]
"""An item or an answer of a QuestionnaireResponse. Answers that are codes are shared: read only."""
_Encode = Callable[[Any], list[Item]]
_Decode = Callable[[list[Item]], Any]

ORIGINAL_TEXT: Final = structure("original-text")
"""Extension of an answer: the date and time as it was written, where FHIR tools write it anew."""
ESCAPED_TEXT: Final = structure("escaped-text")
"""Extension of an answer: the text is a JSON string, because FHIR or XML cannot hold it plainly."""

_REWRITTEN: Final = re.compile(r"[+-]00:00$|\.[0-9]+(Z|[+-]..:..)$|:60")
"""Dates and times that mean the same in another spelling, and that tools spell their own way."""
_BLUNTED: Final = re.compile(r"^\s|\s$")
"""What tools may trim."""


class UnknownItemError(ValueError):
    """An item that the record type does not have, or an answer of another kind. Quotes nothing.

    Attributes:
        link: the nearest field that is known.
    """

    def __init__(self, link: str, why: str) -> None:
        super().__init__(why)
        self.link = link


def encode(record: Mapping[str, Any], record_type: str, version: str = CURRENT) -> list[Item]:
    """Return the items that hold every field of a record whose shape is valid.

    Fields stand in the order of the schema, whatever their order in the record.
    """
    return _record_encoder(record_type, version)(record)


@cache
def _record_encoder(record_type: str, version: str) -> Callable[[Mapping[str, Any]], list[Item]]:
    return _group_encoder(fields_of(record_type, version))


def decode(items: Iterable[Item], record_type: str, version: str = CURRENT) -> dict[str, Any]:
    """Return the record that the items of a response hold.

    Raises:
        UnknownItemError: an item or an answer is not one that :func:`encode` writes.
    """
    return _record_decoder(record_type, version)(list(items))


@cache
def _record_decoder(record_type: str, version: str) -> Callable[[list[Item]], dict[str, Any]]:
    return _group_decoder(fields_of(record_type, version))


def _group_encoder(field: Field) -> Callable[[Mapping[str, Any]], list[Item]]:
    encoders = tuple((inner.name, _encoder(inner)) for inner in field.fields)

    def encode_group(value: Mapping[str, Any]) -> list[Item]:
        items: list[Item] = []
        for name, encoder in encoders:
            if name in value:
                items += encoder(value[name])
        return items

    return encode_group


def _encoder(field: Field) -> _Encode:
    link = field.link
    if field.kind is Kind.GROUP:
        inside = _group_encoder(field)
        if field.repeats:
            return lambda value: [{"linkId": link, "item": inside(entry)} for entry in value]
        return lambda value: [{"linkId": link, "item": inside(value)}]
    if field.kind is Kind.REASONS:
        return _reasons_encoder(link)
    answer = _answerer(field)
    if field.repeats:
        return lambda value: [{"linkId": link, "answer": [answer(entry) for entry in value]}]
    return lambda value: [{"linkId": link, "answer": [answer(value)]}]


def _reasons_encoder(link: str) -> _Encode:
    reason = _code_answerer("absence-reason")

    def encode_reasons(value: Mapping[str, str]) -> list[Item]:
        return [
            {
                "linkId": link,
                "item": [
                    {"linkId": f"{link}.field", "answer": [{"valueString": name}]},
                    {"linkId": f"{link}.reason", "answer": [reason(why)]},
                ],
            }
            for name, why in sorted(value.items())
        ]

    return encode_reasons


def _answerer(field: Field) -> Callable[[Any], Item]:
    match field.kind:
        case Kind.CODE:
            return _code_answerer(field.code_list)
        case Kind.DATE_TIME:
            return _date_time_answer
        case Kind.TEXT | Kind.LINE:
            return _text_answer
        case Kind.LOCAL:
            return lambda value: _text_answer(
                orjson.dumps(value, option=orjson.OPT_SORT_KEYS).decode()
            )
        case _:
            key = _VALUES[field.kind]
            return lambda value: {key: value}


_VALUES: Final = {
    Kind.DATE: "valueDate",
    Kind.BOOLEAN: "valueBoolean",
    Kind.INTEGER: "valueInteger",
    Kind.DECIMAL: "valueDecimal",
}


@cache
def _code_answerer(code_list: str) -> Callable[[str], Item]:
    system = code_system(code_list)
    answers = {
        code: {"valueCoding": {"system": system, "code": code, "display": title}}
        for code, title in titles(code_list).items()
    }
    return answers.__getitem__


def _date_time_answer(value: str) -> Item:
    if _REWRITTEN.search(value) is None:
        return {"valueDateTime": value}
    return {
        "extension": [{"url": ORIGINAL_TEXT, "valueString": value}],
        "valueDateTime": value,
    }


def _text_answer(value: str) -> Item:
    if value.isprintable() and " " not in value[:1] + value[-1:]:
        return {"valueString": value}
    if NOT_ALLOWED.search(value) is None and _BLUNTED.search(value) is None:
        return {"valueString": value}
    written = orjson.dumps(value).decode()
    return {
        "extension": [{"url": ESCAPED_TEXT, "valueBoolean": True}],
        "valueString": NOT_ALLOWED.sub(_escape, written),
    }


def _escape(match: re.Match[str]) -> str:
    return f"\\u{ord(match[0]):04x}"


def _group_decoder(field: Field) -> Callable[[list[Item]], dict[str, Any]]:
    decoders = {inner.link: (inner.name, _decoder(inner)) for inner in field.fields}
    link = field.link

    def decode_group(items: list[Item]) -> dict[str, Any]:
        together: dict[str, list[Item]] = {}
        for item in items:
            together.setdefault(item.get("linkId", ""), []).append(item)
        group: dict[str, Any] = {}
        for question, same in together.items():
            known = decoders.get(question)
            if known is None:
                raise UnknownItemError(link, "The form has a question that the standard does not.")
            name, decoder = known
            group[name] = decoder(same)
        return group

    return decode_group


def _decoder(field: Field) -> _Decode:
    if field.kind is Kind.GROUP:
        inside = _group_decoder(field)
        if field.repeats:
            return lambda items: [inside(item.get("item", [])) for item in items]
        return lambda items: inside(_only(items, field).get("item", []))
    if field.kind is Kind.REASONS:
        return _reasons_decoder(field)
    read = _reader(field)
    if field.repeats:
        return lambda items: [read(answer) for answer in _answers(items)]
    return lambda items: read(_only(_answers(items), field))


def _answers(items: Iterable[Item]) -> list[Item]:
    return [answer for item in items for answer in item.get("answer", ())]


def _only(things: list[Item], field: Field) -> Item:
    if len(things) != 1:
        raise UnknownItemError(field.link, "The form answers this more than once, or not at all.")
    return things[0]


def _reasons_decoder(field: Field) -> _Decode:
    link = field.link

    def decode_reasons(items: list[Item]) -> dict[str, str]:
        reasons = {}
        for item in items:
            answers = {
                part.get("linkId"): _only(_answers([part]), field) for part in item.get("item", ())
            }
            name, reason = answers.get(f"{link}.field"), answers.get(f"{link}.reason")
            if name is None or reason is None:
                raise UnknownItemError(link, "Something is missing without its name or reason.")
            reasons[_value(name, "valueString", link)] = _value(reason, "valueCoding", link)["code"]
        return reasons

    return decode_reasons


def _reader(field: Field) -> Callable[[Item], Any]:
    link = field.link
    match field.kind:
        case Kind.CODE:
            return lambda answer: _code(answer, field)
        case Kind.DATE_TIME:
            return lambda answer: (
                _extension(answer, ORIGINAL_TEXT) or _value(answer, "valueDateTime", link)
            )
        case Kind.TEXT | Kind.LINE:
            return lambda answer: _text(answer, link)
        case Kind.LOCAL:
            return lambda answer: orjson.loads(_text(answer, link))
        case _:
            key = _VALUES[field.kind]
            return lambda answer: _value(answer, key, link)


def _value(answer: Item, key: str, link: str) -> Any:
    if key not in answer:
        raise UnknownItemError(link, "The form answers this with another kind of value.")
    return answer[key]


def _code(answer: Item, field: Field) -> str:
    coding = _value(answer, "valueCoding", field.link)
    if coding.get("system") != code_system(field.code_list):
        raise UnknownItemError(field.link, "The form answers this with a code of another list.")
    return str(coding.get("code"))


def _text(answer: Item, link: str) -> str:
    text = str(_value(answer, "valueString", link))
    return str(orjson.loads(text)) if _extension(answer, ESCAPED_TEXT) else text


def _extension(answer: Item, url: str) -> Any:
    for extension in answer.get("extension", ()):
        if extension.get("url") == url:
            return extension.get("valueString") or extension.get("valueBoolean")
    return None

"""Arbitrary records of every type: sound in shape, and otherwise as odd as the schemas allow."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone

from hypothesis import strategies as st

from eh_interop.standard.code_lists import titles
from eh_interop.standard.fields import Field, Kind, fields_of
from eh_interop.standard.schemas import load_standard

_COMMON = load_standard().schemas["https://w3id.org/eh-interop/1.0/types/common.schema.json"]
_FREE = {_COMMON["$defs"]["line"]["pattern"], _COMMON["$defs"]["text"]["pattern"]}
_IDS = [f"{letter}{number}" for letter in "abc" for number in range(1, 4)]
"""Few ids, so that references often lead somewhere."""
_SPACE = " \t\r\n"
_CHARACTERS = st.characters(exclude_categories=["Cs"])
_ZONES = st.sampled_from([0, 60, -300, 345, 840, -720])


def _written(moment: datetime, fraction: str) -> str:
    text = moment.replace(microsecond=0, tzinfo=None).isoformat() + fraction
    zone = moment.strftime("%z")
    return text + ("Z" if moment.tzinfo is UTC else f"{zone[:3]}:{zone[3:5]}")


_DAYS = st.dates(date(1900, 1, 1), date(2100, 1, 1)).map(date.isoformat)
_MOMENTS = st.builds(
    _written,
    st.datetimes(
        datetime(1900, 1, 2),  # noqa: DTZ001 (the zone is drawn beside it)
        datetime(2099, 1, 1),  # noqa: DTZ001
        timezones=st.one_of(
            st.just(UTC), _ZONES.map(lambda minutes: timezone(timedelta(minutes=minutes)))
        ),
    ),
    st.sampled_from(["", ".5", ".500", ".123456", ".000"]),
)
_LOCAL_DATA = st.dictionaries(
    st.from_regex(r"[a-z][a-z0-9-]{1,6}", fullmatch=True),
    st.dictionaries(
        st.text(_CHARACTERS, min_size=1, max_size=5).filter(lambda text: "." not in text),
        st.one_of(
            st.text(_CHARACTERS, min_size=1, max_size=9).filter(lambda text: text.strip(_SPACE)),
            st.booleans(),
            st.integers(-(2**53), 2**53),
        ),
        min_size=1,
        max_size=3,
    ),
    min_size=1,
    max_size=2,
)


def records(record_type: str) -> st.SearchStrategy[dict]:
    """Return records of one type, without regard for requirements and rules."""
    root = fields_of(record_type)
    fixed = {"recordType": record_type, "standardVersion": "1.0"}
    return _group(root, record_type, ()).map(lambda record: {**record, **fixed})


@st.composite
def _group(draw: st.DrawFn, field: Field, record_type: str, steps: tuple) -> dict:
    optional = [each for each in field.fields if not each.required]
    most = 12 if not steps else 4
    chosen = draw(st.lists(st.sampled_from(optional), unique=True, max_size=most, min_size=1))
    wanted = [each for each in field.fields if each.required] + chosen
    return {
        each.name: draw(_field(each, field, record_type, (*steps, each.name))) for each in wanted
    }


def _field(field: Field, within: Field, record_type: str, steps: tuple) -> st.SearchStrategy:
    if field.kind is Kind.REASONS:
        names = [each.name for each in within.fields if not each.required and each is not field]
        reasons = st.sampled_from(sorted(titles("absence-reason")))
        return st.dictionaries(st.sampled_from(names), reasons, min_size=1, max_size=2)
    if field.kind is Kind.LOCAL:
        return _LOCAL_DATA
    if field.repeats:
        inner = _value(field, record_type, (*steps, "*"))
        return st.lists(inner, min_size=1, max_size=3)
    return _value(field, record_type, steps)


def _value(field: Field, record_type: str, steps: tuple) -> st.SearchStrategy:
    schema = load_standard().definition(record_type, steps)
    low, high = schema.get("minimum", -99), schema.get("maximum", 10**6)
    if field.kind is Kind.GROUP:
        return _group(field, record_type, steps)
    if field.kind is Kind.CODE:
        return st.sampled_from(sorted(titles(field.code_list)))
    if field.kind in {Kind.TEXT, Kind.LINE}:
        return _text(field, schema.get("pattern", ""))
    return {
        Kind.DATE: _DAYS,
        Kind.DATE_TIME: _MOMENTS,
        Kind.BOOLEAN: st.booleans(),
        Kind.INTEGER: st.integers(low, high),
        Kind.DECIMAL: st.one_of(
            st.integers(low, high), st.decimals(low, high, places=2).map(float)
        ),
    }[field.kind]


def _text(field: Field, pattern: str) -> st.SearchStrategy[str]:
    if pattern not in _FREE and "{1,64}" not in pattern and "ZZ99" not in pattern:
        return st.from_regex(pattern, fullmatch=True)
    if field.name == "id" or field.refers_to or "{1,64}" in pattern:
        return st.sampled_from(_IDS)
    if "ZZ99" in pattern:
        return st.sampled_from(["GL1 2AB", "ZZ99 3WZ", "SW1A 1AA"])
    text = st.text(_CHARACTERS, min_size=1, max_size=30).filter(lambda each: each.strip(_SPACE))
    if field.kind is Kind.TEXT:
        return text
    return text.filter(lambda each: "\r" not in each and "\n" not in each)

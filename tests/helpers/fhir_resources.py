"""Invented FHIR resources: valid ones, and a strategy for those of any type by its elements."""

from datetime import date, timedelta
from itertools import groupby

from hypothesis import strategies as st

from eh_interop.formats.fhir.files.r4 import elements, is_resource

DIV = "http://www.w3.org/1999/xhtml"
CHILD = "urn:uuid:0d0e7f70-5c7d-4a8e-9a63-3f1d1c7a1f01"
WORKER = "urn:uuid:0d0e7f70-5c7d-4a8e-9a63-3f1d1c7a1f02"
PAPER = "urn:uuid:0d0e7f70-5c7d-4a8e-9a63-3f1d1c7a1f03"


def bundle():
    """A document Bundle with every kind of thing that XML and JSON write differently."""
    return {
        "resourceType": "Bundle",
        "identifier": {"system": "urn:ietf:rfc:3986", "value": "urn:uuid:1"},
        "type": "document",
        "timestamp": "2026-01-05T09:30:00+00:00",
        "entry": [
            {"fullUrl": PAPER, "resource": composition()},
            {"fullUrl": CHILD, "resource": patient()},
            {"fullUrl": WORKER, "resource": {"resourceType": "Practitioner", "id": "w"}},
        ],
    }


def composition():
    return {
        "resourceType": "Composition",
        "status": "final",
        "type": {"text": "Referral"},
        "date": "2026-01-05",
        "author": [{"reference": WORKER}],
        "title": "Request & <reply>",
        "subject": {"reference": CHILD},
        "section": [{"title": "One", "entry": [{"reference": CHILD}]}],
    }


def patient():
    return {
        "resourceType": "Patient",
        "id": "child-1",
        "meta": {"profile": ["https://fhir.hl7.org.uk/StructureDefinition/UKCore-Patient"]},
        "text": {
            "status": "generated",
            "div": f'<div xmlns="{DIV}"><p class="a">Zoë &amp; co</p><br/>🙂</div>',
        },
        "contained": [{"resourceType": "Organization", "id": "school", "name": "Hill School"}],
        "extension": [
            {"url": "https://example.org/weight", "valueDecimal": 72.5},
            {"url": "https://example.org/two", "extension": [{"url": "a", "valueBoolean": False}]},
        ],
        "active": True,
        "name": [
            {
                "use": "official",
                "family": "Ffôn",
                "given": ["Ann", "Bea"],
                "_given": [None, {"extension": [{"url": "https://example.org/x",
                                                 "valueCode": "n"}]}],
            }
        ],
        "birthDate": "2015-02",
        "_birthDate": {"extension": [{"url": "https://example.org/t",
                                      "valueDateTime": "2015-02-03T04:05:06.500+00:00"}]},
        "multipleBirthInteger": 2,
        "managingOrganization": {"reference": "#school"},
    }  # fmt: skip


def valid():
    """Resources that the models accept and whose XML the models carry without loss.

    They lose ids inside a resource, and spell the characters of a narrative anew.
    """
    answer = {"linkId": "a.b", "answer": [{"valueDate": "2026-01-05"}, {"valueString": "a\n\tb"}]}
    form = {"resourceType": "QuestionnaireResponse", "status": "completed"}
    return [
        {**bundle(), "entry": [{"fullUrl": CHILD, "resource": {**patient(), "text": _TEXT}}]},
        {"resourceType": "Bundle", "type": "document", "entry": [{"resource": composition()}]},
        {**form, "item": [{"linkId": "a", "item": [answer, {**answer, "linkId": "a.c"}]}]},
        {
            "resourceType": "Observation",
            "status": "final",
            "code": {"coding": [{"system": "https://example.org/c", "code": "x y"}]},
            "valueQuantity": {"value": 12.25, "unit": "%"},
        },
        {
            "resourceType": "Parameters",
            "parameter": [
                {"name": "r", "resource": {"resourceType": "Flag", "status": "active",
                                           "code": {"text": "Dog"}, "subject": {"display": "A"}}},
                {"name": "d", "valueBase64Binary": "AAEC"},
            ],
        },
    ]  # fmt: skip


_TEXT = {"status": "generated", "div": f'<div xmlns="{DIV}"><p>a <b>b</b></p></div>'}
_DAYS = st.integers(0, 20_000).map(lambda days: date(1990, 1, 1) + timedelta(days=days))
_TIMES = st.times().map(lambda each: each.replace(microsecond=0).isoformat())
_ZONES = st.sampled_from(["Z", "+00:00", "+01:00", "-03:30"])
_MOMENTS = st.builds("{}T{}{}".format, _DAYS, _TIMES, _ZONES)
_TEXTS = st.text(
    st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"], exclude_characters="\ufffe\uffff")
    | st.sampled_from("\t\n\r<>&\"'")
)
_VALUES = {
    "boolean": st.booleans(),
    "integer": st.integers(-(2**31), 2**31 - 1),
    "unsignedInt": st.integers(0, 2**31 - 1),
    "positiveInt": st.integers(1, 2**31 - 1),
    "decimal": st.floats(allow_nan=False, allow_infinity=False) | st.integers(),
    "date": _DAYS.map(str) | st.just("2015") | st.just("2015-02"),
    "dateTime": _MOMENTS | _DAYS.map(str),
    "instant": _MOMENTS,
    "time": _TIMES,
    "base64Binary": st.binary().map(lambda each: each.hex().upper()),
    "uuid": st.uuids().map(lambda each: f"urn:uuid:{each}"),
    "xhtml": st.sampled_from(
        [
            f'<div xmlns="{DIV}">a</div>',
            f"<div  xmlns='{DIV}' ><p>a &#160; &lt; <![CDATA[<b>]]></p>\r\n<br />\n</div>",
            f'<x:div xmlns:x="{DIV}"><x:div><x:i title="a>b"/></x:div></x:div >',
        ]
    ),
}


@st.composite
def resources(draw, types=("Patient", "Consent", "Questionnaire", "Parameters", "Bundle"), depth=3):
    """Draw a resource of R4 as a dict: right in its elements, not in what they mean."""
    name = draw(st.sampled_from(types))
    return {"resourceType": name, **draw(_objects(name, depth))}


@st.composite
def _objects(draw, type_name, depth):
    known = list(elements(type_name).values())
    if depth == 0:
        known = [each for each in known if each.primitive]
    # Of a value that may be of several types there is one.
    choices = [list(group) for _, group in groupby(known, key=lambda each: each.path)]
    least = 1 if choices else 0
    chosen = draw(st.lists(st.sampled_from(choices), min_size=least, max_size=4, unique_by=id))
    found = {}
    for choice in chosen:
        of = draw(st.sampled_from(choice))
        found |= draw(_elements(of, depth))
    return found


@st.composite
def _elements(draw, of, depth):
    if not of.primitive:
        inner = (
            resources(depth=depth - 1) if of.type == "Resource" else _objects(of.type, depth - 1)
        )
        value = draw(st.lists(inner, min_size=1, max_size=3) if of.many else inner)
        return {of.name: value}
    value = _VALUES.get(of.type, _TEXTS)
    if of.name in {"id", "url", "div"} or depth == 0 or is_resource(of.type):
        return {of.name: [draw(value)] if of.many else draw(value)}
    return draw(_with_extras(of, value, depth))


@st.composite
def _with_extras(draw, of, value, depth):
    """Draw a value, what stands beside it, or both; in a list, in step with nulls."""
    pair = st.tuples(st.none() | value, st.none() | _objects("Element", depth - 1))
    pair = pair.filter(lambda both: both != (None, None))
    pairs = draw(st.lists(pair, min_size=1, max_size=3)) if of.many else [draw(pair)]
    found = {}
    for name, column in zip((of.name, f"_{of.name}"), zip(*pairs, strict=True), strict=True):
        if any(each is not None for each in column):
            found[name] = list(column) if of.many else column[0]
    return found

"""Fragments of the children in need census, held to the structure of its schema."""

import csv
from datetime import date

import pytest
from lxml import etree
from tests.helpers.returns_records import (
    RETURNS,
    codes,
    council_number,
    family,
    minimal,
    reported,
    written,
)

from eh_interop.core.resources import folder
from eh_interop.formats._shared.code_maps import load_code_map
from eh_interop.formats.returns import load_return

XS = "http://www.w3.org/2001/XMLSchema"
LISTS = {
    "sextype": "cin-sex",
    "ethnicitytype": "cin-ethnicity",
    "disabilitytype": "cin-disability",
    "referralsourcetype": "cin-referral-source",
    "primaryneedcodetype": "cin-primary-need",
    "reasonforclosuretype": "cin-closure-reason",
    "unknownupntype": "cin-upn-unknown",
}
INLINE = {"Disabilities": "Disability", "Reviews": "CPPreviewDate"}
INLINE["FactorsIdentifiedAtAssessment"] = "AssessmentFactors"
PATTERNS = {
    "upntype": r"[A-Za-z]\d{11}(\d|[A-Za-z])",
    "yesnotype": "[01]",
    "LEA": r"\d{3}",
    "SerialNo": r"\d{3}\d*",
    "Collection": "CIN",
    "SourceLevel": "L",
}


def restriction(holder, *, pattern=None, values=()):
    simple = etree.SubElement(holder, f"{{{XS}}}restriction", base="xs:string")
    if pattern:
        etree.SubElement(simple, f"{{{XS}}}pattern", value=pattern)
    for value in values:
        etree.SubElement(simple, f"{{{XS}}}enumeration", value=value)


@pytest.fixture(scope="module")
def schema():
    """The census's structure (elements, order, numbers, codes) as an XML Schema for libxml2."""
    path = folder("mappings") / "returns" / "cin-elements.csv"
    with path.open(encoding="utf-8", newline="") as file:
        elements = list(csv.DictReader(file))
    inner = {(element["holder"], element["element"]): element for element in elements}
    root = etree.Element(f"{{{XS}}}schema", nsmap={"xs": XS})
    etree.SubElement(root, f"{{{XS}}}element", name="Message", type="messagetype")
    for holder in dict.fromkeys(element["holder"] for element in elements):
        kind = etree.SubElement(root, f"{{{XS}}}complexType", name=holder)
        sequence = etree.SubElement(kind, f"{{{XS}}}sequence")
        within = {
            INLINE.get(element["element"]) for element in elements if element["holder"] == holder
        }
        for element in elements:
            if element["holder"] == holder and element["element"] not in within:
                put(sequence, element, inner)
    simple = {element["type"] for element in elements} - {element["holder"] for element in elements}
    for name in sorted(simple - {"inline"}):
        if not name.startswith("xs:"):
            kind = etree.SubElement(root, f"{{{XS}}}simpleType", name=name)
            values = (
                [
                    pair.theirs
                    for pair in load_code_map(f"returns/{LISTS[name]}").pairs
                    if pair.theirs and "up to 2023" not in pair.system
                ]
                if name in LISTS
                else ()
            )
            restriction(kind, pattern=PATTERNS.get(name), values=values)
    return etree.XMLSchema(root)


def put(sequence, entry, inner):
    most = {"minOccurs": entry["least"], "maxOccurs": entry["most"]}
    name = entry["element"]
    element = etree.SubElement(sequence, f"{{{XS}}}element", name=name, **most)
    if entry["type"] != "inline":
        element.set("type", entry["type"])
    elif name in INLINE:
        kind = etree.SubElement(element, f"{{{XS}}}complexType")
        below = etree.SubElement(kind, f"{{{XS}}}sequence")
        put(below, inner[entry["holder"], INLINE[name]], inner)
    else:
        restriction(etree.SubElement(element, f"{{{XS}}}simpleType"), pattern=PATTERNS[name])


@pytest.fixture
def census(tmp_path):
    def make(*records, authority="916", **options):
        result = written("cin", records, tmp_path, authority=authority, **options)
        return result, etree.parse(result.files[0]).getroot()

    return make


def referral(**changed):
    record = minimal("marf", **changed)
    named = {"recordId": record["recordId"], "recordType": "marf"}
    return record, minimal("referral-outcome", referral=named, outcome="single-assessment")


def step_down(**changed):
    return minimal(
        "step-down",
        closureReason="RC9",
        relatedRecords=[{"recordId": "m1", "recordType": "marf", "date": "2026-02-03"}],
        **changed,
    )


def test_the_example_records_give_the_expected_fragment(tmp_path, regenerate):
    if regenerate:
        written("cin", family(), RETURNS / "cin", authority="916")
    (path,) = written("cin", family(), tmp_path, authority="916").files
    assert path.read_bytes() == (RETURNS / "cin" / "cin-census.xml").read_bytes()


def test_headings_are_elements_of_the_census_in_its_order():
    path = folder("mappings") / "returns" / "cin-elements.csv"
    with path.open(encoding="utf-8", newline="") as file:
        known = [(row["holder"], row["element"]) for row in csv.DictReader(file)]
    children, details = load_return("cin").tables
    for table, above in ((children, None), (details, "cindetailstype")):
        places = []
        for column in table.columns:
            *holders, name = column.heading.split("/")
            holder = f"{holders[0].lower()}type" if holders else above
            places.append(known.index((holder, name)))
        assert places == sorted(places)


def test_a_whole_referral_is_valid(census, schema):
    result, root = census(*referral())
    schema.assertValid(root)
    assert codes(result.findings) <= {"RET-004", "RET-006", "RET-002"}
    details = root.find("Children/Child/CINdetails")
    assert [detail.tag for detail in details] == [
        "CINreferralDate",
        "ReferralSource",
        "ReferralNFA",
    ]
    assert details.findtext("ReferralNFA") == "0"


def test_the_schema_of_the_test_sees_faults(census, schema):
    for spoil in (
        lambda child: child.remove(child.find("ChildIdentifiers")),
        lambda child: child.insert(0, child.find("CINdetails")),
        lambda child: setattr(child.find("ChildIdentifiers/Sex"), "text", "X"),
        lambda child: setattr(child.find("CINdetails/CINreferralDate"), "text", "20/10/2026"),
    ):
        _, root = census(*referral())
        spoil(root.find("Children/Child"))
        assert not schema.validate(root)


def test_a_referral_without_outcome_says_what_the_census_will_miss(census, schema):
    result, root = census(referral()[0])
    assert ("ReferralNFA", "") in reported(result.findings, "RET-002")
    assert not schema.validate(root)


def test_the_header_names_the_census_year_of_the_given_day(census):
    for day, year in ((date(2026, 3, 31), "2026"), (date(2026, 4, 1), "2027")):
        _, root = census(*referral(), as_of=day)
        assert root.findtext("Header/CollectionDetails/Collection") == "CIN"
        assert root.findtext("Header/CollectionDetails/Year") == year
        assert root.findtext("Header/CollectionDetails/ReferenceDate") == f"{year}-03-31"
        assert root.findtext("Header/Source/LEA") == "916"
        assert root.findtext("Header/Source/DateTime") == f"{day}T00:00:00"


def test_a_missing_council_is_said(census):
    result, root = census(*referral(), authority="")
    assert root.find("Header/Source/LEA") is None
    assert ("Source/LEA", "") in reported(result.findings, "RET-002")


def test_a_step_down_closes_a_case(census, schema):
    plans = [
        {"id": "sp1", "type": "child-in-need-plan", "from": "2026-03-01", "to": "2026-09-28"},
        {"id": "sp2", "type": "child-in-need-plan", "from": "2025-01-01", "children": ["other"]},
    ]
    result, root = census(step_down(statutoryPlans=plans, transferOn="2026-09-28"))
    details = root.find("Children/Child/CINdetails")
    assert {detail.tag: detail.text for detail in details if not len(detail)} == {
        "CINreferralDate": "2026-02-03",
        "CINclosureDate": "2026-09-28",
        "ReasonForClosure": "RC9",
        "ReferralNFA": "0",
    }
    (plan,) = details.findall("CINPlanDates")
    assert [day.text for day in plan] == ["2026-03-01", "2026-09-28"]
    assert reported(result.findings, "RET-014")
    assert not schema.validate(root)  # the records do not say who referred the child
    assert ("ReferralSource", "/referrer/source") in reported(result.findings, "RET-002")


def test_closure_date_and_reason_go_together(census):
    result, root = census(step_down(transferOn="2026-09-28") | {"closureReason": "x"})
    details = root.find("Children/Child/CINdetails")
    assert details.find("CINclosureDate") is None
    assert ("CINclosureDate", "/children/0") in reported(result.findings, "RET-009")


def test_records_of_one_child_are_one_child_with_two_details(census):
    ada = {"identifiers": council_number("A1")}
    marf, outcome = referral(child=ada)
    _, root = census(marf, outcome, step_down(child=ada))
    (child,) = root.findall("Children/Child")
    assert child.findtext("ChildIdentifiers/LAchildID") == "A1"
    assert len(child.findall("CINdetails")) == 2


@pytest.mark.parametrize(
    ("child", "expected"),
    [
        ({"disability": "no", "disabilities": None}, ["NONE"]),
        ({"disability": "yes", "disabilities": ["AUT", "LD"]}, ["AUT", "LD"]),
        ({"disability": "unknown", "disabilities": None}, []),
        ({"disability": "yes", "disabilities": ["NONE", "AUT"]}, []),
    ],
)
def test_none_stands_alone_among_disabilities(census, child, expected):
    result, root = census(*referral(child=child))
    assert [element.text for element in root.iter("Disability")] == expected
    refused = "RET-009" in codes(result.findings)
    assert refused == (child["disabilities"] == ["NONE", "AUT"])


@pytest.mark.parametrize(
    ("identifiers", "upn", "reason"),
    [
        ([{"type": "upn", "value": "Y830299923011"}], "Y830299923011", None),
        ([{"type": "upn", "missingReason": "UN1"}], None, "UN1"),
        ([{"type": "nhs-number", "missingReason": "overseas-patient"}], None, None),
    ],
)
def test_the_pupil_number_or_why_there_is_none(census, identifiers, upn, reason):
    result, root = census(*referral(child={"identifiers": identifiers}))
    (child,) = root.iter("ChildIdentifiers")
    assert (child.findtext("UPN"), child.findtext("UPNunknown")) == (upn, reason)
    asked = ("ChildIdentifiers/UPNunknown", "/children/0") in reported(result.findings, "RET-002")
    assert asked == (not upn and not reason)


def test_a_child_not_born_yet_has_an_expected_date_and_sex_u(census):
    child = {
        "unborn": True,
        "dateOfBirth": None,
        "expectedDateOfBirth": "2027-01-09",
        "sex": "U",
        "absent": {"ethnicity": "not-obtained"},
        "ethnicity": None,
    }
    _, root = census(*referral(child=child))
    (found,) = root.iter("ChildIdentifiers")
    assert found.findtext("ExpectedPersonBirthDate") == "2027-01-09"
    assert found.find("PersonBirthDate") is None
    assert found.findtext("Sex") == "U"
    assert root.findtext("Children/Child/ChildCharacteristics/Ethnicity") == "NOBT"
    result, root = census(*referral(child={**child, "sex": "F"}))
    assert ("ChildIdentifiers/Sex", "/children/0") in reported(result.findings, "RET-009")

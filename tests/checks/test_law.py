"""The law by date: on what sharing rests, and what local practice asks beside it."""

from __future__ import annotations

from datetime import date

import pytest
from tests.helpers.support import AS_OF, example

from eh_interop import check, load_area
from eh_interop.checks.law import day_of_sharing
from eh_interop.core.findings import Severity
from eh_interop.standard.areas import area_names
from eh_interop.standard.finding_codes import finding_codes
from eh_interop.standard.guidance import clauses, documents, in_force_from, precedences
from eh_interop.standard.requirements import load_requirements
from eh_interop.standard.schemas import load_standard

DUTY = {
    "id": "cs1",
    "purposes": ["referral-to-social-care"],
    "status": "not-sought",
    "children": ["c1"],
    "lawfulBasis": "legal-obligation",
    "legalGateway": ["children-act-2004-section-16la"],
    "decidedBy": "w1",
    "parentInformed": {"informed": "yes", "person": "p1", "on": "2026-10-20", "by": "w1"},
}
WORDS = {"rationale": "Shared under the duty to share."}


def referral(consent, *, on="2026-10-20"):
    record = example("minimal/marf") | {"referredOn": on, "consents": [DUTY | consent]}
    del record["sharingLog"]
    return record


def checked(record, area):
    return check(record, area=area, as_of=date(2026, 11, 10)).findings


def severities(record, area):
    return {finding.code: finding.severity.value for finding in checked(record, area)}


@pytest.mark.parametrize("area", ["england", "staffordshire", "gloucestershire"])
@pytest.mark.parametrize("words", [{}, WORDS])
def test_a_referral_that_rests_on_the_duty_to_share_has_no_error(area, words):
    about = [each for each in checked(referral(words), area) if each.place.startswith("/consents")]
    assert [each.code for each in about if each.severity is Severity.ERROR] == []


def test_the_reason_is_asked_for_where_only_the_basis_is_given():
    assert severities(referral({}), "england").get("MRF-212") == "warning"
    assert "MRF-212" not in severities(referral(WORDS), "england")


@pytest.mark.parametrize(
    ("on", "severity", "dated"),
    [("2026-09-29", "error", False), ("2026-09-30", "warning", True)],
)
def test_local_practice_is_a_dated_warning_since_the_duty_to_share(on, severity, dated):
    codes = {"MRF-551", "MRF-246", "RFL-102"}
    local = [
        each for each in checked(referral(WORDS, on=on), "staffordshire") if each.code in codes
    ]
    assert {each.code for each in local} == codes
    for finding in local:
        assert finding.severity.value == severity
        assert ("Threshold Framework" in finding.message) is dated
        assert ("since 30 September 2026" in finding.message) is dated
        assert ("N-012" in finding.cites) is dated


@pytest.mark.parametrize("status", ["not-sought", "refused", "withdrawn", "not-obtained"])
@pytest.mark.parametrize(
    "stated",
    [
        {"lawfulBasis": "public-task"},
        {"legalGateway": ["children-act-1989-section-17"]},
        WORDS,
        {"goAheadReason": "The child's health is at risk."},
        {"exemption": "cannot-give"},
    ],
)
def test_any_basis_power_or_reason_is_enough(status, stated):
    nothing = {"lawfulBasis": None, "legalGateway": None, "status": status}
    bare = {key: value for key, value in (DUTY | nothing).items() if value is not None}
    record = referral({})
    record["consents"] = [bare]
    code = "CON-146" if status == "not-sought" else "MRF-112"
    assert severities(record, "england").get(code) == "error"
    record["consents"] = [bare | stated]
    assert code not in severities(record, "england")


def test_a_referral_without_consents_rests_on_its_sharing_log_or_on_nothing():
    record = example("minimal/marf")
    del record["consents"]
    assert "MRF-918" not in severities(record, "england")
    assert severities(record, "england")["MRF-818"] == "warning"
    del record["sharingLog"]
    assert severities(record, "england")["MRF-918"] == "error"


@pytest.mark.parametrize(
    ("sector", "expected"),
    [
        ("local-authority-early-help", "warning"),
        ("police", "warning"),
        ("early-years", None),
        ("voluntary-sector", None),
    ],
)
@pytest.mark.parametrize("basis", ["recognised-legitimate-interest", "legitimate-interests"])
def test_a_recognised_legitimate_interest_is_known_and_not_for_public_bodies(
    sector, expected, basis
):
    record = referral(WORDS | {"lawfulBasis": basis, "legalGateway": ["other"]})
    for organisation in record["organisations"]:
        organisation["sector"] = sector
    found = severities(record, "england")
    assert found.get("LAW-003") == expected
    assert not any(code.startswith("SHP") for code in found)


@pytest.mark.parametrize("area", ["england", "gloucestershire"])
@pytest.mark.parametrize(("on", "found"), [("2026-09-29", True), ("2026-09-30", False)])
def test_that_consent_is_not_the_basis_is_a_reason_since_the_duty_to_share(area, on, found):
    record = referral(WORDS | {"exemption": "consent-not-the-basis"}, on=on)
    is_local = area == "gloucestershire"
    assert ("CNS-218" in severities(record, area)) is (found and is_local)


@pytest.mark.parametrize(
    ("kind", "basis", "asked"),
    [
        ("consent-to-share", None, True),
        (None, None, True),
        (None, "consent", True),
        (None, "public-task", False),
        ("agreement-to-service", None, False),
        ("confidentiality", None, False),
    ],
)
def test_a_clear_and_free_yes_is_asked_for_where_consent_is_the_basis(kind, basis, asked):
    record = example("minimal/marf")
    (consent,) = record["consents"]
    for name in ("explicit", "freelyGiven", "kind"):
        consent.pop(name, None)
    consent.update({"kind": kind} if kind else {}, **({"lawfulBasis": basis} if basis else {}))
    found = severities(record, "england").keys() & {"CON-145", "CON-245"}
    assert found == ({"CON-145", "CON-245"} if asked else set())


@pytest.mark.parametrize("referred_at", ["2026-09-29T23:30:00+01:00", None])
def test_the_day_is_that_of_the_sharing_and_else_of_the_check(referred_at):
    document = {"sharingLog": [{"on": "2026-01-01"}, {"on": "no day"}, "no entry"]}
    if referred_at:
        document["referredAt"] = referred_at
    other = date(2026, 9, 29) if referred_at else AS_OF
    assert day_of_sharing(document, "/sharingLog/0/items", AS_OF) == date(2026, 1, 1)
    for place in ("/sharingLog/1", "/sharingLog/2", "/sharingLog/7", "/sharingLog", "/consents/0"):
        assert day_of_sharing(document, place, AS_OF) == other
    assert day_of_sharing(None, "/consents/0", AS_OF) == AS_OF


def test_what_stands_above_local_practice_exists_and_has_a_day():
    standard = load_standard()
    codes = {*finding_codes(), *(each.code for each in load_requirements(standard, "marf"))}
    for check_code, above in precedences().items():
        assert check_code in codes
        assert above.clause in clauses()
        assert in_force_from(above.clause) == date(2026, 9, 30)


def test_documents_say_whether_they_were_read_and_what_took_their_place():
    for document in documents().values():
        assert document.text_read in {"yes", "in part", "second-hand", "no"}
        for day in filter(None, (document.effective_from, document.effective_to)):
            date.fromisoformat(day)
        if document.superseded_by:
            assert document.superseded_by in documents()
    assert documents()["working-together-2023"].superseded_by == "working-together-2026"


def test_nothing_that_was_not_read_is_more_than_a_note():
    """A check that rests only on documents that nobody read is no error and no warning."""
    unread = {key for key, document in documents().items() if document.text_read == "no"}
    standard = load_standard()
    requirements = [
        each for kind in standard.record_types for each in load_requirements(standard, kind)
    ]
    for stated in (*requirements, *finding_codes().values()):
        resting = {clauses()[cite].document for cite in stated.cites}
        if resting and resting <= unread:
            assert stated.severity is Severity.INFO, stated.code


def test_every_area_says_since_when_the_duty_stands_above_its_practice():
    for name in area_names():
        if name != "england":
            assert "childrens-wellbeing-and-schools-act-2026" in load_area(name).follows

"""Outcomes of a referral: valid, linked, and nothing made up."""

import copy
import json
from datetime import date, datetime

import pytest
from click.testing import CliRunner
from tests.helpers.support import AS_OF, EXAMPLES, example

from eh_interop import check
from eh_interop.cli import main
from eh_interop.core.errors import EhInteropError
from eh_interop.core.findings import Layer, Severity
from eh_interop.letters.outcome import Answer, outcome_record
from eh_interop.standard.schemas import load_standard

CODES = [row.code for row in load_standard().codes("mash-outcome")]
AT = datetime.fromisoformat("2026-10-13T12:20:00+01:00")
DAY = date(2026, 10, 13)
COMMON = {
    "decided_at": AT,
    "decided_by": "Sam Invented",
    "organisation": "o8",
    "decided_by_role": "safeguarding-team-manager",
    "referrer_told_on": DAY,
    "family_told_on": DAY,
    "note": "Made up for this test.",
}
COMPLETE = {
    "advice-no-referral": {"advice": "Made up.", "advice_to": "w2"},
    "consent-to-be-obtained": {"consent_from": "w2", "consent_by": date(2026, 11, 20)},
    "early-help-plan-needed": {
        "strengthen": "Made up.",
        "informed_role": "early-help-coordinator",
        "told_on": DAY,
    },
    "single-assessment": {"assessment_started": DAY, "social_worker": "Kim Invented"},
    "emergency-response": {"emergency": "Made up.", "immediate_risk": True},
    "family-help": {},
    "passed-to-allocated-worker": {},
    "returned-for-more-information": {},
    "no-further-action": {},
}
"""What each outcome needs (G-113 to G-118); of the last four no guidance asks for more."""

NEEDED = {
    "advice-no-referral": {"RFO-113"},
    "consent-to-be-obtained": {"RFO-114"},
    "early-help-plan-needed": {"RFO-116", "RFO-215"},
    "single-assessment": {"RFO-117"},
    "emergency-response": {"RFO-118"},
    "family-help": set(),
    "passed-to-allocated-worker": set(),
    "returned-for-more-information": set(),
    "no-further-action": set(),
}
"""What is asked for if nothing is given beside the code."""


def marf():
    return example("gloucestershire/marf")


def without_consent():
    """Take the consent out: an outcome that asks for consent would else be odd (G-114)."""
    record = marf()
    del record["consents"]
    for entry in record["sharingLog"]:
        entry.pop("consent", None)
    return record


def source(code):
    return without_consent() if code == "consent-to-be-obtained" else marf()


def codes(record):
    return {finding.code for finding in check(record, as_of=AS_OF).findings}


def test_all_outcomes_are_covered():
    assert set(CODES) == set(COMPLETE) == set(NEEDED)


@pytest.mark.parametrize("code", CODES)
def test_a_complete_outcome_has_nothing_left_to_ask(code):
    record = outcome_record(source(code), Answer(code=code, **COMMON, **COMPLETE[code]))
    report = check(record, as_of=AS_OF)
    assert [
        finding.code for finding in report.findings if finding.severity is not Severity.INFO
    ] == []


@pytest.mark.parametrize("code", CODES)
def test_a_bare_outcome_has_a_sound_shape_and_asks_for_what_it_needs(code):
    record = outcome_record(source(code), Answer(code=code, decided_at=AT))
    report = check(record, as_of=AS_OF)
    assert not [finding for finding in report.findings if finding.layer is Layer.SHAPE]
    codes = {finding.code for finding in report.findings}
    assert NEEDED[code] <= codes
    others = set().union(*(NEEDED[other] for other in CODES if other != code))
    assert not (others - NEEDED[code]) & codes


def test_the_outcome_is_linked_to_its_referral():
    record = outcome_record(marf(), Answer(code="single-assessment", decided_at=AT))
    assert record["referral"] == {
        "recordId": "marf-2026-00655",
        "recordType": "marf",
        "date": "2026-10-12",
        "children": ["c1", "c2", "c3", "c4"],
        "relation": "predecessor",
    }
    assert record["recordId"] == "outcome-marf-2026-00655"


def test_warnings_and_what_is_withheld_go_along():
    record = outcome_record(marf(), Answer(code="single-assessment", decided_at=AT))
    assert record["safetyWarnings"] == marf()["safetyWarnings"]
    assert record["withheldInformation"] == marf()["withheldInformation"]


def test_the_story_of_the_family_stays_in_the_referral():
    text = json.dumps(outcome_record(marf(), Answer(code="single-assessment", decided_at=AT)))
    for child in marf()["children"]:
        for view in child.get("views", ()):
            assert "text" not in view or json.dumps(view["text"])[1:-1] not in text
    assert marf()["riskStatement"] not in text


@pytest.mark.parametrize("code", ["early-help-plan-needed", "single-assessment"])
def test_the_one_open_plan_of_the_referral_is_named(code):
    record = outcome_record(marf(), Answer(code=code, decided_at=AT))
    assert record["existingPlan"]["recordId"] == "plan-2026-00102"


def test_of_two_open_plans_none_is_chosen():
    referral = marf()
    referral["earlyHelpPlans"] += [
        {"recordId": "other", "recordType": "plan", "status": "open"},
    ]
    record = outcome_record(referral, Answer(code="single-assessment", decided_at=AT))
    assert "existingPlan" not in record


def test_people_of_the_referral_are_pointed_to_by_id_or_name():
    for who in ("w9", "Sunniva Hallett"):
        record = outcome_record(
            marf(), Answer(code="single-assessment", decided_at=AT, decided_by=who)
        )
        assert record["decidedBy"] == "w9"
        assert len(record["practitioners"]) == len(marf()["practitioners"])


def test_other_people_are_added_once():
    answer = Answer(
        code="single-assessment", decided_at=AT, decided_by="Kim Fay", social_worker="Kim Fay"
    )
    record = outcome_record(marf(), answer)
    (added,) = (
        practitioner
        for practitioner in record["practitioners"]
        if practitioner["id"] == record["decidedBy"]
    )
    assert added == {"id": "mash-1", "name": {"full": "Kim Fay"}}
    assert record["singleAssessment"] == {"socialWorker": "mash-1"}


def test_a_new_agency_is_added_once():
    answer = Answer(
        code="single-assessment",
        decided_at=AT,
        decided_by="Kim Fay",
        social_worker="Lou Ray",
        organisation="The hub",
    )
    record = outcome_record(marf(), answer)
    (hub,) = (
        organisation
        for organisation in record["organisations"]
        if organisation.get("name") == "The hub"
    )
    added = [
        practitioner
        for practitioner in record["practitioners"]
        if practitioner["id"].startswith("mash-")
    ]
    assert [person["organisation"] for person in added] == [hub["id"]] * 2
    assert "PRA-910" not in codes(record)


@pytest.mark.parametrize("more", [{"assessment_started": DAY}, {"social_worker": "Kim"}])
def test_no_single_assessment_where_no_referral_was_accepted(more):
    with pytest.raises(EhInteropError, match="G-113") as caught:
        outcome_record(marf(), Answer(code="advice-no-referral", decided_at=AT, **more))
    assert caught.value.exit_code == 2


def test_the_referral_is_not_changed():
    referral = marf()
    before = copy.deepcopy(referral)
    outcome_record(referral, Answer(code="single-assessment", **COMMON))
    assert referral == before


@pytest.mark.parametrize("record", [{"recordType": "plan", "recordId": "x"}, {}])
def test_only_a_referral_is_answered(record):
    with pytest.raises(EhInteropError, match="not a referral"):
        outcome_record(record, Answer(code="single-assessment", decided_at=AT))


def test_a_referral_without_an_id_cannot_be_linked():
    with pytest.raises(EhInteropError, match="no record id"):
        outcome_record({"recordType": "marf"}, Answer(code="single-assessment", decided_at=AT))


@pytest.mark.parametrize("code", CODES)
def test_immediate_risk_is_answered_whatever_is_missing(code):
    record = outcome_record(
        example("gloucestershire/marf-immediate-risk"), Answer(code=code, decided_at=AT)
    )
    report = check(record, as_of=AS_OF)
    assert report.disposition == "act-now"
    assert not [finding for finding in report.findings if finding.severity is Severity.ERROR]


def test_consent_that_was_given_is_not_asked_for_unnoticed():
    record = outcome_record(marf(), Answer(code="consent-to-be-obtained", decided_at=AT))
    assert "OUT-004" in codes(record)


def test_half_filled_referrals_are_answered():
    referral = {"recordType": "marf", "recordId": "x", "children": 3, "people": [4], "consents": {}}
    record = outcome_record(referral, Answer(code="single-assessment", decided_at=AT))
    assert record["referral"]["recordId"] == "x"


# ---------------------------------------------------------------- the command

MARF = str(EXAMPLES / "gloucestershire" / "marf.json")
FIXED = ("--decided-at", "2026-10-13T12:20+01:00", "--as-of", "2026-11-01")


def run(*arguments, **more):
    return CliRunner().invoke(main, ["outcome", *arguments, *FIXED], standalone_mode=False, **more)


def test_the_command_writes_a_record_that_the_check_passes(tmp_path):
    out = tmp_path / "outcome.json"
    result = run(
        *(MARF, "--code", "early-help-plan-needed", "--decided-by", "w9", "--advice", "Made up."),
        *("--strengthen", "Made up.", "--told", "early-help-coordinator"),
        *("--told-on", "2026-10-13", "--referrer-told-on", "2026-10-13", "--out", str(out)),
    )
    assert (result.exception, result.return_value, result.stderr) == (None, 0, "")
    record = json.loads(out.read_text("utf-8"))
    assert record["informedOn"] == "2026-10-13"
    assert codes(record) & {"RFO-115", "RFO-116", "RFO-215", "RFO-216"} == set()


def test_the_command_asks_for_what_is_missing_and_writes_all_the_same():
    result = run(MARF, "--code", "early-help-plan-needed")
    assert result.return_value == 1
    assert json.loads(result.stdout)["outcome"] == "early-help-plan-needed"
    assert "RFO-116" in result.stderr
    assert "Please say who was told" in result.stderr
    assert "Or say why it is missing: not-applicable, not-known." in result.stderr


def test_the_same_options_give_the_same_bytes():
    assert run(MARF, "--code", "single-assessment").stdout == (
        run(MARF, "--code", "single-assessment").stdout
    )


def test_accepted_reasons_answer_a_question():
    result = run(MARF, "--code", "single-assessment", "--absent", "referrerToldOn=not-known")
    assert json.loads(result.stdout)["absent"] == {"referrerToldOn": "not-known"}
    assert "RFO-962" not in result.stderr


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ("referrerToldOn=refused", "It takes: not-applicable, not-known."),
        ("outcome=not-known", "It takes no reason."),
        ("referrerToldOn", "write it like"),
    ],
)
def test_other_reasons_are_refused(given, told):
    result = run(MARF, "--code", "single-assessment", "--absent", given)
    assert result.exception.exit_code == 2
    assert told in result.exception.format_message()
    assert result.stdout == ""


@pytest.mark.parametrize(
    "arguments",
    [
        ("--code", "rejected"),
        ("--code", "single-assessment", "--told", "somebody"),
        ("--code", "single-assessment", "--received-at", "2026-10-12"),
        ("--code", "single-assessment", "--received-at", "yesterday"),
        (),
    ],
)
def test_options_that_are_not_right_give_2(arguments):
    assert run(MARF, *arguments).exception.exit_code == 2


def test_a_file_that_is_no_referral_gives_3():
    path = str(EXAMPLES / "minimal" / "plan.json")
    assert run(path, "--code", "single-assessment").exception.exit_code == 3


def test_no_value_of_the_referral_is_printed_beside_the_record():
    record = marf()
    record["children"][0]["dateOfBirth"] = "Zq7Marker"
    result = run("-", "--code", "single-assessment", input=json.dumps(record))
    assert "Zq7Marker" not in result.stderr
    assert result.stderr

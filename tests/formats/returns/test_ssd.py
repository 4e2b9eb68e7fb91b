"""Tables of the Standard Safeguarding Dataset."""

import json

import pytest
from tests.helpers.returns_records import (
    RETURNS,
    codes,
    council_number,
    family,
    minimal,
    reported,
    rows,
    written,
)

FIELDS = {
    "ssd_person": (
        "pers_person_id pers_forename pers_surname pers_sex pers_gender pers_ethnicity pers_dob "
        "pers_common_child_id pers_legacy_id pers_upn_unknown pers_send_flag pers_expected_dob "
        "pers_death_date pers_is_mother pers_nationality"
    ),
    "ssd_early_help_episodes": (
        "earl_episode_id earl_person_id earl_episode_start_date earl_episode_end_date "
        "earl_episode_reason earl_episode_end_reason earl_episode_organisation "
        "earl_episode_worker_id"
    ),
    "ssd_contacts": (
        "cont_contact_id cont_person_id cont_contact_date cont_contact_source_code "
        "cont_contact_source_desc cont_contact_outcome_json"
    ),
}


@pytest.fixture
def ssd(tmp_path):
    def make(*records):
        result = written("ssd", records, tmp_path)
        return result, {name: rows(tmp_path / f"{name}.csv") for name in FIELDS}

    return make


def test_the_example_records_give_the_expected_tables(tmp_path, regenerate):
    if regenerate:
        written("ssd", family(), RETURNS / "ssd")
    for path in written("ssd", family(), tmp_path).files:
        assert path.read_bytes() == (RETURNS / "ssd" / path.name).read_bytes()


def test_fields_have_the_names_and_order_of_the_dataset(tmp_path):
    written("ssd", [], tmp_path)
    for name, fields in FIELDS.items():
        head = (tmp_path / f"{name}.csv").read_text("utf-8").strip()
        assert head == fields.replace(" ", ",")


def test_a_child_of_several_records_is_one_person(ssd):
    ada = council_number("A1")
    first = minimal("plan", child={"identifiers": ada, "ethnicity": None, "nationality": None})
    second = minimal(
        "early-help-request",
        child={"identifiers": ada, "ethnicity": "WIRI", "dateOfBirth": "2011-02-03"},
    )
    second["children"][0]["name"] = first["children"][0]["name"]
    result, tables = ssd(first, second)
    (person,) = tables["ssd_person"]
    assert person["pers_ethnicity"] == "WIRI"
    assert person["pers_dob"] == f"{first['children'][0]['dateOfBirth']}T00:00:00"
    assert ("pers_dob", "/children/0") in reported(result.findings, "RET-008")
    assert tables["ssd_early_help_episodes"][0]["earl_person_id"] == "A1"
    assert tables["ssd_contacts"][0]["cont_person_id"] == "A1"


def test_keys_of_rows_are_unique_and_persons_are_known(tmp_path):
    written("ssd", family(), tmp_path)
    tables = {name: rows(tmp_path / f"{name}.csv") for name in FIELDS}
    for name, fields in FIELDS.items():
        ids = [row[fields.split()[0]] for row in tables[name]]
        assert len(ids) == len(set(ids))
    people = {row["pers_person_id"] for row in tables["ssd_person"]}
    assert {row["earl_person_id"] for row in tables["ssd_early_help_episodes"]} <= people
    assert {row["cont_person_id"] for row in tables["ssd_contacts"]} <= people


def test_records_of_two_types_may_have_one_id(ssd):
    records = [minimal(kind, recordId="r1") for kind in ("plan", "early-help-assessment")]
    result, tables = ssd(*records)
    assert len(tables["ssd_early_help_episodes"]) == 2
    assert "RET-007" not in codes(result.findings)


@pytest.mark.parametrize(
    ("outcome", "flag"),
    [
        ("no-further-action", "NFA_FLAG"),
        ("signposted", "ADVICE_FLAG"),
        ("passed-to-social-care", "NEW_REFERRAL_FLAG"),
        ("family-declined", "OTHER_OUTCOMES_EXIST_FLAG"),
    ],
)
def test_an_outcome_raises_one_of_ten_flags(ssd, outcome, flag):
    _, tables = ssd(minimal("early-help-request", outcome=outcome))
    flags = json.loads(tables["ssd_contacts"][0]["cont_contact_outcome_json"])
    assert len(flags) == 10
    assert {name for name, value in flags.items() if value} == {flag}
    assert flags[flag] == "Y"


def test_an_outcome_that_is_still_open_raises_none(ssd):
    result, tables = ssd(minimal("early-help-request", outcome="consent-needed"))
    assert tables["ssd_contacts"][0]["cont_contact_outcome_json"] == ""
    assert reported(result.findings, "RET-001") == [("cont_contact_outcome_json", "/outcome")]


def test_the_first_of_several_reasons_is_written_and_the_others_are_said(ssd):
    result, tables = ssd(minimal("plan", reasons=["domestic-abuse", "money"]))
    (row,) = tables["ssd_early_help_episodes"]
    assert row["earl_episode_reason"] == "Domestic Violence/ Abuse"
    assert ("earl_episode_reason", "/reasons") in reported(result.findings, "RET-012")


@pytest.mark.parametrize(
    ("reason", "expected"), [("needs-met", "Outcomes met"), ("moved-to-statutory", "Step-up")]
)
def test_an_episode_ends_for_a_reason_of_the_dataset(ssd, reason, expected):
    record = minimal("plan", closure={"on": "2026-09-01", "reason": reason})
    _, tables = ssd(record)
    (row,) = tables["ssd_early_help_episodes"]
    assert row["earl_episode_end_reason"] == expected
    assert row["earl_episode_end_date"] == "2026-09-01T00:00:00"


def test_a_reason_without_counterpart_is_left_blank_and_said(ssd):
    result, tables = ssd(minimal("plan", closure={"on": "2026-09-01", "reason": "disengaged"}))
    assert tables["ssd_early_help_episodes"][0]["earl_episode_end_reason"] == ""
    assert ("earl_episode_end_reason", "/closure/reason") in reported(result.findings, "RET-001")


@pytest.mark.parametrize(
    ("leads", "expected"),
    [
        ([{"practitioner": "w1", "to": "2026-06-30"}, {"practitioner": "w9"}], "Ours"),
        ([{"practitioner": "w9", "to": "2026-06-30"}, {"practitioner": "w1"}], "Theirs"),
        ([{"practitioner": "w1"}, {"practitioner": "w9", "to": "2026-06-30"}], "Theirs"),
    ],
)
def test_the_organisation_is_that_of_the_lead_now(ssd, leads, expected):
    record = minimal(
        "plan",
        leads=leads,
        organisations=[{"id": "o1", "name": "Theirs"}, {"id": "o9", "name": "Ours"}],
        practitioners=[
            {"id": "w1", "organisation": "o1"},
            {
                "id": "w9",
                "organisation": "o9",
                "identifiers": [{"type": "own-agency-reference", "value": "STAFF-7"}],
            },
        ],
    )
    _, tables = ssd(record)
    (row,) = tables["ssd_early_help_episodes"]
    assert row["earl_episode_organisation"] == expected
    assert row["earl_episode_worker_id"] == ("STAFF-7" if expected == "Ours" else "")


def test_birth_and_expected_birth_are_not_written_together(ssd):
    child = {"dateOfBirth": "2026-08-01", "expectedDateOfBirth": "2026-08-14"}
    result, tables = ssd(minimal("plan", child=child))
    (person,) = tables["ssd_person"]
    assert (person["pers_dob"], person["pers_expected_dob"]) == ("", "")
    assert "RET-009" in codes(result.findings)

"""Reading returns back, leniently: what councils' files really look like."""

import csv
import json
from datetime import date, datetime

import pytest
from tests.helpers.returns_records import AS_OF, RETURNS, codes, family, minimal, written

from eh_interop import check
from eh_interop.core.errors import UnreadableInputError
from eh_interop.formats.returns import read_return
from eh_interop.formats.returns.codes import codes as code_map
from eh_interop.formats.returns.days import day_in

LIST_3 = ["Child ID", "Sex", "Ethnicity", "DOB", "Age", "Date of Referral", "Referral Source"]


def read(name, path):
    remarks = []
    return list(read_return(name, path, remarks.append)), remarks


def file(path, *lines, encoding="utf-8"):
    path.write_bytes("\r\n".join(lines).encode(encoding))
    return path


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("p1) 5D: LA services", "5D"),
        ("p) 5D: LA services", "5D"),
        ("5D", "5D"),
        ("5d", "5D"),
        ("5D: Early help", "5D"),
        (" n)  5A:  LA  services ", "5A"),
        ("\u2018SCHOOLS\u2019.", "2A"),
        ("Schools", "2A"),
        ("g) 3A: Health services", "3A"),
        ("GP", "3A"),
        ("10", "10"),
        ("1", None),
        ("LA services", None),
        ("Health services", None),
        ("", None),
    ],
)
def test_sources_are_read_as_codes_labels_and_spellings(text, code):
    assert code_map("annex-a-referral-source", "referral-source").back(text) == code


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("a) WBRI", "WBRI"),
        ("WBRI", "WBRI"),
        ("White British", "WBRI"),
        ("s) REFU", "REFU"),
        ("s) NOBT", "NOBT"),
        ("t) NOBT", "NOBT"),
        ("u) UNKNOWN", "NOBT"),
        ("s)", None),
        ("Martian", None),
    ],
)
def test_ethnicities_are_read_with_either_prefix(text, code):
    assert code_map("annex-a-ethnicity", "ethnicity").back(text) == code


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("a) Male", "M"),
        ("male", "M"),
        ("M", "M"),
        ("b) Female", "F"),
        ("2", "F"),
        ("d) Neither", "U"),
    ],
)
def test_gender_and_sex_are_the_same_column(text, code):
    assert code_map("annex-a-gender", "sex").back(text) == code


@pytest.mark.parametrize(
    "value",
    [
        "03/04/2015",
        "3/4/2015",
        "2015-04-03",
        "2015-04-03T00:00:00",
        "03/04/2015 00:00",
        "03-Apr-2015",
        "3 April 2015",
        "42097",
        42097,
        42097.5,
        date(2015, 4, 3),
        datetime(2015, 4, 3, 10, 0),  # noqa: DTZ001 (as spreadsheets give them)
    ],
)
def test_days_are_read_with_the_day_first(value):
    assert day_in(value) == date(2015, 4, 3)


@pytest.mark.parametrize("value", ["13/13/2015", "03/04/15", "soon", "", "99", "31/02/2015"])
def test_other_texts_are_no_days(value):
    assert day_in(value) is None


def test_a_list_in_the_wild_is_read(tmp_path):
    path = file(
        tmp_path / "list3.csv",
        "Referrals,,,,,,,",
        ",,,,,,,",
        "Child ID;Sex;Ethnicity;DOB;Age;Date of Referral;Referral Source".replace(";", ",")
        + ",Ward",
        "A1,F,White British,03/04/2015,11,20/10/2026,5D,North",
        ",,,,,,,",
        "A2,b) Female,e) WROM,,-1,46315,p) 5D: LA services,",
    )
    (one, two), remarks = read("annex-a", path)
    child = one.record["children"][0]
    assert one.record["recordType"] == "marf"
    assert one.record["receivedOn"] == "2026-10-20"
    assert one.record["referrer"] == {"source": "5D"}
    assert (child["sex"], child["ethnicity"], child["dateOfBirth"]) == ("F", "WBRI", "2015-04-03")
    assert child["identifiers"] == [{"type": "la-child-id", "value": "A1"}]
    assert one.record["localData"] == {"annex-a": {"Ward": "North"}}
    assert (one.row, two.row) == (4, 6)
    assert two.record["children"][0]["unborn"] is True
    assert two.record["receivedOn"] == "2026-10-20"
    assert one.origins["/children/0/dateOfBirth"] == "Date of Birth"
    assert [remark.column for remark in remarks if remark.code == "RET-020"] == ["Ward"]
    missing = [remark.column for remark in remarks if remark.code == "RET-021"]
    assert "Referral NFA?" in missing


def test_what_could_not_be_read_is_kept_and_said_with_its_place(tmp_path):
    path = file(
        tmp_path / "x.csv",
        ",".join(LIST_3),
        "A1,Z,White British,13/13/2015,ten,20/10/2026,LA services",
    )
    ((found,), remarks) = read("annex-a", path)
    places = {
        (remark.code, remark.file, remark.row, remark.column) for remark in remarks if remark.row
    }
    assert places == {
        ("RET-022", "x.csv", 2, "Gender"),
        ("RET-023", "x.csv", 2, "Date of Birth"),
        ("RET-025", "x.csv", 2, "Age of Child (Years)"),
        ("RET-022", "x.csv", 2, "Referral Source"),
    }
    assert found.record["localData"]["annex-a"] == {
        "Gender": "Z",
        "Date of Birth": "13/13/2015",
        "Age of Child (Years)": "ten",
        "Referral Source": "LA services",
    }
    assert not any(
        value in remark.message for remark in remarks for value in ("Z,", "13/13", "ten,")
    )


@pytest.mark.parametrize(
    ("text", "kept"), [("Yes", "a) Yes"), ("b) No", "b) No"), ("NO", "b) No"), ("Maybe", "Maybe")]
)
def test_a_decision_is_kept_as_the_code_of_the_list(tmp_path, text, kept):
    head = [*LIST_3, "Referral NFA"]
    path = file(tmp_path / "x.csv", ",".join(head), f"A1,F,WBRI,,9,20/10/2026,5D,{text}")
    ((found,), remarks) = read("annex-a", path)
    assert found.record["localData"]["annex-a"] == {"Referral NFA?": kept}
    assert "RET-028" in codes(remarks)


def test_a_row_without_a_child_is_said(tmp_path):
    path = file(tmp_path / "x.csv", ",".join(LIST_3), ",F,White British,,,20/10/2026,5D")
    found, remarks = read("annex-a", path)
    assert found == []
    assert [(remark.code, remark.row) for remark in remarks if remark.code == "RET-024"] == [
        ("RET-024", 2)
    ]


def test_windows_text_and_semicolons_are_read(tmp_path):
    head = "Child Unique ID;Gender;Ethnicity;Assessment start date;Organisation"
    line = "A1;F;WBRI;01/09/2026;Zoë\u2019s Nursery"
    path = file(tmp_path / "x.csv", head, line, encoding="cp1252")
    ((found,), _) = read("annex-a", path)
    assert found.record["recordType"] == "plan"
    assert found.record["organisations"] == [{"id": "o1", "name": "Zoë\u2019s Nursery"}]


@pytest.mark.parametrize("name", ["annex-a", "ssd"])
@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_what_was_written_and_read_is_written_again_the_same(tmp_path, name, form):
    if form == "xlsx":
        pytest.importorskip("openpyxl")
    written(name, family(), tmp_path / "one", formats=(form,))
    found, remarks = read(name, tmp_path / "one")
    assert found
    assert codes(remarks) <= {"RET-028"}
    written(name, [each.record for each in found], tmp_path / "two")
    for path in sorted((RETURNS / name).glob("*.csv")):
        assert comparable(tmp_path / "two" / path.name) == comparable(path), path.name


LESS = {"earl_episode_id", "cont_contact_id"}
"""A row becomes a record of its own, so its id is followed by the child's once more."""
LESS |= {"cont_contact_outcome_json", "earl_episode_reason", "pers_send_flag"}
"""The return says less than the record did, and a wider code has no way back."""


def comparable(path):
    with path.open(encoding="utf-8", newline="") as opened:
        found = csv.DictReader(opened)
        return sorted([(key, row[key]) for key in row if key not in LESS] for row in found)


@pytest.mark.parametrize("name", ["annex-a", "ssd", "cin"])
def test_records_that_were_read_have_the_shape_of_the_standard(name):
    found, _ = read(name, RETURNS / name)
    assert found
    for each in found:
        report = check(dict(each.record), as_of=AS_OF)
        assert not [one for one in report.findings if one.layer == "shape"]


def test_the_census_is_read_back(tmp_path):
    plans = [{"id": "sp1", "type": "child-in-need-plan", "from": "2026-03-01", "to": "2026-09-28"}]
    record = minimal(
        "step-down", closureReason="RC9", statutoryPlans=plans, transferOn="2026-09-28"
    )
    marf = minimal("marf", primaryNeed="N3", referredOn="2026-02-03")
    written("cin", [marf, record], tmp_path, authority="916")
    found, remarks = read("cin", tmp_path)
    kinds = [each.record["recordType"] for each in found]
    assert kinds == ["marf", "marf", "step-down"]
    first, _, last = (each.record for each in found)
    assert (first["receivedOn"], first["primaryNeed"]) == ("2026-02-03", "N3")
    assert first["referrer"]["source"] == marf["referrer"]["source"]
    assert (last["transferOn"], last["closureReason"]) == ("2026-09-28", "RC9")
    assert last["statutoryPlans"][0]["to"] == "2026-09-28"
    numbers = {
        identifier["type"]: identifier.get("value")
        for identifier in first["children"][0]["identifiers"]
    }
    assert numbers["upn"] == marf["children"][0]["identifiers"][1]["value"]
    assert all(remark.row > 0 and remark.column for remark in remarks)


def test_an_older_census_with_namespace_and_more_elements_is_read(tmp_path):
    path = file(
        tmp_path / "cin.xml",
        '<Message xmlns="urn:x"><Children><Child><ChildIdentifiers><LAchildID>A1</LAchildID>',
        "<PersonBirthDate>2015-04-03</PersonBirthDate><GenderCurrent>2</GenderCurrent>",
        "</ChildIdentifiers><ChildCharacteristics><Ethnicity>WBRI</Ethnicity><Disabilities>",
        "<Disability>AUT</Disability><Disability>??</Disability></Disabilities>",
        "</ChildCharacteristics><CINdetails><CINreferralDate>2022-05-06</CINreferralDate>",
        "<ReferralSource>1A</ReferralSource><Section47/><ReferralNFA>true</ReferralNFA></CINdetails>",
        "</Child></Children></Message>",
    )
    ((found,), remarks) = read("cin", path)
    child = found.record["children"][0]
    assert child["sex"] == "F"
    assert child["disabilities"] == ["AUT"]
    assert found.record["localData"]["cin"] == {
        "ChildCharacteristics/Disabilities/Disability": "??",
        "ReferralNFA": "1",
    }
    assert ("RET-027", "Section47") in {(remark.code, remark.column) for remark in remarks}
    result = written("cin", [found.record], tmp_path / "again", authority="916")
    assert b"<ReferralNFA>1</ReferralNFA>" in result.files[0].read_bytes()


@pytest.mark.parametrize(
    "text",
    [
        "<Message><Children>",
        '<!DOCTYPE m [<!ENTITY a "x">]><Message><Children><Child>&a;</Child></Children></Message>',
        "<Message><Children/></Message>",
        "not xml",
    ],
)
def test_broken_or_hostile_xml_is_one_error(tmp_path, text):
    with pytest.raises(UnreadableInputError):
        read("cin", file(tmp_path / "x.xml", text))


@pytest.mark.parametrize("name", ["annex-a", "ssd"])
def test_files_without_the_columns_of_a_return_are_refused(tmp_path, name):
    file(tmp_path / "x.csv", "a,b", "1,2")
    with pytest.raises(UnreadableInputError, match="columns"):
        read(name, tmp_path)
    with pytest.raises(UnreadableInputError):
        read(name, tmp_path / "nothing")


def test_a_workbook_that_is_none_is_one_error(tmp_path):
    pytest.importorskip("openpyxl")
    with pytest.raises(UnreadableInputError):
        read("annex-a", file(tmp_path / "x.xlsx", "no zip"))


def test_loose_flags_of_a_contact_are_read(tmp_path):
    fields = ("id", "person_id", "date", "source_code", "outcome_json")
    head = ",".join(
        f"cont_{field}" if field == "person_id" else f"cont_contact_{field}" for field in fields
    )
    loose = '"{ NEW_REFERRAL_FLAG: ""Y"", NFA_FLAG: """" }"'
    exact = '"' + json.dumps({"NFA_FLAG": "Y"}).replace('"', '""') + '"'
    path = file(
        tmp_path / "ssd_contacts.csv",
        head,
        f"k1,A1,2026-05-01 00:00:00,2A,{loose}",
        f"k2,A1,2026-05-02,2A,{exact}",
    )
    (one, two), remarks = read("ssd", path)
    assert one.record["outcome"] == "passed-to-social-care"
    assert two.record["outcome"] == "no-further-action"
    assert one.record["recordId"] == "k1"
    assert codes(remarks) == {"RET-026"}

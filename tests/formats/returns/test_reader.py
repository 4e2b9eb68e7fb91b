"""Reading returns back, leniently: what councils' files really look like."""

import csv
import json
import re

import pytest
from openpyxl import load_workbook
from tests.helpers.returns_records import AS_OF, RETURNS, family, minimal, written
from tests.helpers.support import example

from eh_interop import check
from eh_interop.core.errors import UnreadableInputError
from eh_interop.core.findings import Origin
from eh_interop.core.pointer import steps_of
from eh_interop.formats import returns
from eh_interop.formats.returns.code_map import return_code_map
from eh_interop.standard.finding_codes import finding_code

LIST_3 = ["Child ID", "Sex", "Ethnicity", "DOB", "Age", "Date of Referral", "Referral Source"]

CONTACT = ["cont_contact_id,cont_person_id,cont_contact_date,cont_contact_source_code"]
CONTACT += ["k1,A1,2026-05-01,2A"]
PEOPLE = [
    "pers_person_id,pers_forename,pers_surname,pers_sex,pers_ethnicity,pers_dob,pers_upn_unknown"
]
PEOPLE[0] += ",pers_nationality"
PEOPLE += ["A0,Ben,Fell,M,WBRI,2014-01-01,,", "A1,Ada,Fell,??,WBRI,2015-04-03,,"]


def read(name, path):
    """The records of a return, and all findings: of the records, and of what is not one."""
    sources = list(returns.read(path, name))
    findings = [finding for source in sources for finding in source.findings]
    return [source for source in sources if source.is_record], findings


def codes(findings):
    return {finding.code for finding in findings}


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
    assert return_code_map("annex-a-referral-source", "referral-source").to_ours(text) == code


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
    assert return_code_map("annex-a-ethnicity", "ethnicity").to_ours(text) == code


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
    assert return_code_map("annex-a-gender", "sex").to_ours(text) == code


def test_a_list_in_the_wild_is_read(tmp_path):
    path = file(
        tmp_path / "list3.csv",
        "Referrals,,,,,,,",
        ",,,,,,,",
        "Child ID;Sex;Ethnicity;DOB;Age;Date of Referral;Referral Source".replace(";", ",")
        + ",Ward",
        "A1,F,White British,03/04/2015,11,20/10/2026,5D,North",
        ",,,,,,,",
        "A2,b) Female,e) WROM,,-1,20 Oct 2026,p) 5D: LA services,",
    )
    (one, two), findings = read("annex-a", path)
    child = one.document["children"][0]
    assert one.document["recordType"] == "marf"
    assert one.document["receivedOn"] == "2026-10-20"
    assert one.document["referrer"] == {"source": "5D"}
    assert (child["sex"], child["ethnicity"], child["dateOfBirth"]) == ("F", "WBRI", "2015-04-03")
    assert child["identifiers"] == [{"type": "la-child-id", "value": "A1"}]
    assert one.document["localData"] == {"annex-a": {"Ward": "North"}}
    assert (one.position.row, two.position.row) == (4, 6)
    assert two.document["children"][0]["unborn"] is True
    assert two.document["receivedOn"] == "2026-10-20"
    born = ("children", 0, "dateOfBirth")
    assert one.locate([born])[born] == Origin(file="list3.csv", row=4, heading="Date of Birth")
    headings = {
        code: [finding.origin.heading for finding in findings if finding.code == code]
        for code in ("RET-020", "RET-021")
    }
    assert headings["RET-020"] == ["Ward"]
    assert "Referral NFA?" in headings["RET-021"]


def test_what_could_not_be_read_is_kept_and_said_with_its_place(tmp_path):
    path = file(
        tmp_path / "x.csv",
        ",".join(LIST_3),
        "A1,Z,White British,13/13/2015,ten,20/10/2026,LA services",
    )
    ((found,), findings) = read("annex-a", path)
    places = {(finding.code, finding.origin) for finding in found.findings}
    assert places == {
        (code, Origin(file="x.csv", row=2, heading=heading))
        for code, heading in [
            ("RET-022", "Gender"),
            ("RET-023", "Date of Birth"),
            ("RET-025", "Age of Child (Years)"),
            ("RET-022", "Referral Source"),
        ]
    }
    assert found.document["localData"]["annex-a"] == {
        "Gender": "Z",
        "Date of Birth": "13/13/2015",
        "Age of Child (Years)": "ten",
        "Referral Source": "LA services",
    }
    assert all(finding.message == f"{finding_code(finding.code).title}." for finding in findings)
    assert all(
        found.locate([steps_of(finding.place)])[steps_of(finding.place)] == finding.origin
        for finding in found.findings
    )


@pytest.mark.parametrize(
    ("text", "kept"), [("Yes", "a) Yes"), ("b) No", "b) No"), ("NO", "b) No"), ("Maybe", "Maybe")]
)
def test_a_decision_is_kept_as_the_code_of_the_list(tmp_path, text, kept):
    head = [*LIST_3, "Referral NFA"]
    path = file(tmp_path / "x.csv", ",".join(head), f"A1,F,WBRI,,9,20/10/2026,5D,{text}")
    ((found,), findings) = read("annex-a", path)
    assert found.document["localData"]["annex-a"] == {"Referral NFA?": kept}
    assert "RET-028" in codes(findings)


def test_a_row_without_a_child_is_said(tmp_path):
    path = file(tmp_path / "x.csv", ",".join(LIST_3), ",F,White British,,,20/10/2026,5D")
    found, findings = read("annex-a", path)
    assert found == []
    assert [finding.origin.row for finding in findings if finding.code == "RET-024"] == [2]


def test_windows_text_and_semicolons_are_read(tmp_path):
    head = "Child Unique ID;Gender;Ethnicity;Assessment start date;Organisation"
    line = "A1;F;WBRI;01/09/2026;Zoë\u2019s Nursery"
    path = file(tmp_path / "x.csv", head, line, encoding="cp1252")
    ((found,), _) = read("annex-a", path)
    assert found.document["recordType"] == "plan"
    assert found.document["organisations"] == [{"id": "o1", "name": "Zoë\u2019s Nursery"}]


@pytest.mark.parametrize("name", ["annex-a", "ssd"])
@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_what_was_written_and_read_is_written_again_the_same(tmp_path, name, form):
    if form == "xlsx":
        pytest.importorskip("openpyxl")
    written(name, family(), tmp_path / "one", formats=(form,))
    found, findings = read(name, tmp_path / "one")
    assert found
    assert codes(findings) <= {"RET-028"}
    written(name, [record.document for record in found], tmp_path / "two")
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
    for record in found:
        report = check(dict(record.document), as_of=AS_OF)
        assert not [finding for finding in report.findings if finding.layer == "shape"]


def test_the_census_is_read_back(tmp_path):
    plans = [{"id": "sp1", "type": "child-in-need-plan", "from": "2026-03-01", "to": "2026-09-28"}]
    record = minimal(
        "step-down", closureReason="RC9", statutoryPlans=plans, transferOn="2026-09-28"
    )
    marf = minimal("marf", primaryNeed="N3", referredOn="2026-02-03")
    written("cin", [marf, record], tmp_path, authority="916")
    found, findings = read("cin", tmp_path)
    types = [record.document["recordType"] for record in found]
    assert types == ["marf", "marf", "step-down"]
    first, _, last = (record.document for record in found)
    assert (first["receivedOn"], first["primaryNeed"]) == ("2026-02-03", "N3")
    assert first["referrer"]["source"] == marf["referrer"]["source"]
    assert (last["transferOn"], last["closureReason"]) == ("2026-09-28", "RC9")
    assert last["statutoryPlans"][0]["to"] == "2026-09-28"
    numbers = {
        identifier["type"]: identifier.get("value")
        for identifier in first["children"][0]["identifiers"]
    }
    assert numbers["upn"] == marf["children"][0]["identifiers"][1]["value"]
    assert all(finding.origin.line and finding.origin.path for finding in findings)


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
    ((found,), findings) = read("cin", path)
    child = found.document["children"][0]
    assert child["sex"] == "F"
    assert child["disabilities"] == ["AUT"]
    assert found.document["localData"]["cin"] == {
        "ChildCharacteristics/Disabilities/Disability": "??",
        "ReferralNFA": "1",
    }
    assert ("RET-027", "Section47") in {(finding.code, finding.origin.path) for finding in findings}
    result = written("cin", [found.document], tmp_path / "again", authority="916")
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
    (one, two), findings = read("ssd", path)
    assert one.document["outcome"] == "passed-to-social-care"
    assert two.document["outcome"] == "no-further-action"
    assert one.document["recordId"] == "k1"
    assert codes(findings) == {"RET-026"}


def test_what_the_table_of_children_says_stands_in_its_own_file_and_row(tmp_path):
    file(tmp_path / "ssd_contacts.csv", *CONTACT)
    file(tmp_path / "ssd_person.csv", *PEOPLE)
    ((found,), findings) = read("ssd", tmp_path)
    born = ("children", 0, "dateOfBirth")
    contacted = ("receivedOn",)
    origins = found.locate([born, contacted])
    assert origins[born] == Origin(file="ssd_person.csv", row=3, heading="pers_dob")
    assert origins[contacted].file == "ssd_contacts.csv"
    (sex,) = (finding for finding in findings if finding.code == "RET-022")
    assert sex.origin == Origin(file="ssd_person.csv", row=3, heading="pers_sex")
    assert found.position == Origin(file="ssd_contacts.csv", row=2)


def test_a_value_that_no_cell_gave_stands_in_its_row(tmp_path):
    path = file(tmp_path / "x.csv", ",".join(LIST_3), "A1,F,WBRI,,9,20/10/2026,5D")
    ((found,), _) = read("annex-a", path)
    number = ("children", 0, "identifiers", 0, "value")
    origins = found.locate([("recordType",), number])
    assert origins["recordType",] == Origin(file="x.csv", row=2)
    assert origins[number].heading == "Child Unique ID"


def test_what_is_found_of_files_comes_last_and_is_not_a_record(tmp_path):
    file(tmp_path / "a.csv", "a,b", "1,2")
    file(tmp_path / "b.csv", ",".join(LIST_3), "A1,F,WBRI,,9,20/10/2026,5D")
    *_, last = returns.read(tmp_path, "annex-a")
    assert (last.is_record, last.document, last.source) == (False, None, tmp_path.name)
    assert last.findings[0] == finding_code("RET-027").at(origin=Origin(file="a.csv"))


def test_a_sheet_of_a_workbook_is_named(tmp_path):
    pytest.importorskip("python_calamine")
    written("annex-a", [minimal("marf")], tmp_path, formats=("xlsx",))
    ((found,), _) = read("annex-a", tmp_path)
    assert found.position == Origin(file="annex-a.xlsx", sheet="List 3", row=2)


def census_of(records, folder):
    (path,) = returns.write_return("cin", records, folder, AS_OF).files
    return path


def two_referrals():
    record = example("gloucestershire/marf")
    child = {**record["children"][0], "deceasedOn": "2026-10-30"}
    first = {**record, "children": [child]}
    return [{**first, "recordId": "m1"}, {**first, "recordId": "m2"}]


@pytest.mark.parametrize("day", ["2026-10-02", None])
def test_two_referrals_of_one_child_survive_both_ways_in_one_line(tmp_path, day):
    """Also two that say the same: only their ids tell them apart."""
    first, second = two_referrals()
    if day:
        second["referredAt"] = f"{day}T09:00:00+01:00"
    path = census_of([first, second], tmp_path / "1")
    line = re.sub(r"\n\s*", "", path.read_text("utf-8"))
    path.write_text(line, "utf-8")
    records = [record.document for record in read("cin", path)[0]]
    assert len({record["recordId"] for record in records}) == 2
    assert {record["children"][0]["deceasedOn"] for record in records} == {"2026-10-30"}
    again = census_of(records, tmp_path / "2").read_text("utf-8")
    assert again.count("<CINdetails>") == 2
    assert again.count("<PersonDeathDate>2026-10-30</PersonDeathDate>") == 1
    moved = tmp_path / "moved.xml"
    moved.write_text(line.replace("<Children>", "<Children>\n\n"), "utf-8")
    ids = [record.document["recordId"] for record in read("cin", moved)[0]]
    assert ids == [record["recordId"] for record in records]


def test_an_explanation_and_a_total_are_passed_over(tmp_path):
    listed = tmp_path / "1"
    workbook = returns.ReturnOptions(formats=("xlsx",))
    returns.write_return("annex-a", [example("gloucestershire/marf")], listed, AS_OF, workbook)
    (path,) = listed.glob("*.xlsx")
    book = load_workbook(path)
    sheet = next(sheet for sheet in book if sheet.max_row > 1)
    sheet.append(["Total", 1])
    explanation = book.create_sheet("Read me", 0)
    explanation.append(["What the lists are"])
    book.save(path)
    records, about = read("annex-a", path)
    assert {("RET-029", "Read me"), ("RET-030", sheet.title)} <= {
        (finding.code, finding.origin.sheet) for finding in about
    }
    assert len(records) == sheet.max_row - 2

import csv
import json
from datetime import date

import pytest
from openpyxl import Workbook
from tests.helpers.partner_files import read_all
from tests.helpers.support import EXAMPLES, ROOT

from eh_interop.checks.record import check_record
from eh_interop.core.errors import UnreadableInputError
from eh_interop.core.findings import Disposition, Severity
from eh_interop.formats.partners import check_table, headings_of, load_table, parse_table, read
from eh_interop.formats.partners.draft import draft_mapping
from eh_interop.reading.source_record import SourceRecord

SAMPLES = [path for path in sorted((EXAMPLES / "partners").iterdir()) if path.suffix != ".xml"]


def errors(table, headings):
    return [each for each in check_table(table, headings) if each.severity is Severity.ERROR]


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.stem)
def test_a_draft_passes_the_check_and_converts_its_file(path):
    record = load_table(path.stem).record
    draft = draft_mapping(path, record)
    table = parse_table(draft.text, "draft.toml")
    assert errors(table, headings_of(path, table)) == []
    assert draft.matched >= 12
    file = read(path, table)
    records, _ = read_all(file)
    assert file.summary.complete
    assert all(record.document and record.document["children"] for record in records)


ROWS = [
    ["Our export", "", "", "", "", "", ""],
    [
        "Pupil ref no",
        "Childs Surname",
        "Birth dt",
        "The number",
        "Gendr",
        "Remarks",
        "Sister 1 DOB",
    ],
    ["P-1", "Secretname", "25/12/2015", "999 000 0018", "Girl", "x", "01/02/2015"],
    ["P-2", "Hiddenname", "03/04/2014", "9990000026", "Wizard", "y", "01/03/2015"],
]


@pytest.fixture
def unknown(tmp_path):
    path = tmp_path / "2025 export.csv"
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file, delimiter=";").writerows(ROWS)
    return path


def test_headings_are_matched_by_likeness_and_values(unknown):
    draft = draft_mapping(unknown, "marf")
    assert "header-row = 2" in draft.text
    assert 'delimiter = ";"' in draft.text
    assert 'id = ["Pupil ref no"]' in draft.text
    table = parse_table(draft.text, "draft")
    rows = {row.theirs: row for part in table.parts for row in part.fields}
    assert rows["Childs Surname"].ours == "/name/family"
    assert rows["The number"].ours == "/identifiers[nhs-number]/value"
    assert "Remarks" in draft.unmatched
    assert "1 of 2 different words are not known for the list sex" in draft.text
    assert not any("Sister" in heading for heading in rows)


def test_no_value_stands_in_a_draft(unknown):
    text = draft_mapping(unknown, "marf").text
    for row in ROWS[2:]:
        for value in row:
            assert len(value) == 1 or value not in text


def test_the_order_of_dates_is_declared_only_if_the_values_prove_it(tmp_path):
    for name, second, expected in (("a", "25/12/2015", True), ("b", "05/12/2015", False)):
        path = tmp_path / f"{name}.csv"
        path.write_text(f"Surname,DOB\nA,03/04/2015\nB,{second}\n", encoding="utf-8")
        text = draft_mapping(path, "marf").text
        assert ('\ndates = "day-first"' in text) is expected
        assert ("SAY HOW DATES ARE WRITTEN" in text) is not expected


@pytest.mark.parametrize(
    ("note", "order"),
    [
        ("Dates are month/day/year", "month-first"),
        ("All dates in US format", "month-first"),
        ("Dates: DD/MM/YYYY", "day-first"),
        ("Printed at midnight", ""),
        ("dd/mm/yyyy, not mm/dd/yyyy", ""),
    ],
)
@pytest.mark.parametrize("where", ["above", "below", "heading"])
def test_a_note_in_the_sheet_says_how_dates_are_written(tmp_path, note, order, where):
    heading = f"DOB ({note})" if where == "heading" else "DOB"
    rows = [["Surname", heading], ["A", "03/04/2015"], ["B", "05/12/2015"]]
    rows = {"above": [[note], *rows], "below": [*rows, [], [note]], "heading": rows}[where]
    path = tmp_path / "notes.csv"
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows(rows)
    text = draft_mapping(path, "marf").text
    assert (f'dates = "{order}"' in text) is bool(order)
    assert ("A note or heading in the file says so" in text) is bool(order)


def test_what_values_prove_counts_more_than_a_note(tmp_path):
    text = drafted(tmp_path, ["Surname", "DOB (mm/dd/yyyy)"], ["A", "25/12/2015"])
    assert '\ndates = "day-first"' in text
    assert "A NOTE SAYS OTHERWISE" in text


def test_one_slip_does_not_hide_how_a_column_is_written(tmp_path):
    rows = [["A", f"{day}/12/2015"] for day in range(13, 32)] * 2
    text = drafted(tmp_path, ["Surname", "DOB"], *rows, ["B", "12/25/2015"])
    assert '\ndates = "day-first"' in text


def test_without_the_library_for_likeness_it_is_said(unknown, monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "rapidfuzz", None)
    draft = draft_mapping(unknown, "marf")
    assert not draft.by_likeness
    assert "eh-interop[draft]" in draft.text


@pytest.mark.parametrize("name", ["x.xml", "x.pdf", "x.json", "nowhere.csv"])
def test_what_is_no_table_is_refused(tmp_path, name):
    if name != "nowhere.csv":
        (tmp_path / name).write_text("<a/>")
    with pytest.raises(UnreadableInputError):
        draft_mapping(tmp_path / name, "marf")


def disposition(document):
    record = SourceRecord(source="", document=document)
    return check_record(record, area=None, as_of=date(2026, 11, 1)).disposition


def places(text):
    """Return the place of each heading of a draft."""
    table = parse_table(text, "draft")
    rows = {row.theirs: row.ours for row in table.fields}
    for part in table.parts:
        rows |= {row.theirs: f"{part.items}/*{row.ours}" for row in part.fields}
    return rows


def drafted(tmp_path, headings, *rows, record="marf"):
    path = tmp_path / "export.csv"
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([headings, *rows])
    return draft_mapping(path, record).text


@pytest.mark.parametrize(
    ("heading", "place"),
    [
        ("Mother's NHS no.", "/people[mother]/identifiers[nhs-number]/value"),
        ("Next of Kin Telephone", "/people/*/contacts[phone]/value"),
        ("Reporting Officer", "/practitioners[referrer]/name/full"),
        ("Your job title", "/practitioners[referrer]/jobTitle"),
        ("Which organisation are you from?", "/organisations[agency]/name"),
        ("Is the child in immediate danger?", "/immediateRisk"),
        ("Do not disclose", "/children/*/addresses[home]/confidential"),
        ("Who must NOT collect?", "/safetyWarnings[court-order]/description"),
        ("If there is no consent, please say why", "/consents[referral]/rationale"),
        ("How is this affecting the child?", "/concerns[main]/impact"),
        ("What is going well?", "/strengths[main]/statement"),
        ("Usual GP", "/practitioners[gp-doctor]/name/full"),
        ("Estimated delivery date", "/children/*/expectedDateOfBirth"),
        ("Suspect Name", "/people[suspect]/name/full"),
        ("HomePostCode", "/children/*/addresses[home]/postcode"),
    ],
)
def test_a_heading_is_read_as_people_read_it(tmp_path, heading, place):
    assert places(drafted(tmp_path, ["Surname", "Consent", heading]))[heading] == place


@pytest.mark.parametrize(
    "heading",
    ["Number of children", "Child protection plan", "Linked Student(s)", "Incident Ref", "Room"],
)
def test_what_a_heading_does_not_say_is_not_guessed(tmp_path, heading):
    assert heading not in places(drafted(tmp_path, ["Surname", heading]))


def test_a_column_belongs_to_the_person_of_the_columns_before_it(tmp_path):
    rows = places(drafted(tmp_path, ["Student", "Parent/Carer", "Tel", "Tenant name", "Mobile"]))
    assert rows["Tel"] == "/people/*/contacts[phone]/value"
    assert rows["Mobile"] == "/people[tenant]/contacts[mobile]/value"


def test_a_name_in_a_form_is_that_of_who_filled_it_in(tmp_path):
    rows = places(drafted(tmp_path, ["Email", "Name", "Your role", "Child 1: full name"]))
    assert rows["Name"] == "/practitioners[referrer]/name/full"
    assert rows["Email"] == "/practitioners[referrer]/contacts[email]/value"


def test_a_relationship_of_nobody_takes_no_other_column_away(tmp_path):
    rows = places(drafted(tmp_path, ["Child 1 Relationship", "Parent name", "Child 1 name", "DOB"]))
    assert rows["Child {n} name"] == "/children/*/name/full"
    assert rows["Parent name"] == "/people/*/name/full"
    rows = places(drafted(tmp_path, ["Relationship", "Child name"]))
    assert rows == {"Child name": "/children/*/name/full"}


def test_the_first_child_may_have_no_number(tmp_path):
    headings, row = ["Child name", "Child 2 name", "Child 3 name"], ["Mia V", "Leo V", "Ola V"]
    table = parse_table(drafted(tmp_path, headings, row), "draft")
    records, _ = read_all(read(tmp_path / "export.csv", table))
    names = [child["name"]["full"] for child in records[0].document["children"]]
    assert names == ["Mia V", "Leo V", "Ola V"]


def test_a_client_is_the_child_only_if_no_child_has_columns_of_its_own(tmp_path):
    rows = places(drafted(tmp_path, ["Client surname", "Client DOB"]))
    assert rows["Client surname"] == "/children/*/name/family"
    rows = places(drafted(tmp_path, ["Client surname", "Child's name"]))
    assert rows["Client surname"] == "/people[client]/name/family"


def test_values_speak_against_a_heading(tmp_path):
    text = drafted(tmp_path, ["Surname", "Date referred"], ["A", "Jo Bloggs"], ["B", "Ann Other"])
    assert "Date referred" not in places(text)


def test_a_row_of_groups_and_ticks_are_found(tmp_path):
    text = drafted(
        tmp_path,
        ["Register", "", "", "", "", "", ""],
        ["Child", "", "Parent 1", "", "Parent 2", "", "Worries"],
        ["Name", "DOB", "Name", "Mobile", "Name", "Mobile", "Housing"],
        ["Leo V", "25/12/2020", "Ann V", "7700900801", "Bo V", "07700900802", "\u2713"],
        ["Mia V", "24/12/2019", "Ann V", "7700900801", "", "", ""],
        record="early-help-request",
    )
    table = parse_table(text, "draft")
    assert (table.header_row, table.group_row) == (3, 2)
    assert places(text)["Parent {n}: Mobile"] == "/people/*/contacts[mobile]/value"
    records, _ = read_all(read(tmp_path / "export.csv", table))
    first, second = (record.document for record in records)
    assert first["reasons"] == ["housing"]
    assert "reasons" not in second
    assert [person["id"] for person in first["people"]] == ["person-1", "person-2"]
    assert first["people"][0]["contacts"][0]["value"] == "07700900801"


def test_the_sheet_with_the_table_is_chosen(tmp_path):
    path = tmp_path / "book.xlsx"
    sheets = {
        "Read me": [["What this is"], ["Version", 3]],
        "Data": [["Surname", "Forename", "DOB"], ["A", "B", "n/k"]],
        "Old": [["Surname"], ["Z"]],
    }
    book = Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        for row in rows:
            (book[name] if name in book.sheetnames else book.create_sheet(name)).append(row)
    book.save(path)
    assert 'sheet = "Data"' in draft_mapping(path, "marf").text


def test_sheets_with_the_same_headings_are_read_together(tmp_path):
    path = tmp_path / "book.xlsx"
    book = Workbook()
    book.remove(book.active)
    heads = ["Surname", "Forename", "DOB"]
    for name, rows in {
        "September": [heads, ["Vale", "Mia", "25/12/2015"]],
        "October": [heads, ["Quill", "Leo", "26/12/2014"], ["Vale", "Mia", "25/12/2015"]],
        "Key": [["Code", "Means"], ["A", "B"]],
        "Archive": [heads, ["Old", "Ola", "27/12/2013"]],
    }.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    book["Archive"].sheet_state = "hidden"
    book.save(path)
    text = draft_mapping(path, "marf").text
    assert 'sheet = "September"' in text
    assert 'sheets = ["October"]' in text
    file = read(path, parse_table(text, "draft"))
    records, findings = read_all(file)
    names = [one.document["children"][0]["name"]["given"] for one in records if one.document]
    assert names == ["Mia", "Leo"]
    assert "PTR-034" in [finding.code for one in records for finding in one.findings]
    said = [(finding.message, finding.origin.sheet) for finding in findings]
    assert len([one for one in said if "sheet was not read" in one[0]]) == 2
    assert file.summary.rows == 3


NOTICES = """<?xml version="1.0"?>
<Export xmlns="urn:example:notices"><Notice ref="N1"><Officer><Name>PC One</Name></Officer>
<ImmediateRisk>Yes - at hospital</ImmediateRisk><Subjects>
<Subject role="CHILD"><Surname>WEBB</Surname><DOB>25/01/2020</DOB>
<Warning>Address sensitive</Warning></Subject>
<Subject role="MOTHER"><Surname>WEBB</Surname><DOB>19/02/1998</DOB></Subject>
</Subjects></Notice><Notice ref="N2"><Officer><Name>PC Two</Name></Officer><Subjects>
<Subject role="CHILD"><Surname>DESAI</Surname><DOB>12/11/2010</DOB></Subject></Subjects></Notice>
</Export>
"""


def test_xml_with_persons_and_roles_is_drafted(tmp_path):
    path = tmp_path / "notices.xml"
    path.write_text(NOTICES, "utf-8")
    text = draft_mapping(path, "marf").text
    assert 'id = ["@ref"]' in text
    assert "WEBB" not in text
    records, _ = read_all(read(path, parse_table(text, "draft")))
    first, second = (record.document for record in records)
    assert [child["name"]["family"] for child in first["children"]] == ["WEBB"]
    assert first["people"][0]["dateOfBirth"] == "1998-02-19"
    assert first["immediateRisk"] is True
    assert first["children"][0]["addresses"] == [{"kind": "home", "confidential": True}]
    assert second["children"][0]["dateOfBirth"] == "2010-11-12"
    assert first["practitioners"][0]["name"]["full"] == "PC One"


PORTAL = {
    "exportedBy": "Portal",
    "data": {
        "items": [
            {
                "caseRef": "C-1",
                "referrer": {"fullName": "Pat Lowe", "jobTitle": "Nurse"},
                "subjects": [
                    {
                        "role": "Subject child",
                        "name": {"first": "Mia", "last": "Vale"},
                        "dateOfBirth": "2017-03-02",
                        "address": {"line1": "Flat 1", "postcode": "BR1 9ZZ"},
                        "addressConfidential": True,
                    },
                    {"role": "Mother", "name": {"first": "Ann", "last": "Vale"}},
                ],
                "concerns": [
                    {"category": "Neglect", "detail": "There are no beds in the flat"},
                    {"category": "Domestic abuse", "detail": "Shouting at night, every night"},
                ],
                "immediateDanger": "no",
                "tags": ["a", "b"],
                "professionals": [{"name": "Dr Hale", "role": "GP"}],
            },
            {
                "caseRef": "C-2",
                "referrer": {"fullName": "Jo Ray", "jobTitle": "Teacher"},
                "subjects": [{"role": "Subject child", "name": {"first": "Leo"}}],
                "concerns": [{"category": "Neglect", "detail": "He is on his way to the school"}],
                "immediateDanger": "no",
            },
        ]
    },
}


@pytest.mark.parametrize("form", ["json", "ndjson"])
def test_json_with_persons_and_roles_is_drafted(tmp_path, form):
    path = tmp_path / f"x.{form}"
    records = PORTAL["data"]["items"]
    lines = [json.dumps(PORTAL)] if form == "json" else [json.dumps(one) for one in records]
    path.write_text("\n".join(lines), "utf-8")
    text = draft_mapping(path, "marf").text
    assert ('record-at = "/data/items"' in text) is (form == "json")
    assert "Vale" not in text
    records, _ = read_all(read(path, parse_table(text, "draft")))
    first, second = (record.document for record in records)
    (child,), (person,) = first["children"], first["people"]
    assert child["name"] == {"given": "Mia", "family": "Vale"}
    assert child["addresses"][0] == {
        "kind": "home",
        "lines": ["Flat 1"],
        "postcode": "BR1 9ZZ",
        "confidential": True,
    }
    assert person["name"]["given"] == "Ann"
    assert first["relationships"] == [
        {"type": "mother", "person": "person-1", "relatedTo": "child-1"}
    ]
    assert first["concerns"][0]["types"] == ["neglect", "domestic-abuse"]
    assert first["concerns"][0]["description"] == "There are no beds in the flat"
    assert [one["name"]["full"] for one in first["practitioners"]] == ["Pat Lowe"]
    assert "Dr Hale" in first["localData"]["partner-x"].values()
    assert "Subject child" in first["localData"]["partner-x"].values()
    assert disposition(second) is Disposition.ACT_NOW
    assert not any(finding.code == "SHP-010" for record in records for finding in record.findings)


def test_entries_that_are_nobody_become_no_children(tmp_path):
    path = tmp_path / "notices.xml"
    concern = "<Concern><Type>Neglect</Type><Name>Home</Name></Concern>"
    worker = "<Worker><Name>Pat Lowe</Name><Role>Nurse</Role></Worker>"
    case = f"<Case><Child><Surname>Webb</Surname></Child>{concern * 2}{worker * 2}</Case>"
    path.write_text(f"<Cases>{case * 2}</Cases>", "utf-8")
    records, _ = read_all(read(path, parse_table(draft_mapping(path, "marf").text, "draft")))
    for record in records:
        assert [child["name"] for child in record.document["children"]] == [{"family": "Webb"}]
        assert "people" not in record.document


def test_the_story_of_the_documentation_is_true(tmp_path):
    page = (ROOT / "docs" / "partner-files.md").read_text("utf-8")
    path = tmp_path / "housing.csv"
    path.write_text(page.split("<!-- file: housing.csv -->\n```\n")[1].split("```\n")[0], "utf-8")
    draft = draft_mapping(path, "marf")
    table = parse_table(draft.text, "ours.toml")
    assert errors(table, headings_of(path, table)) == []
    records, about_file = read_all(read(path, table))
    first, second, third, fourth = (record.document for record in records)
    assert [record["immediateRisk"] for record in (first, second, third, fourth)] == [
        False, True, False, False
    ]  # fmt: skip
    assert first["people"][0]["contacts"][0]["value"] == "07700900801"
    assert second["consents"][0]["status"] == "refused"
    assert third["children"][0]["addresses"] == [{"kind": "home", "confidential": True}]
    assert third["concerns"][0]["types"] == ["domestic-abuse"]
    assert fourth["concerns"][0]["on"] == "31/11/2026"
    assert "PTR-037" in [finding.code for finding in about_file]
    columns = {column.heading: column.place for column in draft.columns}
    assert columns["Tel No"] == "/people[tenant]/contacts[phone]/value"


ROLES = ["Child", "Mother", "Suspect", "Child"]


def test_rows_of_one_case_become_one_record_by_their_roles(tmp_path):
    people = zip(["Lacey", "Kara", "Ricky", "Rohan"], [2020, 1998, 1995, 2010], ROLES, strict=True)
    rows = [
        ["N2" if name == "Rohan" else "N1", role, "Webb", name, f"25/12/{year}", "Door kicked in"]
        for name, year, role in people
    ]
    headings = ["Notice Ref", "Role", "Surname", "Forename", "DOB", "Circumstances"]
    table = parse_table(drafted(tmp_path, headings, *rows), "draft")
    assert table.key == ("Notice Ref",)
    records, _ = read_all(read(tmp_path / "export.csv", table))
    first, second = (record.document for record in records)
    assert [child["name"]["given"] for child in first["children"]] == ["Lacey"]
    assert [person["name"]["given"] for person in first["people"]] == ["Kara", "Ricky"]
    assert [relation["type"] for relation in first["relationships"]] == ["mother", "Suspect"]
    assert [child["name"]["given"] for child in second["children"]] == ["Rohan"]
    assert "people" not in second


def test_what_a_row_that_is_no_entry_says_is_kept(tmp_path):
    text = drafted(
        tmp_path, ["Ref", "Role", "Name", "DOB"], ["1", "Child", "A", ""], ["1", "Aunt", "B", ""]
    )
    alone = text.split('[[part]]\neach = "/people"')[0]
    records, _ = read_all(read(tmp_path / "export.csv", parse_table(alone, "draft")))
    assert [child["name"]["full"] for child in records[0].document["children"]] == ["A"]
    assert records[0].document["localData"]["export"]["Name"] == "B"

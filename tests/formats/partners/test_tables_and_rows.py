import io

import pytest
from openpyxl import Workbook

from eh_interop.core.errors import UnreadableInputError
from eh_interop.formats.partners import check_table, lineage, parse_table, read_partner
from eh_interop.formats.partners.table_source import REASONS
from eh_interop.reading.tabular import open_table

KEYED = 'dates = "day-first"\nkey = ["Ref"]'


def test_numbered_columns_become_entries_and_gaps_close_up(read):
    found = read(
        "Child 3 Surname,Child 1 Surname,Child 2 Surname,Child 1 DOB,Child 3 DOB\n"
        "Third,First,,01/02/2015,03/02/2015\n"
    ).records[0]
    assert [(child["id"], child["name"]["family"]) for child in found["children"]] == [
        ("child-1", "First"),
        ("child-3", "Third"),
    ]
    assert found["children"][1]["dateOfBirth"] == "2015-02-03"


def test_an_undeclared_date_stays_as_it_was_written_and_says_so(read):
    found = read("Surname,DOB\nA,03/04/2015\nB,2015-04-03\n", head="")
    assert found.codes == ["PTR-013"]
    assert "dates = " in found.findings[0].message
    assert found.records[0]["children"][0]["dateOfBirth"] == "03/04/2015"
    assert found.records[1]["children"][0]["dateOfBirth"] == "2015-04-03"


def test_rows_with_one_key_are_one_record(read):
    found = read(
        "Ref,Concern,Referred\nR1,Hungry,01/05/2025\nR1,Hungry,\nR2,Tired,02/05/2025\n", KEYED
    )
    assert [record["referredOn"] for record in found.records] == ["2025-05-01", "2025-05-02"]
    assert [len(record.original.rows) for record in found.all] == [2, 1]
    assert [record.position.row for record in found.all] == [2, 4]


def test_rows_that_disagree_and_rows_that_stand_apart_are_said(read):
    found = read("Ref,Concern\nR1,Hungry\nR1,Tired\nR2,Cold\nR1,Late\n,Lost\n", KEYED)
    assert found.codes == ["PTR-023", "PTR-024", "PTR-025"]
    assert found.findings[0].origin.row == 3
    assert len({record["recordId"] for record in found.records}) == 4


def test_headings_are_found_by_alias_then_by_pattern(read):
    tail = '[[field]]\nours = "/whatShouldChange"\ntheirs = "Wish"\npattern = "what .* want"'
    found = read("surname:,What does everybody WANT\nA,Peace\n", tail=tail)
    assert found.records[0]["whatShouldChange"] == "Peace"
    assert found.records[0]["children"][0]["name"] == {"family": "A"}


def test_line_breaks_and_odd_spaces_in_headings_do_not_matter(read):
    found = read('"Immediate\nrisk",\u00a0SURNAME\u00a0*\nyes,A\n')
    assert found.records[0]["immediateRisk"] is True
    assert found.records[0]["children"][0]["name"]["family"] == "A"


def test_the_first_of_two_equal_headings_is_read_and_it_is_said(read):
    found = read("Surname,Surname,Sex\nA,B,F\n")
    assert found.records[0]["children"][0]["name"] == {"family": "A"}
    assert found.records[0]["localData"] == {"small": {"Surname": "B"}}
    assert "PTR-008" in found.file_codes


def test_what_is_not_mapped_is_kept_and_listed(read):
    found = read("Surname,Pets,,v1.5\nA,cat,dog,x\n", head='namespace = "club"')
    assert found.records[0]["localData"] == {
        "club": {"Pets": "cat", "Column C": "dog", "v1 5": "x"}
    }
    assert found.summary.unmapped == ("Column B", "Column C", "Column D")
    assert found.file_codes.count("PTR-009") == 3


def test_a_heading_that_looks_like_data_is_not_told(read):
    found = read("Surname,9990000018,a@b.example,01/02/2015\nA,1,2,3\n")
    told = " ".join(f"{finding} {finding.origin}" for finding in found.file_findings)
    assert "9990000018" not in told
    assert "b.example" not in told
    assert "01/02/2015" not in told


def test_lost_columns_and_blank_words_leave_nothing(read):
    tail = '[[lost]]\ntheirs = "Pets"\nwhy = "Nobody asks."'
    found = read("Surname,Pets,Concern\nA,cat,null\n", head='blank = ["NULL"]', tail=tail)
    assert "localData" not in found.records[0]
    assert "concerns" not in found.records[0]
    assert found.summary.unmapped == ()


def test_the_row_of_headings_is_declared(read):
    text = "Export of today\n\nSurname,Sex\nguidance,guidance\nA,F\n"
    found = read(text, head="header-row = 3\nfirst-row = 5")
    assert len(found.records) == 1
    assert found.all[0].position.row == 5
    wrong = read(text)
    assert (wrong.all, wrong.file_codes[-1]) == ([], "PTR-007")


def test_a_row_with_more_cells_than_headings_is_said(read):
    found = read("Surname,Concern\nA,Hungry, and tired\n")
    assert found.codes == ["PTR-012"]
    assert found.all[0].original.rows[0] == ("A", "Hungry", " and tired")


def test_an_id_column_is_used_or_said(read):
    tail = '[[field]]\nours = "/recordId"\ntheirs = "Ref"'
    found = read("Ref,Surname\nR-1,A\nJane Doe 2015,B\n", tail=tail)
    assert found.records[0]["recordId"] == "R-1"
    assert found.records[1]["recordId"].startswith("small-")
    assert found.codes == ["PTR-026"]


def test_a_required_column_stops_the_reading_and_others_do_not(read):
    tail = '[[field]]\nours = "/history"\ntheirs = "Past"\nrequired = true'
    found = read("Surname\nA\n", tail=tail)
    assert (found.all, found.file_codes[-1]) == ([], "PTR-007")
    assert "PTR-006" in read("Surname\nA\n").file_codes


def test_that_no_heading_is_there_is_said_once(read):
    assert read("A,B\nC,D\n").file_codes == ["PTR-007"]


def test_a_missing_heading_is_named_as_the_mapping_names_it(read):
    tail = '[[field]]\nours = "/whatShouldChange"\ntheirs = "Zanderholt wish"\n'
    findings = read("Surname\nA\n", tail=tail).file_findings
    missing = [one for one in findings if one.code == "PTR-006"]
    assert "Zanderholt wish" in [one.origin.heading for one in missing]


def test_a_row_with_nothing_that_is_mapped_makes_no_record(read):
    found = read("Surname,Pets\n,cat\n")
    assert (found.records, found.codes) == ([], ["PTR-031"])
    assert found.all[0].original.rows[0] == ("", "cat")


def test_links_need_both_ends(read):
    tail = """
[[field]]
ours = "/people[mother]/name/full"
theirs = "Mother"
[[link]]
ours = "/relationships[mother]/person"
to = "/people[mother]"
[[link]]
ours = "/relationships[mother]/relatedTo"
to = "/children"
number = 1
[slice.people.mother]
[slice.relationships.mother]
type = "mother"
"""
    with_both = read("Surname,Mother\nA,B A\n", tail=tail).records[0]
    assert with_both["relationships"] == [
        {"type": "mother", "person": "mother", "relatedTo": "child-1"}
    ]
    assert "relationships" not in read("Surname,Mother\nA,\n", tail=tail).records[0]


JSON = """
mapping = "api"
title = "t"
record = "marf"
format = "json"
record-at = "/referrals"
id = ["/id"]
[[field]]
ours = "/whatShouldChange"
theirs = "/wish"
[[field]]
ours = "/requestTypes/*"
theirs = "/asks/*"
[[field]]
ours = "/area"
theirs = "^/source/area"
[[part]]
each = "/children"
theirs = "/kids"
[[part.field]]
ours = "/name/given"
theirs = "/first"
"""


def test_json_is_read_by_pointer(read):
    text = (
        '{"source":{"area":"gloucestershire"},"referrals":[{"id":7,"wish":"Help","n":null,'
        '"kids":[{"first":"Ines","age":8},{"first":"Theo"}]}]}'
    )
    found = read(text, table=parse_table(JSON, "api.toml"))
    record = found.records[0]
    assert [child["name"]["given"] for child in record["children"]] == ["Ines", "Theo"]
    assert record["area"] == "gloucestershire"
    assert record["localData"] == {"api": {"/id": 7, "/kids/*/age": 8}}
    at = lineage(found.all[0])["children", 1, "name", "given"]
    assert at.path == "/referrals/0/kids/1/first"


def test_ndjson_is_read_line_by_line(read):
    table = parse_table(JSON.replace('record-at = "/referrals"', ""), "api.toml")
    found = read('{"id":1,"wish":"A"}\n\n{"id":2,"wish":"B","wish":"C"}\n', table=table)
    assert [record["whatShouldChange"] for record in found.records] == ["A", "C"]
    assert found.codes == ["RDG-005"]
    assert found.findings[0].origin.line == 3


@pytest.mark.parametrize("codec", ["utf-16", "utf-8-sig"])
def test_json_in_another_encoding_with_a_mark_is_read(read, codec):
    table = parse_table(JSON.replace('record-at = "/referrals"', ""), "api.toml")
    found = read('{"id":1,"wish":"Café"}\n{"id":2,"wish":"B"}\n'.encode(codec), table=table)
    assert [record["whatShouldChange"] for record in found.records] == ["Café", "B"]


def test_json_in_damaged_utf_16_is_refused_in_one_finding(read):
    found = read(b"\xff\xfe{\x00\x00\xd8\x00", table=parse_table(JSON, "api.toml"))
    assert (found.records, found.file_codes) == ([], ["RDG-003"])


def test_what_is_missing_has_the_row_of_its_neighbours(read):
    found = read("Ref,Surname,Concern\nR1,A,Hungry\nR1,,Tired\n", KEYED)
    place = ("children", 0, "dateOfBirth")
    origin = found.all[0].locate([place])[place]
    assert (origin.file, origin.row, origin.heading) == ("f", 2, "")


def test_a_file_that_is_not_there_is_an_error(small_mapping):
    with pytest.raises(UnreadableInputError):
        read_partner("nowhere.csv", small_mapping())


ONE_CELL = """
[[part.field]]
ours = "/addresses[home]/lines/*"
theirs = "Address"
via = "address-lines"

[[part.field]]
ours = "/expectedDateOfBirth"
theirs = "EDD"
"""


def test_a_postcode_at_the_end_of_an_address_goes_to_its_field(read):
    tail = f'[[part]]\neach = "/people"\n{ONE_CELL}'
    found = read('Surname,Address\nA,"22 Fen Way, Oakfield, of4 9zz"\n', tail=tail)
    (address,) = found.records[0]["people"][0]["addresses"]
    assert address == {"kind": "home", "lines": ["22 Fen Way", "Oakfield"], "postcode": "OF4 9ZZ"}


def test_a_baby_that_is_called_unborn_and_has_a_due_date_is(read):
    table = parse_table(
        'mapping = "x"\ntitle = "x"\nrecord = "marf"\nformat = "csv"\n'
        '[[part]]\neach = "/children"\n'
        f'[[part.field]]\nours = "/name/given"\ntheirs = "Name"\n{ONE_CELL}',
        "x.toml",
    )
    found = read("Name,EDD\nUnborn,2027-02-14\nAda,2027-02-14\n", table=table)
    assert [record["children"][0].get("unborn") for record in found.records] == [True, None]


def test_rows_sent_twice_make_one_record_and_ids_stay_apart(read):
    head = 'id = ["Ref"]'
    found = read("Ref,Surname\n1,A\n1,A\n1,B\n1,B\n2,A\n", head)
    assert [code for code in found.codes if code.startswith("PTR-03")] == [
        "PTR-034", "PTR-035", "PTR-034"
    ]  # fmt: skip
    ids = [record["recordId"] for record in found.records]
    assert len(ids) == len(set(ids)) == 3


@pytest.mark.parametrize("first", ["Total", "Total: 13", "Number of rows: 12", "Report run by X"])
def test_totals_and_notes_are_left_out_with_a_line_each(read, first):
    found = read(f"Surname,Sex,Phone,Concern,Referred\nA,F,,,\n{first},,,,\n")
    assert [record["children"][0]["name"]["family"] for record in found.records] == ["A"]
    assert "PTR-037" in found.file_codes


def test_headings_are_named_by_the_groups_above_them(read):
    table = parse_table(
        'mapping = "x"\ntitle = "x"\nrecord = "marf"\nformat = "csv"\nheader-row = 2\n'
        'group-row = 1\n[[part]]\neach = "/people"\n[[part.field]]\nours = "/name/full"\n'
        'theirs = "Parent {n}: Name"\n',
        "x.toml",
    )
    found = read("Parent 1,,Parent 2,Risk\nName,Tel,Name,\nAnn,1,Bo,Y\n", table=table)
    (record,) = found.records
    assert [person["name"]["full"] for person in record["people"]] == ["Ann", "Bo"]
    assert record["localData"]["x"] == {"Parent 1: Tel": "1", "Risk": "Y"}
    assert record["immediateRisk"] is True


def test_a_table_of_codes_is_used_for_its_list_or_warned_about(read):
    words = '[codes.sex]\n"Mädchen" = "F"\n[codes.religion]\n"x" = "y"\n'
    table = parse_table(
        'mapping = "x"\ntitle = "x"\nrecord = "marf"\nformat = "csv"\n'
        f'{words}[[part]]\neach = "/children"\n[[part.field]]\nours = "/sex"\ntheirs = "Sex"\n',
        "x.toml",
    )
    assert read("Sex\nMädchen\n", table=table).records[0]["children"][0]["sex"] == "F"
    assert [problem.message for problem in check_table(table)] == [
        "codes.religion: no row uses it. Say codes in the row that it is for."
    ]


def test_columns_that_are_one_answer_each_are_ticked(read):
    table = parse_table(
        'mapping = "x"\ntitle = "x"\nrecord = "early-help-request"\nformat = "csv"\n[[ticks]]\n'
        'ours = "/reasons/*"\n[ticks.columns]\n"Housing" = "housing"\n"Money" = "money"\n',
        "x.toml",
    )
    found = read("Housing,Money\n✓,x\nNo,Y\n-,1\n", table=table)
    assert [record["reasons"] for record in found.records] == [
        ["housing", "money"], ["money"], ["money"]
    ]  # fmt: skip


def test_a_mended_file_of_rejects_is_read_by_the_mapping_that_made_it(read):
    head = 'delimiter = ";"\nheader-row = 3\ndates = "day-first"'
    text = f'Surname,Concern,{REASONS}\nA,Hungry,"PTR-012: look"\n'
    (record,) = read(text, head).records
    assert record["children"][0]["name"]["family"] == "A"


def test_a_mended_file_of_rejects_may_come_back_as_a_workbook(read):
    book = Workbook()
    for row in (["Surname", "Concern", REASONS], ["A", "Hungry", "PTR-012: look"]):
        book.active.append(row)
    data = io.BytesIO()
    book.save(data)
    (record,) = read(data.getvalue()).records
    assert record["concerns"][0]["description"] == "Hungry"


def test_cells_merged_downwards_count_for_each_row():
    book = Workbook()
    for row in (["Surname", "Concern"], ["A", "Hungry"], ["B", None]):
        book.active.append(row)
    book.active.merge_cells("B2:B3")
    data = io.BytesIO()
    book.save(data)
    with open_table(io.BytesIO(data.getvalue())) as table:
        assert [row.cells[1] for row in table.rows] == ["Hungry", "Hungry"]

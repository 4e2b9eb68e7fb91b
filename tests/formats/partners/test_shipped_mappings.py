import io
import re

import orjson
import pytest
from tests.helpers.support import EXAMPLES

from eh_interop import check
from eh_interop.core.findings import Layer
from eh_interop.core.pointer import resolve
from eh_interop.core.resources import folder
from eh_interop.formats.partners import (
    check_table,
    load_table,
    read_partner,
    shipped_mappings,
)

SAMPLES = {path.stem: path for path in (EXAMPLES / "partners").iterdir()}
TEXTS = sorted(name for name, path in SAMPLES.items() if path.suffix == ".csv")


def records_of(source, mapping):
    return [each.record for each in read_partner(source, mapping)]


def test_every_shipped_mapping_has_a_sample_and_every_sample_a_mapping():
    assert set(SAMPLES) == set(shipped_mappings())


@pytest.mark.parametrize("name", shipped_mappings())
def test_a_shipped_mapping_has_no_problem(name):
    assert check_table(load_table(name)) == ()


@pytest.mark.parametrize("name", shipped_mappings())
def test_a_sample_converts_without_findings_into_records_of_sound_shape(name):
    reading = read_partner(SAMPLES[name], name)
    found = list(reading)
    assert len(found) >= 2
    assert reading.summary.complete
    for each in found:
        assert each.findings == ()
        shapes = [f for f in check(each.record).findings if f.layer is Layer.SHAPE]
        assert shapes == []


@pytest.mark.parametrize("name", shipped_mappings())
def test_every_value_that_came_from_the_file_has_its_lineage(name):
    table = load_table(name)
    lines = (folder("mappings") / "partners" / f"{name}.toml").read_text("utf-8").splitlines()
    for each in read_partner(SAMPLES[name], name):
        assert each.origins
        for steps, at in each.origins.items():
            resolve(each.record, steps)
            assert at.file == SAMPLES[name].name
            assert at.row
            assert at.heading or at.path
            assert at.mapping == table.origin
            if at.mapping_line:
                assert re.fullmatch(r"\[\[(part\.)?field\]\]", lines[at.mapping_line - 1])
            else:
                assert steps[0] == "localData"
        stated = set(leaves(each.record)) - set(each.origins)
        made = {"recordType", "standardVersion", "recordId", "area"}
        assert {steps for steps in stated if steps[-1] in made} == {
            ("recordType",), ("standardVersion",), ("recordId",)
        } & stated  # fmt: skip


def leaves(value, steps=()):
    if isinstance(value, dict | list):
        pairs = value.items() if isinstance(value, dict) else enumerate(value)
        for key, each in pairs:
            yield from leaves(each, (*steps, key))
    else:
        yield steps


def test_the_school_file_says_what_it_should():
    first, second = records_of(SAMPLES["school-mis"], "school-mis")
    ines, theo = first["children"]
    assert ines["name"] == {"family": "Marlowe", "given": "Ines"}
    assert ines["dateOfBirth"] == "2016-09-14"
    assert ines["identifiers"] == [{"type": "nhs-number", "value": "9990000018"}]
    assert ines["addresses"] == [
        {"kind": "home", "lines": ["12 Sample Street", "Exampleton"], "postcode": "GL1 1AA"}
    ]
    assert ines["education"] == [
        {"yearGroup": "4", "attendancePercent": 88.5, "organisation": "school"}
    ]
    assert (theo["id"], theo["dateOfBirth"]) == ("child-2", "2019-03-02")
    assert first["relationships"] == [
        {"type": "mother", "person": "contact-1", "relatedTo": "child-1"}
    ]
    assert first["consents"][0]["children"] == ["child-1", "child-2"]
    assert second["consents"][0]["status"] == "not-sought"
    assert first["localData"] == {"school-mis": {"Referral ID": "R-1001", "House Points": "12"}}


def test_rows_of_one_episode_are_one_plan():
    first, second = records_of(SAMPLES["ssd-early-help"], "ssd-early-help")
    assert [child["sex"] for child in first["children"]] == ["F", "M"]
    assert second["closure"] == {"on": "2025-02-28", "reason": "needs-met"}
    assert {"type": "upn", "missingReason": "UN1"} in second["children"][0]["identifiers"]


def test_a_workbook_is_read_below_its_headings():
    reading = read_partner(SAMPLES["health-visiting"], "health-visiting")
    first, second = list(reading)
    assert [finding.finding.code for finding in reading.findings] == [
        "PTR-009", "PTR-009", "PTR-010", "PTR-011"
    ]  # fmt: skip
    assert (reading.summary.rows, reading.summary.blank_rows) == (2, 1)
    child = second.record["children"][0]
    assert child["name"] == {"given": "Baby", "family": "OKAFOR"}
    assert child["expectedDateOfBirth"] == "2025-08-20"
    at = first.origins["children", 0, "identifiers", 0, "value"]
    assert (at.sheet, at.row, at.column, at.heading) == ("Requests", 4, "D", "NHS Number")


def test_a_transfer_file_says_where_each_element_stood():
    first, second = read_partner(SAMPLES["ctf-pupil"], "ctf-pupil")
    assert first.record["children"][0]["sex"] == "F"
    assert first.record["parentalResponsibility"] == [
        {"holds": "yes", "holder": "contact-1", "child": "child-1"},
        {"holds": "no", "holder": "contact-2", "child": "child-1"},
    ]
    assert second.origins["children", 0, "name", "family"].path == (
        "/CTfile/CTFpupilData/Pupil[2]/Surname"
    )
    assert first.origins["people", 1, "name", "given"].path == (
        "/CTfile/CTFpupilData/Pupil[1]/Contacts/Contact[2]/Forename"
    )
    assert second.origins["organisations", 0, "name"].path == (
        "/CTfile/Header/SourceSchool/SchoolName"
    )


UGLY = {
    "byte order mark": lambda text: "\ufeff" + text,
    "capitals in headings": lambda text: text.partition("\n")[0].upper() + text[text.index("\n") :],
    "windows line ends": lambda text: text.replace("\n", "\r\n"),
    "blank rows": lambda text: text + ",,\n\n , \n",
    "non-breaking spaces": lambda text: text.replace(" ", "\u00a0"),
}


@pytest.mark.parametrize("name", TEXTS)
@pytest.mark.parametrize("how", UGLY)
def test_an_ugly_file_gives_the_same_fields(name, how):
    text = SAMPLES[name].read_text("utf-8")
    plain = records_of(io.BytesIO(text.encode()), name)
    ugly = records_of(io.BytesIO(UGLY[how](text).encode()), name)
    assert [fields(each) for each in ugly] == [fields(each) for each in plain]


def fields(record):
    kept = {key: each for key, each in record.items() if key not in {"localData", "recordId"}}
    return orjson.loads(orjson.dumps(kept).replace("\u00a0".encode(), b" ").replace(b"\\r", b""))


@pytest.mark.parametrize("name", TEXTS)
@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "cp1252"])
def test_other_encodings_are_found_and_said(name, encoding):
    text = SAMPLES[name].read_text("utf-8").replace("Family", "Famille é")
    if encoding == "cp1252" and "é" not in text:
        text = text.replace("school", "écoles", 1).replace("clubs", "écoles", 1)
    reading = read_partner(io.BytesIO(text.encode(encoding)), name)
    assert [fields(each.record) for each in reading] == [
        fields(record) for record in records_of(io.BytesIO(text.encode()), name)
    ]
    assert "PTR-003" in [finding.finding.code for finding in reading.findings]


@pytest.mark.parametrize("delimiter", [";", "\t", "|"])
def test_other_delimiters_are_found_and_said(delimiter):
    import csv

    rows = list(csv.reader(SAMPLES["web-form"].read_text("utf-8").splitlines()))
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter).writerows(rows)
    reading = read_partner(io.BytesIO(out.getvalue().encode()), "web-form")
    assert [fields(each.record) for each in reading] == [
        fields(record) for record in records_of(SAMPLES["web-form"], "web-form")
    ]
    assert reading.summary.delimiter == delimiter
    assert "PTR-005" in [finding.finding.code for finding in reading.findings]


def test_an_xml_file_in_a_namespace_is_read_all_the_same():
    text = SAMPLES["ctf-pupil"].read_text("utf-8")
    plain = records_of(SAMPLES["ctf-pupil"], "ctf-pupil")
    spaced = text.replace("<CTfile>", '<CTfile xmlns="https://example.org/ctf">')
    assert records_of(io.BytesIO(spaced.encode()), "ctf-pupil") == plain
    latin = text.replace('encoding="UTF-8"', 'encoding="ISO-8859-1"').encode("latin-1")
    assert records_of(io.BytesIO(latin), "ctf-pupil") == plain


def test_ids_are_the_same_each_time_and_show_no_value():
    first = records_of(SAMPLES["school-mis"], "school-mis")
    assert [each["recordId"] for each in first] == [
        record["recordId"] for record in records_of(SAMPLES["school-mis"], "school-mis")
    ]
    assert len({each["recordId"] for each in first}) == 2
    assert all(re.fullmatch(r"school-mis-[0-9a-f]{32}", each["recordId"]) for each in first)

import io
import re

import orjson
import pytest
from tests.helpers.partner_files import read_all
from tests.helpers.support import EXAMPLES

from eh_interop import check
from eh_interop.core.findings import Layer
from eh_interop.core.pointer import resolve
from eh_interop.core.resources import folder
from eh_interop.formats.partners import (
    check_table,
    lineage,
    load_table,
    read,
    shipped_mappings,
)

SAMPLES = {path.stem: path for path in (EXAMPLES / "partners").iterdir()}
TEXTS = sorted(name for name, path in SAMPLES.items() if path.suffix == ".csv")


def records_of(source, mapping):
    return [record.document for record in read_all(read(source, mapping))[0]]


def test_every_shipped_mapping_has_a_sample_and_every_sample_a_mapping():
    assert set(SAMPLES) == set(shipped_mappings())


@pytest.mark.parametrize("name", shipped_mappings())
def test_a_shipped_mapping_has_no_problem(name):
    assert check_table(load_table(name)) == ()


@pytest.mark.parametrize("name", shipped_mappings())
def test_a_sample_converts_without_findings_into_records_of_sound_shape(name):
    file = read(SAMPLES[name], name)
    records, _ = read_all(file)
    assert len(records) >= 2
    assert file.summary.complete
    for record in records:
        assert record.findings == ()
        shapes = [f for f in check(record.document).findings if f.layer is Layer.SHAPE]
        assert shapes == []


@pytest.mark.parametrize("name", shipped_mappings())
def test_every_value_that_came_from_the_file_has_its_lineage(name):
    table = load_table(name)
    lines = (folder("mappings") / "partners" / f"{name}.toml").read_text("utf-8").splitlines()
    for record in read_all(read(SAMPLES[name], name))[0]:
        sources = lineage(record)
        assert sources
        for steps, source in sources.items():
            resolve(record.document, steps)
            origin = record.locate([steps])[steps]
            assert origin.file == SAMPLES[name].name
            assert origin.row if table.tabular else origin.line
            assert origin.heading if table.tabular else origin.path
            assert source.column.mapping == table.origin
            line = source.column.mapping_line
            if line:
                assert re.fullmatch(r"\[\[(part\.)?field\]\]", lines[line - 1])
                assert str(source) == f"{origin}, {table.origin} line {line}"
            else:
                assert steps[0] == "localData"
        stated = set(leaves(record.document)) - set(sources)
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
    file = read(SAMPLES["health-visiting"], "health-visiting")
    (first, second), findings = read_all(file)
    assert [finding.code for finding in findings] == [
        "PTR-009", "PTR-009", "PTR-010", "PTR-011"
    ]  # fmt: skip
    assert (file.summary.rows, file.summary.blank_rows) == (2, 1)
    child = second.document["children"][0]
    assert child["name"] == {"given": "Baby", "family": "OKAFOR"}
    assert child["expectedDateOfBirth"] == "2025-08-20"
    source = lineage(first)["children", 0, "identifiers", 0, "value"]
    origin = source.origin
    assert (origin.sheet, origin.row, origin.heading) == ("Requests", 4, "NHS Number")
    assert source.column.letter == "D"


def test_a_transfer_file_says_where_each_element_stood():
    (first, second), _ = read_all(read(SAMPLES["ctf-pupil"], "ctf-pupil"))
    assert first.document["children"][0]["sex"] == "F"
    assert first.document["parentalResponsibility"] == [
        {"holds": "yes", "holder": "contact-1", "child": "child-1"},
        {"holds": "no", "holder": "contact-2", "child": "child-1"},
    ]
    assert lineage(second)["children", 0, "name", "family"].path == (
        "/CTfile/CTFpupilData/Pupil[2]/Surname"
    )
    assert lineage(first)["people", 1, "name", "given"].path == (
        "/CTfile/CTFpupilData/Pupil[1]/Contacts/Contact[2]/Forename"
    )
    assert lineage(second)["organisations", 0, "name"].path == (
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
    records, findings = read_all(read(io.BytesIO(text.encode(encoding)), name))
    assert [fields(record.document) for record in records] == [
        fields(record) for record in records_of(io.BytesIO(text.encode()), name)
    ]
    assert "PTR-003" in [finding.code for finding in findings]


@pytest.mark.parametrize("delimiter", [";", "\t", "|"])
def test_other_delimiters_are_found_and_said(delimiter):
    import csv

    rows = list(csv.reader(SAMPLES["web-form"].read_text("utf-8").splitlines()))
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter).writerows(rows)
    file = read(io.BytesIO(out.getvalue().encode()), "web-form")
    records, findings = read_all(file)
    assert [fields(record.document) for record in records] == [
        fields(record) for record in records_of(SAMPLES["web-form"], "web-form")
    ]
    assert file.summary.delimiter == delimiter
    assert "PTR-005" in [finding.code for finding in findings]


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

"""The reader of FHIR gives records of the standard, and findings say where in the FHIR they are."""

import json
import pickle
from collections import Counter

import orjson
import pytest
from tests.helpers.imports import without_form
from tests.helpers.support import AS_OF, EXAMPLES, example

from eh_interop import check
from eh_interop.formats.fhir.bundle import to_bundle
from eh_interop.formats.fhir.files.xml_writing import to_xml
from eh_interop.formats.fhir.reader import is_fhir, to_standard
from eh_interop.reading import read_record

FOREIGN = sorted(path.stem for path in EXAMPLES.glob("fhir/*.json"))


def foreign(name):
    return json.loads((EXAMPLES / "fhir" / f"{name}.json").read_text("utf-8"))


def written(document, form):
    if form == "xml":
        return to_xml(document, pretty=True)
    return json.dumps(document, indent=1).encode()


@pytest.fixture(params=["json", "xml"])
def form(request):
    return request.param


def test_what_is_fhir_is_told_from_records(form):
    document = to_bundle(example("minimal/marf"))
    data = written(document, form)
    assert is_fhir(data)
    assert is_fhir(read_record(data, "a"))
    assert is_fhir(document)
    record = example("minimal/marf")
    assert not is_fhir(record)
    assert not is_fhir(json.dumps(record).encode())
    assert not is_fhir(read_record(json.dumps(record).encode(), "a"))
    assert not is_fhir(read_record(b"", "a"))


def test_a_bundle_becomes_a_record_of_the_standard(form):
    record = example("minimal/marf")
    source = to_standard(read_record(written(to_bundle(record), form), "a"))
    assert (source.document, source.source) == (record, "a")
    assert source.findings == ()


@pytest.mark.parametrize("name", FOREIGN)
def test_every_finding_has_line_column_and_fhirpath(name, form):
    document = foreign(name)
    report = check(written(document, form), as_of=AS_OF)
    assert report.findings
    for finding in report.findings:
        assert finding.origin is not None, finding.code
        assert finding.origin.line >= 1
        assert finding.origin.column >= 1
        assert finding.origin.path.split(".")[0] == document["resourceType"]


def test_values_and_names_are_located_in_the_fhir(form):
    data = written(without_form(example("gloucestershire/marf")), form)
    source = to_standard(read_record(data, "a"))
    place = ("children", 0, "dateOfBirth")
    for locate in (source.locate, source.locate_names):
        origin = locate([place])[place]
        assert origin.path.endswith(".birthDate")
        line = data.decode().splitlines()[origin.line - 1]
        assert source.document["children"][0]["dateOfBirth"] in line
        assert "birthDate" in line[: origin.column + len("<birthDate")]


def test_a_line_of_ndjson_counts_from_its_own_line():
    data = json.dumps(foreign(FOREIGN[0])).encode()
    source = to_standard(read_record(data, "a", line=7))
    assert {finding.origin.line for finding in source.findings if finding.origin} == {7}
    assert source.locate([()])[()].line == 7


def test_json_is_parsed_once(monkeypatch):
    record = read_record(json.dumps(foreign(FOREIGN[0])).encode(), "a")
    parsed = Counter()
    loads = orjson.loads

    def counted(data):
        parsed[len(data)] += 1
        return loads(data)

    monkeypatch.setattr(orjson, "loads", counted)
    assert to_standard(record).document
    assert parsed[len(record.text)] == 0


def test_a_byte_order_mark_before_fhir_is_told(form):
    data = b"\xef\xbb\xbf" + written(foreign(FOREIGN[0]), form)
    source = to_standard(read_record(data, "a"))
    assert source.document
    assert any("byte order mark" in finding.message for finding in source.findings)


def test_a_record_from_fhir_can_go_to_another_process(form):
    source = to_standard(read_record(written(foreign(FOREIGN[0]), form), "a"))
    again = pickle.loads(pickle.dumps(source))  # noqa: S301 (our own)
    assert again.document == source.document
    assert again.locate([("children", 0)]) == source.locate([("children", 0)])

"""The public names, and what they promise."""

import json
import subprocess
import sys
from datetime import date

import pytest
from tests.helpers.support import AS_OF, EXAMPLES, example

import eh_interop
from eh_interop import (
    AreaError,
    Disposition,
    EhInteropError,
    StandardError,
    check,
    check_path,
    check_together,
    load_area,
    load_standard,
)
from eh_interop.convert.preparing import prepare
from eh_interop.convert.targets import TargetSettings, targets
from eh_interop.core.findings import Other
from eh_interop.reading import SourceRecord

PUBLIC = {
    "Area",
    "AreaError",
    "Disposition",
    "EhInteropError",
    "Finding",
    "Layer",
    "NotRun",
    "Origin",
    "RecordReport",
    "Severity",
    "Standard",
    "StandardError",
    "UnreadableInputError",
    "__version__",
    "check",
    "check_path",
    "check_together",
    "load_area",
    "load_standard",
}


def test_the_public_names_are_these():
    assert set(eh_interop.__all__) == PUBLIC
    for name in PUBLIC:
        assert getattr(eh_interop, name) is not None


def test_an_unknown_name_is_an_attribute_error():
    with pytest.raises(AttributeError, match="no attribute"):
        _ = eh_interop.chekc


def test_text_bytes_and_parsed_records_give_the_same_but_for_origins():
    text = (EXAMPLES / "minimal" / "marf.json").read_text("utf-8").replace('"M"', '"X"')
    from_text = check(text, as_of=AS_OF)
    assert from_text == check(text.encode(), as_of=AS_OF)
    assert all(finding.origin for finding in from_text.findings)


def test_a_parsed_record_is_not_changed():
    document = example("minimal/marf")
    before = repr(document)
    check(document)
    assert repr(document) == before


def test_check_path_gives_one_report_for_each_record(tmp_path):
    file = tmp_path / "records.ndjson"
    file.write_text("{}\n" * 3, "utf-8")
    reports = list(check_path(file))
    assert [report.line for report in reports] == [1, 2, 3]
    assert {report.disposition for report in reports} == {Disposition.UNREADABLE}


def test_check_together_compares_files_and_parsed_records(tmp_path):
    old, new = example("gloucestershire/my-plan"), example("gloucestershire/my-plan-plus")
    old |= {"status": "open"}
    del old["closure"]
    new["relatedRecords"] = [{"recordId": old["recordId"], "relation": "predecessor"}]
    file = tmp_path / "old.json"
    file.write_text(json.dumps(old), "utf-8")
    *own, across = check_together([file, new], as_of=AS_OF)
    assert own == [*check_path(file, as_of=AS_OF), check(new, as_of=AS_OF)]
    assert (across.across, across.record_id) == (True, new["recordId"])
    (finding,) = across.findings
    assert finding.code == "ACR-001"
    assert finding.others == (Other(str(file), 1, old["recordId"]),)
    assert not [each for each in check_together([file], as_of=AS_OF) if each.across]
    elsewhere = check_together([old, new], as_of=AS_OF, area=load_area("england"))
    (general,) = (each for each in elsewhere if each.across)
    assert [(one.code, one.severity) for one in general.findings] == [("ACR-001", "warning")]


def test_what_cannot_be_answered_is_an_exception():
    with pytest.raises(AreaError):
        check({}, area="nowhere")
    with pytest.raises(StandardError):
        load_standard("0.0")
    assert issubclass(AreaError, EhInteropError)


def test_the_day_can_be_chosen():
    document = example("gloucestershire/my-plan-plus")
    before = check(document, as_of=date(2026, 10, 1))
    after = check(document, as_of=date(2036, 10, 1))
    assert len(after.findings) > len(before.findings)


def test_areas_build_on_one_another():
    area = load_area("gloucestershire")
    assert area.extends == ("england",)
    assert load_area("england").follows < area.follows


def test_starting_the_command_imports_nothing_heavy():
    script = (
        "import sys; from eh_interop.cli import main;"
        "heavy = {'jsonschema_rs', 'jsonschema', 'msgspec', 'orjson', 'rich', 'lxml', 'fhir'};"
        "print(sorted(heavy & set(sys.modules)))"
    )
    result = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    assert result.stdout.strip() == "[]"


def test_checking_does_not_import_the_second_engine_or_fhir():
    script = (
        "import sys; from eh_interop import check; check({});"
        "print(sorted({'jsonschema', 'lxml', 'fhir', 'pydantic'} & set(sys.modules)))"
    )
    result = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    assert result.stdout.strip() == "[]"


def test_check_together_says_where_in_a_source_of_any_kind(tmp_path):
    """Tables and FHIR are read once more, as JSON is, so that what they show has an origin."""
    home = {"kind": "home", "lines": ["3 Elder Close"], "postcode": "DE1 9ZZ"}
    open_plan = example("minimal/plan")
    marf = example("minimal/marf")
    marf["households"] = [{"id": "h1", "address": {**home, "confidential": True}}]
    settings = TargetSettings(AS_OF, verify="none")
    source = prepare(SourceRecord(source="", document=open_plan)).record
    fhir = tmp_path / "plan.fhir.json"
    fhir.write_bytes(targets()["fhir"].write_record(source, 0, settings).data)
    reports = list(check_together([fhir, marf], as_of=AS_OF))
    (across,) = [report for report in reports if report.across and report.findings]
    (finding,) = across.findings
    assert (finding.code, finding.place) == ("ACR-015", "/children/0/addresses/0")
    assert finding.origin.line
    assert finding.origin.path.startswith("Bundle.entry")
    assert [other.record_id for other in finding.others] == [marf["recordId"]]
    assert "Elder" not in repr(finding)

"""One record's fault never loses the others: our own code is made to fail everywhere in turn.

The catalogues say what there is to fail: rules, requirements' engines, readers, writers, reports. A
new one is in them, and so in these tests.
"""

import json

import orjson
import pytest
from click.testing import CliRunner
from tests.helpers.form_files import PRINTED, REFERRAL, docx, message, pdf
from tests.helpers.support import AS_OF, EXAMPLES, example

import eh_interop
from eh_interop.checks import comparison, consistency, layers
from eh_interop.checks.across.records import across_rules
from eh_interop.checks.record import check_record
from eh_interop.checks.rules.engine import all_rules
from eh_interop.cli import main
from eh_interop.convert.targets import RecordWriter, targets
from eh_interop.core.findings import Disposition
from eh_interop.reading import SourceRecord
from eh_interop.reading.whole_numbers import parse, with_whole_numbers
from eh_interop.reports import FORMATS
from eh_interop.sources import opening
from eh_interop.sources.formats import Reader
from eh_interop.sources.opening import open_sources

MARK = "Quillfeather"
"""Stands in what the failing code says. It may stand nowhere else."""
OURS = "RDG-018"
GOOD, BAD = "good-1", "bad-1"
KINDS = [KeyError, RecursionError, MemoryError, UnicodeError, AssertionError, ZeroDivisionError]


class PanicException(BaseException):
    """What a native library raises outside of Exception."""


def fail(*_args, **_options):
    raise ValueError(MARK)


def run(*arguments):
    result = CliRunner().invoke(main, [*map(str, arguments)], standalone_mode=False)
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    assert MARK not in result.output
    return result


@pytest.fixture
def folder(tmp_path):
    """Give a folder of three records, of which the second is the one that fails."""
    records = tmp_path / "records"
    records.mkdir()
    for number, record_id in enumerate((GOOD, BAD, "good-2")):
        record = {**example("minimal/marf"), "recordId": record_id}
        (records / f"{number}.json").write_text(json.dumps(record), "utf-8")
    return records


def codes(report):
    return [finding.code for finding in report.findings]


@pytest.mark.parametrize("half", [0, 1])
def test_each_rule_may_fail_and_the_others_run(monkeypatch, half):
    look, failing = consistency._look, {rule.code for rule in all_rules()[half::2]}

    def fail_in_half(rule, *arguments):
        return fail() if rule.code in failing else look(rule, *arguments)

    files = [*(EXAMPLES / "minimal").glob("*.json"), *(EXAMPLES / "gloucestershire").glob("*.json")]
    seen = set()
    for record in (orjson.loads(path.read_bytes()) for path in files):
        whole = eh_interop.check(record, as_of=AS_OF)
        with monkeypatch.context() as patched:
            patched.setattr(consistency, "_look", fail_in_half)
            report = eh_interop.check(record, as_of=AS_OF)
        assert MARK not in str(report)
        assert codes(report) == [code for code in codes(whole) if code not in failing]
        seen |= {check.check for check in report.not_run if check.fault}
    assert seen <= failing
    assert len(seen) > len(failing) * 0.8


def test_each_rule_across_records_may_fail_and_the_others_run(monkeypatch, folder):
    failing = ""
    look = comparison.Comparison._look

    def fail_in_one(self, rule, records):
        return fail() if rule.code == failing else look(self, rule, records)

    monkeypatch.setattr(comparison.Comparison, "_look", fail_in_one)
    for rule in across_rules():
        failing = rule.code
        reports = list(eh_interop.check_together([folder], area="gloucestershire", as_of=AS_OF))
        lost = {check.check for report in reports for check in report.not_run if check.fault}
        assert lost == {failing}
        assert sum(not report.across for report in reports) == 3


@pytest.mark.parametrize("kind", [*KINDS, PanicException])
@pytest.mark.parametrize("where", ["engine", "rules", "places", "more", "risk"])
def test_each_layer_may_fail(monkeypatch, kind, where):
    def failing(*_args, **_options):
        raise kind(MARK)

    record = {**example("minimal/marf"), "immediateRisk": False, "recordId": "?"}
    if where == "engine":
        monkeypatch.setattr(layers, "shape_finding", failing)
    elif where == "rules":
        monkeypatch.setattr(consistency.Consistency, "run", failing)
    elif where == "places":
        monkeypatch.setattr("eh_interop.checks.record.locate_findings", failing)
    elif where == "risk":
        monkeypatch.setattr("eh_interop.checks.record.leaves_risk_open", failing)
        del record["immediateRisk"]
    more = failing if where == "more" else None
    source = SourceRecord(source="x", document=record)
    report = check_record(source, area=None, as_of=AS_OF, more=more)
    assert report.has_fault
    assert MARK not in repr(report)
    assert report.disposition is not Disposition.READY
    assert any(".py:" in text for text in messages(report))


def messages(report):
    return [check.why for check in report.not_run] + [one.message for one in report.findings]


def test_a_record_about_immediate_risk_stays_one(monkeypatch):
    monkeypatch.setattr("eh_interop.checks.record._checked", fail)
    record = {**example("minimal/marf"), "immediateRisk": True}
    report = eh_interop.check(record, as_of=AS_OF)
    assert report.disposition is Disposition.ACT_NOW
    assert report.do_now
    assert {finding.severity.value for finding in report.findings} == {"warning"}


def test_a_record_that_fails_costs_a_folder_nothing(monkeypatch, folder):
    layered = layers.check_layers

    def failing(standard, area, document, *arguments):
        return (
            fail() if document["recordId"] == BAD else layered(standard, area, document, *arguments)
        )

    monkeypatch.setattr("eh_interop.checks.record.check_layers", failing)
    result = run("check", folder, "--as-of", "2026-11-01", "--format", "ndjson")
    assert result.return_value == 70
    for record_id in (GOOD, BAD, "good-2"):
        assert record_id in result.stdout
    assert result.stdout.count(OURS) == 1


@pytest.mark.parametrize("name", sorted(FORMATS))
def test_each_report_may_fail_with_a_record(monkeypatch, folder, name):
    write = FORMATS[name].record
    failed = []

    def failing(self, report):
        if report.record_id == BAD and not failed:
            failed.append(report)
            fail()
        yield from write(self, report)

    monkeypatch.setattr(FORMATS[name], "record", failing)
    result = run("check", folder, "--as-of", "2026-11-01", "--format", name)
    assert failed
    assert result.return_value == 70


READS_FORM = "eh_interop.formats._shared.forms.reading._read_form"
SAMPLES = {
    Reader.JSON: ("eh_interop.reading.json_records._read", (), "minimal/marf.json"),
    Reader.FHIR_XML: ("eh_interop.reading.json_records._read", (), "minimal/marf.json"),
    Reader.TABLES: ("eh_interop.formats.tables.record_merge._assembled", (), "tables"),
    Reader.PARTNER: (
        "eh_interop.formats.partners.table_source.TableRecords._record",
        ("--mapping", "school-mis"),
        "partners/school-mis.csv",
    ),
    Reader.RETURN: (
        "eh_interop.formats.returns.reader._record_of_row",
        ("--from", "annex-a"),
        "returns",
    ),
    Reader.PACK: ("eh_interop.reading.json_records._read", (), "packs/referral.zip"),
    Reader.WORD: (READS_FORM, (), "form.docx"),
    Reader.PDF: (READS_FORM, (), "form.pdf"),
    Reader.MAIL: (READS_FORM, (), "mail.eml"),
}
"""For each reader what reads one record, the options, and an example."""


FORMS = {
    Reader.WORD: docx(*REFERRAL),
    Reader.PDF: pdf(PRINTED),
    Reader.MAIL: message("See the form.", ("form.docx", docx(*REFERRAL))),
}


def source_of(reader, sample, place):
    """Make a source with several records for a reader."""
    source = EXAMPLES / sample
    if reader in {Reader.TABLES, Reader.RETURN}:
        made = place / "made"
        target = "csv" if reader is Reader.TABLES else "annex-a"
        files = (EXAMPLES / "gloucestershire" / "marf.json", EXAMPLES / "minimal" / "marf.json")
        run("convert", *files, "--to", target, "--out", made, "--as-of", "2026-11-01", "--quiet")
        return made
    if reader in FORMS:
        for number in range(2):
            (place / f"{number}-{sample}").write_bytes(FORMS[reader])
        return place
    if reader is Reader.PACK or source.suffix == ".csv":
        return source
    lines = [orjson.dumps({**example("minimal/marf"), "recordId": f"r-{n}"}) for n in range(3)]
    path = place / "records.ndjson"
    path.write_bytes(b"\n".join(lines))
    return path


@pytest.mark.parametrize("reader", list(Reader))
def test_each_reader_may_fail_with_a_record(monkeypatch, tmp_path, reader):
    name, options, sample = SAMPLES[reader]
    source = source_of(reader, sample, tmp_path)
    owner, _, attribute = name.rpartition(".")
    module = __import__("pkgutil").resolve_name(
        owner if owner.rpartition(".")[2][0].islower() else ":".join(owner.rsplit(".", 1))
    )
    read, calls = getattr(module, attribute), []

    def failing(*arguments, **more):
        calls.append(1)
        # The first file of a pack is its description: without it there is no pack.
        return (
            fail()
            if len(calls) == (2 if reader is Reader.PACK else 1)
            else read(*arguments, **more)
        )

    before = len(of_records("\n".join(listed(source, options))))
    monkeypatch.setattr(module, attribute, failing)
    result = run("check", source, *options, "--format", "ndjson", "--as-of", "2026-11-01")
    if reader is not Reader.PACK:  # a pack whose record cannot be read is not whole
        assert result.return_value == 70
        assert result.stdout.count(f'"{OURS}"') == 1
        # Of what the records show together there may be less: one of them was not read.
        assert len(of_records(result.stdout)) == before
    assert len(calls) > 1


def of_records(text):
    return [line for line in text.splitlines() if not json.loads(line).get("across")]


def listed(source, options):
    return run(
        "check", source, *options, "--format", "ndjson", "--as-of", "2026-11-01"
    ).stdout.splitlines()


def test_a_reader_that_fails_as_a_whole_costs_the_other_files_nothing(monkeypatch, folder):
    read = opening.read_source

    def failing(file, *arguments):
        if file.name.endswith("1.json"):
            fail()
        yield from read(file, *arguments)

    monkeypatch.setattr(opening, "read_source", failing)
    found = [[one.code for one in record.findings] for record in open_sources([str(folder)])]
    assert found == [[], [OURS], []]


@pytest.mark.parametrize("target", sorted(targets()))
def test_each_writer_may_fail_with_a_record(monkeypatch, tmp_path, folder, target):
    writer = targets()[target]
    if isinstance(writer, RecordWriter):
        write = type(writer).write_record

        def failing(self, record, *arguments):
            return fail() if record["recordId"] == BAD else write(self, record, *arguments)

        monkeypatch.setattr(type(writer), "write_record", failing)
    else:
        write = type(writer).write_batch

        def fail_at(records):
            for record in records:
                if record["recordId"] == BAD:
                    fail()
                yield record

        def failing(self, records, *arguments):
            return write(self, fail_at(records), *arguments)

        monkeypatch.setattr(type(writer), "write_batch", failing)
    out = tmp_path / "out"
    more = ("--authority", "916") if target == "cin" else ()
    result = run("convert", folder, "--to", target, "--out", out, "--as-of", "2026-11-01", *more)
    assert result.return_value == 70
    assert "3 records: 2 converted, 1 not converted." in result.stderr
    lines = (out / "findings.ndjson").read_bytes().splitlines()
    told = list(map(orjson.loads, lines))
    ours = [one for line in told for one in line["findings"] if one["code"] == OURS]
    assert len(ours) == 1
    assert [line["recordId"] for line in told if ours[0] in line["findings"]] == [BAD]
    written = sum(path.name not in {"findings.ndjson", "manifest.json"} for path in out.iterdir())
    assert written
    everything = b"".join(path.read_bytes() for path in out.iterdir())
    assert MARK.encode() not in everything
    assert not list(out.glob(".*"))


def test_records_that_fail_only_together_are_all_told(monkeypatch, tmp_path, folder):
    writer = type(targets()["csv"])
    write = writer.write_batch

    def failing(self, records, *arguments):
        together = list(records)
        return fail() if len(together) > 2 else write(self, together, *arguments)

    monkeypatch.setattr(writer, "write_batch", failing)
    result = run("convert", folder, "--to", "csv", "--out", tmp_path / "out")
    assert result.return_value == 70
    assert "3 records: 0 converted, 3 not converted." in result.stderr


def test_preparing_may_fail(monkeypatch, tmp_path, folder):
    monkeypatch.setattr("eh_interop.convert.preparing.keep_as_written", fail)
    for target in ("json", "csv"):
        out = tmp_path / target
        result = run("convert", folder, "--to", target, "--out", out)
        assert result.return_value == 70
        assert "3 records: 0 converted, 3 not converted." in result.stderr


def test_what_is_no_fault_of_ours_ends_the_run(monkeypatch, folder):
    def full(*_args):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("eh_interop.checks.record._checked", full)
    with pytest.raises(OSError, match="No space"):
        list(eh_interop.check_path(folder, as_of=AS_OF))


def test_a_reply_that_cannot_be_written_costs_the_others_nothing(monkeypatch, folder):
    from eh_interop.letters import reply as module

    write, calls = module.reply, []

    def failing(*arguments, **options):
        calls.append(1)
        return fail() if len(calls) == 2 else write(*arguments, **options)

    monkeypatch.setattr(module, "reply", failing)
    result = run("chase", folder, "--as-of", "2026-11-01", "--to", "json")
    assert result.return_value == 70
    assert len(calls) == 3
    assert ".py:" in result.stderr


@pytest.mark.parametrize("target", ["json", "fhir", "fhir-xml", "csv", "xlsx"])
def test_whole_numbers_may_be_written_with_a_fraction(tmp_path, target):
    whole = with_whole_numbers(example("gloucestershire/early-help-assessment"))
    path = tmp_path / "floats.json"
    path.write_text(json.dumps(with_floats(whole)), "utf-8")
    assert ": 3.0" in path.read_text("utf-8")
    for given in (path.read_bytes(), orjson.loads(path.read_bytes())):
        report = eh_interop.check(given, as_of=AS_OF)
        assert codes(report) == codes(eh_interop.check(whole, as_of=AS_OF))
    out = tmp_path / "out"
    result = run("convert", path, "--to", target, "--out", out, "--as-of", "2026-11-01")
    assert result.return_value == 0
    source = out if target == "csv" else next(out.glob("0*"), next(out.glob("*.xlsx"), None))
    (back,) = open_sources([str(source)])
    assert plain(back.document) == plain(whole)


def plain(document):
    return json.dumps(document, sort_keys=True)


@pytest.mark.parametrize("engine", ["compiled", "reference"])
def test_a_whole_number_with_a_fraction_ends_no_run(tmp_path, engine):
    record = {**example("minimal/marf"), "version": 3.0}
    path = tmp_path / "one.json"
    path.write_text(json.dumps(record), "utf-8")
    assert '"version": 3.0' in path.read_text("utf-8")
    assert run("check", path, "--engine", engine, "--as-of", "2026-11-01").return_value == 0


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("[3.0, -0.0, 1e2, 3.5, 1e300]", [3, 0, 100, 3.5, 1e300]),
        ('{"a": {"b": [2.00]}, "c": "3.0"}', {"a": {"b": [2]}, "c": "3.0"}),
        ("4.0", 4.0),
        ("[9007199254740994.0]", [9007199254740994.0]),
    ],
)
def test_only_what_is_whole_and_exact_becomes_a_whole_number(text, read):
    assert repr(parse(text.encode())) == repr(read)


def with_floats(value):
    if isinstance(value, dict):
        return {name: with_floats(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [with_floats(inner) for inner in value]
    return float(value) if isinstance(value, int) and not isinstance(value, bool) else value

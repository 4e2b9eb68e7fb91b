"""Comparing the records of one call: how many, which ones, how sure, and what is said of it."""

import json
from copy import deepcopy
from dataclasses import replace

import jsonschema_rs
import pytest
from click.testing import CliRunner
from tests.helpers.report_samples import COUNTS
from tests.helpers.rule_bases import merged
from tests.helpers.support import AS_OF, ROOT, example

from eh_interop.checks import comparing as batches
from eh_interop.checks import parallel
from eh_interop.checks.across.identity import equal
from eh_interop.checks.across.records import across_rules
from eh_interop.checks.across.summary import Mention, RecordIdIndex, Summary, SummaryStore, packed
from eh_interop.checks.comparing import LIMIT, NOBODY, UNSOUND, Batch, too_many
from eh_interop.checks.comparison import MOST_OF_A_CHILD
from eh_interop.checks.parallel import CheckOptions, check_many, new_key, with_across
from eh_interop.cli import main
from eh_interop.cli.commands import check as command
from eh_interop.core.findings import ACROSS, Origin, Other, Severity, Waiver
from eh_interop.protection import traces
from eh_interop.reading import SourceRecord, read_path
from eh_interop.reading.json_records import JsonLocator
from eh_interop.reports import FORMATS
from eh_interop.standard.areas import load_area

BY_CODE = {across_rule.code: across_rule for across_rule in across_rules()}


def records(code):
    """Return the records that trip a rule across records."""
    fails = BY_CODE[code].fails
    return [merged(example(name.partition("#")[0]), patch) for name, patch in fails.items()]


NOTHING_FOLLOWED = replace(load_area("england"), follows=())


def plans():
    """Return two plans of one child that are both open."""
    return records("ACR-001")


def raws(documents):
    for line, document in enumerate(documents, 1):
        text = json.dumps(document).encode()
        yield SourceRecord(
            source="all.ndjson",
            position=Origin(line=line),
            document=document,
            text=text,
            locator=JsonLocator(text, line),
        )


def reports(documents, *, jobs=1, **options):
    options = CheckOptions(
        **{
            "area": "gloucestershire",
            "as_of": AS_OF,
            "key": new_key(),
            "trace": traces,
            **options,
        }
    )
    return [x for x in with_across(check_many(raws(documents), options, jobs), options) if x.across]


def without(document):
    """Leave identifiers out, and say that the child has none."""
    copy = deepcopy(document)
    for child in copy["children"]:
        child.pop("identifiers", None)
    return copy


def strangers(document):
    """Return a record from which nobody can tell who the children are."""
    copy = without(document)
    for child in copy["children"]:
        child.pop("dateOfBirth", None)
    return merged(copy, {"recordId": "plan-nobody", "relatedRecords": None})


def skipped(found):
    return {(each.line, x.why) for each in found for x in each.not_run if x.check == ACROSS}


def ndjson(tmp_path, documents):
    file = tmp_path / "all.ndjson"
    file.write_text("".join(f"{json.dumps(document)}\n" for document in documents), "utf-8")
    return file


def run(*arguments):
    arguments = ["check", "--as-of", "2026-11-01", *map(str, arguments)]
    result = CliRunner().invoke(main, arguments, standalone_mode=False)
    assert result.exception is None
    return result.stdout


# ------------------------------------------------------------------ the limit


def test_as_many_as_the_limit_are_compared_and_one_more_is_not():
    (found,) = reports(plans(), limit=2)
    assert [finding.code for finding in found.findings] == ["ACR-001"]
    (said,) = reports([*plans(), example("minimal/plan")], limit=2)
    assert said.findings == ()
    assert skipped([said]) == {(3, too_many(2))}
    unlimited = reports([*plans(), example("minimal/plan")], limit=None)
    assert [finding.code for report in unlimited for finding in report.findings] == ["ACR-001"]


def test_beyond_the_limit_nothing_is_kept_and_nothing_is_summed_up():
    options = CheckOptions(area=None, as_of=AS_OF, key=new_key(), limit=3)
    batch = Batch(None, AS_OF, limit=3)
    kept = []
    for report in check_many(raws([example("minimal/plan")] * 5), options):
        kept.append(report.summary is not None)
        batch.add(report)
        assert len(batch) == (sum(kept) if all(kept) else 0)
    assert kept == [True, True, True, False, False]


def test_where_no_rule_applies_nothing_is_said_of_the_limit():
    assert reports([example("minimal/plan")] * 3, limit=2, area=NOTHING_FOLLOWED) == []
    (said,) = reports([example("minimal/plan")] * 3, limit=2, area="england")
    assert said.line == 3


def small_limit(monkeypatch, limit):
    monkeypatch.setattr(command, "LIMIT", limit)


@pytest.mark.parametrize("name", sorted(set(FORMATS) - COUNTS))
def test_every_report_says_that_there_are_too_many(tmp_path, monkeypatch, name):
    small_limit(monkeypatch, 1)
    file = ndjson(tmp_path, plans())
    told = run(file, "--format", name)
    told = " ".join(told.split())
    assert told.count("There are more than 1 records") == 1
    assert "ACR-001" not in told
    assert "ACR-001" in run(file, "--format", name, "--across")
    never = run(file, "--format", name, "--no-across")
    assert "ACR-001" not in never
    assert "across" not in never.lower()


def test_the_limit_is_the_one_that_the_help_names():
    assert f"{LIMIT:,}" in run_help()
    assert parallel.CheckOptions(area=None, as_of=AS_OF).limit == LIMIT


def run_help():
    return " ".join(CliRunner().invoke(main, ["check", "--help"]).stdout.split())


@pytest.mark.parametrize("limit", [1, 4, None])
@pytest.mark.parametrize("name", ["json", "text"])
def test_with_any_limit_two_processes_say_the_same(tmp_path, monkeypatch, limit, name):
    monkeypatch.setattr(parallel, "CHUNK", 3)
    small_limit(monkeypatch, limit)
    file = ndjson(tmp_path, [*plans(), strangers(plans()[0]), *records("ACR-008")])
    one, two = (run(file, "--format", name, "--jobs", jobs) for jobs in (1, 2))
    assert one == two
    assert ("ACR-008" in one) == (limit is None)


def test_one_record_has_the_same_report_as_if_nothing_was_compared(tmp_path):
    for document in (plans()[0], strangers(plans()[0]), merged(plans()[0], {"colour": "red"})):
        file = ndjson(tmp_path, [document])
        for name in FORMATS:
            assert run(file, "--format", name) == run(file, "--format", name, "--no-across")


# ------------------------------------------------------------ the other record


@pytest.mark.parametrize("code", sorted(BY_CODE.keys() - {"ACR-002", "ACR-010"}))
def test_a_finding_names_the_other_record(code):
    documents = records(code)
    ids = {each["recordId"]: line for line, each in enumerate(documents, 1)}
    (report,) = reports(documents)
    (finding,) = report.findings
    assert finding.others
    for other in finding.others:
        assert other == Other("all.ndjson", ids[other.record_id], other.record_id)
        assert other.record_id != report.record_id


@pytest.mark.parametrize("code", ["ACR-002", "ACR-010"])
def test_a_finding_about_what_is_not_there_names_none(code):
    (report,) = reports(records(code))
    assert [finding.others for finding in report.findings] == [()]


def test_no_more_than_ten_others_are_named():
    plan, plus = plans()
    many = [merged(plan, {"recordId": f"plan-{number:03}"}) for number in range(15)]
    last = next(x for x in reports([*many, plus]) if x.record_id == plus["recordId"])
    (found,) = [finding for finding in last.findings if finding.code == "ACR-001"]
    assert [other.line for other in found.others] == list(range(1, 11))


@pytest.mark.parametrize("name", sorted(set(FORMATS) - COUNTS))
def test_every_report_names_the_other_record(tmp_path, name):
    documents = [example("minimal/marf"), *plans()]
    told = run(ndjson(tmp_path, documents), "--format", name, "--only", "ACR-001")
    assert documents[1]["recordId"] in told.rpartition("ACR-001")[0] + told.partition("ACR-001")[2]
    if name in {"text", "html", "junit", "github", "outcome", "sarif"}:
        words = " ".join(told.split())
        assert f"all.ndjson, line 2 ({documents[1]['recordId']})" in words


def test_sarif_names_it_as_a_related_location(tmp_path):
    log = json.loads(run(ndjson(tmp_path, plans()), "--format", "sarif", "--only", "ACR-001"))
    (result,) = log["runs"][0]["results"]
    (related,) = result["relatedLocations"]
    assert related["physicalLocation"]["region"] == {"startLine": 1}
    assert related["message"]["text"] == plans()[0]["recordId"]


def test_the_json_report_is_in_the_form_of_its_schema(tmp_path):
    schema = json.loads((ROOT / "schemas/1.0/report.schema.json").read_text("utf-8"))
    unsound = merged(plans()[0], {"colour": "red", "recordId": "plan-red"})
    file = ndjson(tmp_path, [*plans(), unsound])
    report = json.loads(run(file, "--format", "json"))
    jsonschema_rs.validator_for(schema).validate(report)
    assert [other["recordId"] for x in report["records"] for y in x["findings"]
            for other in y.get("others", ())] == [plans()[0]["recordId"]]  # fmt: skip


# ----------------------------------------------------------------- where it is


def test_a_finding_has_line_and_column_in_a_file_and_none_elsewhere(tmp_path):
    file = ndjson(tmp_path, plans())
    options = CheckOptions(area="gloucestershire", as_of=AS_OF, key=new_key())
    found = [
        x for x in with_across(check_many(read_path(file, str(file)), options), options) if x.across
    ]
    (finding,) = found[0].findings
    line = file.read_text("utf-8").splitlines()[1]
    assert finding.origin.line == 2
    assert line[finding.origin.column - 1 :].startswith(f'"{plans()[1]["status"]}"')
    (elsewhere,) = reports(plans())
    assert elsewhere.findings == (
        replace(finding, origin=None, others=elsewhere.findings[0].others),
    )


def test_a_file_that_has_changed_meanwhile_gives_no_line_and_column(tmp_path):
    file = ndjson(tmp_path, plans())
    options = CheckOptions(area="gloucestershire", as_of=AS_OF, key=new_key())
    checked = list(check_many(read_path(file, str(file)), options))
    file.write_text('{"recordId": "another"}\n' * 2, "utf-8")
    (changed,) = [each for each in with_across(checked, options) if each.across]
    assert [finding.origin for finding in changed.findings] == [None]
    file.unlink()
    (gone,) = [each for each in with_across(checked, options) if each.across]
    assert gone == changed


def test_a_source_of_another_kind_is_read_again_by_whoever_knows_it():
    """Rows of two sheets may have the same number, so the record's id tells them apart."""
    options = CheckOptions(area="gloucestershire", as_of=AS_OF, key=new_key())
    sources = [
        replace(record, source="book.xlsx", position=Origin(row=2, sheet=str(number)))
        for number, record in enumerate(raws(plans()))
    ]

    class Sheet:
        def __init__(self, name):
            self.name = name

        def values(self, places):
            return {
                steps: Origin(sheet=self.name, row=2, heading="-".join(steps)) for steps in places
            }

        names = values

    def reopen(source):
        assert source == "book.xlsx"
        return [replace(record, locator=Sheet(record.position.sheet)) for record in sources]

    together = with_across(check_many(sources, options), options, reopen)
    (finding,) = [finding for report in together if report.across for finding in report.findings]
    assert finding.origin == Origin(sheet="1", row=2, heading="status")


# --------------------------------------------------------------- how sure it is


def test_a_match_by_name_and_birth_alone_says_so_and_is_no_error():
    plan, plus = plans()
    plus = merged(plus, {"relatedRecords": None})
    (sure,) = two_open([plan, plus])
    (unsure,) = two_open([without(plan), plus])
    assert sure.severity is Severity.ERROR
    assert unsure.severity is Severity.WARNING
    by_name = "The records were matched by name and date of birth only."
    assert unsure.message == f"{sure.message} {by_name}"


def test_an_id_that_one_record_has_of_the_other_is_as_sure_as_a_number():
    plan, assessment = records("ACR-006")
    (finding,) = [
        each for x in reports([without(plan), without(assessment)]) for each in x.findings
    ]
    assert finding.severity is Severity.ERROR
    assert "by name" not in finding.message


def test_a_record_without_numbers_is_not_surer_among_several_that_have_them():
    plan, plus = plans()
    request = example("gloucestershire/early-help-request")
    plus = merged(plus, {"relatedRecords": None})
    (unsure,) = two_open([without(plan), request, plus])
    assert unsure.severity is Severity.WARNING
    (sure,) = two_open([without(plan), merged(plan, {"recordId": "plan-1"}), plus])[1:]
    assert sure.severity is Severity.ERROR


def two_open(documents):
    return [
        finding for x in reports(documents) for finding in x.findings if finding.code == "ACR-001"
    ]


def test_a_waiver_holds_across_records_as_well():
    area = load_area("gloucestershire")
    waiver = Waiver("Two plans overlap while a family moves.", AS_OF)
    waived = replace(area, waivers={"ACR-001": waiver})
    (finding,) = [each for x in reports(plans(), area=waived) for each in x.findings]
    assert (finding.severity, finding.waiver) == (Severity.INFO, waiver)


def test_a_baseline_knows_a_finding_across_records_again(tmp_path):
    file, known = ndjson(tmp_path, plans()), tmp_path / "known.toml"
    run(file, "--write-baseline", known)
    assert "ACR-001" in known.read_text("utf-8")
    again = json.loads(run(file, "--baseline", known, "--format", "json"))
    assert again["counts"]["error"] == 0
    assert again["counts"]["known"] >= 1


# ---------------------------------------------------------- who takes no part


def test_what_takes_no_part_is_listed_with_the_reason():
    unsound = merged(plans()[1], {"colour": "red"})
    found = reports([plans()[0], unsound, strangers(plans()[0])])
    assert skipped(found) == {(2, UNSOUND), (3, NOBODY)}
    assert [each.findings for each in found] == [(), ()]
    assert found[0].disposition == "ready-with-gaps"  # as its own report says


def test_where_no_rule_applies_nobody_is_said_to_take_no_part():
    unsound = merged(plans()[1], {"colour": "red"})
    assert reports([plans()[0], unsound], area=NOTHING_FOLLOWED) == []


def test_the_text_counts_them_and_json_lists_them(tmp_path):
    unsound = [merged(plans()[1], {"colour": "red", "recordId": f"p-{x}"}) for x in range(3)]
    file = ndjson(tmp_path, [plans()[0], *unsound])
    told = " ".join(run(file).split())
    assert told.count(f"Not checked in 3 records: {ACROSS}. {UNSOUND}") == 1
    assert told.count(UNSOUND) == 1
    listed = json.loads(run(file, "--format", "json"))
    assert [x["line"] for x in listed["records"] for y in x["notRun"] if y["why"] == UNSOUND] == [
        2,
        3,
        4,
    ]
    assert listed["counts"]["records"] == 4


def test_a_number_that_everybody_has_makes_nobody_one_child(monkeypatch):
    monkeypatch.setattr("eh_interop.checks.comparison.MOST_OF_A_CHILD", 3)
    plan, plus = plans()
    few = [merged(plan, {"recordId": f"plan-{number}"}) for number in range(2)]
    assert skipped(reports([*few, plus])) == set()
    many = [*few, plan, plus]
    found = reports(many)
    assert {line for line, _ in skipped(found)} == {1, 2, 3, 4}
    assert not [finding for x in found for finding in x.findings]
    assert MOST_OF_A_CHILD >= 100


# ------------------------------------------------------------ flat and the same


def test_equal_bytes_are_found_in_the_order_of_their_first_number():
    known = [(b"b" * 8, 0), (b"a" * 8, 1), (b"", 2), (b"a" * 8, 3), (b"b" * 8, 4), (b"c" * 8, 5)]
    known += [(b"\0" * 7 + b"\1", 6), (b"\0" * 7 + b"\1", 7), (b"a" * 8, 8)]
    assert list(equal(known)) == [(0, [4]), (1, [3, 8]), (6, [7])]
    assert list(equal([])) == []


def test_ids_with_one_hash_are_told_apart(monkeypatch):
    monkeypatch.setattr(
        "eh_interop.checks.across.summary._hash", lambda x: b"12345678" if x else b""
    )
    kept = SummaryStore()
    mine = Mention("c1", b"n" * 40)
    for name, edition in (("a", 1), ("b", 1), (None, 1), ("a", 2), ("c", 1)):
        kept.add(packed(Summary(record_id=name, children=(mine,), edition=(edition, 0.0))))
    ids = RecordIdIndex(kept)
    assert [ids.find(each).number for each in "abc"] == [3, 1, 4]
    assert ids.find("d") is None
    assert [ids.is_older_copy(each) for each in range(5)] == [True, False, False, False, False]


def test_chance_in_the_keys_changes_nothing():
    documents = [record for code in sorted(BY_CODE) for record in records(code)]
    documents += [without(document) for document in documents[:6]]
    first = reports(documents)
    assert first
    for _ in range(4):
        assert reports(documents) == first


def test_less_than_three_hundred_bytes_are_kept_of_a_plan():
    options = CheckOptions(area=None, as_of=AS_OF, key=new_key())
    (report,) = check_many(raws([example("minimal/plan")]), options)
    assert len(report.summary) < 300
    assert batches.LIMIT * 500 < 32_000_000


def test_a_record_has_one_disposition_and_the_totals_count_it(tmp_path):
    """What the other records show makes a record that was ready into one with gaps."""
    file = ndjson(tmp_path, plans())
    report = json.loads(run(file, "--format", "json"))
    by_line = {}
    for entry in report["records"]:
        before = by_line.setdefault(entry["line"], entry["disposition"])
        assert entry["disposition"] == before or entry["insteadOf"] == before
        by_line[entry["line"]] = entry["disposition"]
    for disposition in ("ready", "ready-with-gaps"):
        assert report["counts"][disposition] == list(by_line.values()).count(disposition)
    assert report["counts"]["records"] == len(by_line)
    assert "because of the other records (by itself: READY)" in run(file)

"""Rules across records: their examples, who is who, what is kept, and what is never said."""

import json
import re
import tracemalloc
from dataclasses import replace
from datetime import date

import pytest
from click.testing import CliRunner
from tests.helpers.report_samples import COUNTS
from tests.helpers.rule_bases import AREA, merged
from tests.helpers.support import AS_OF, example

from eh_interop.checks import comparing as batches
from eh_interop.checks import comparison as compare
from eh_interop.checks.across.identity import RecordLinker, certainly_different, keys_of
from eh_interop.checks.across.records import ChildRecords, across_rules
from eh_interop.checks.across.summary import unpacked
from eh_interop.checks.catalogue import entries, example_of
from eh_interop.checks.comparing import Batch, with_summary
from eh_interop.checks.engine import CompiledEngine
from eh_interop.checks.parallel import CheckOptions, check_many, new_key, with_across
from eh_interop.checks.rules.engine import all_rules
from eh_interop.cli import main
from eh_interop.core.findings import Origin
from eh_interop.protection import traces
from eh_interop.reading import SourceRecord
from eh_interop.reading.json_records import JsonLocator
from eh_interop.reports import FORMATS
from eh_interop.standard.areas import load_area
from eh_interop.standard.guidance import clauses
from eh_interop.standard.model import Child, Identifier, Name
from eh_interop.standard.schemas import load_standard

RULES = across_rules()
MARKER = "Zq7Marker"
KEY = b"k" * 32
GLOUCESTERSHIRE = load_area("gloucestershire")


def each_rule(rule):
    return f"{rule.code}-{rule.name}"


def records(patches):
    """Return the example records that are named, each with its changes."""
    return [merged(example(name.partition("#")[0]), patch) for name, patch in patches.items()]


def raw(document, line=1):
    text = json.dumps(document).encode()
    return SourceRecord(
        source="all.ndjson",
        position=Origin(line=line),
        document=document,
        text=text,
        locator=JsonLocator(text, line),
    )


def across(*documents, area="gloucestershire", jobs=1):
    options = CheckOptions(area=area, as_of=AS_OF, key=new_key(), trace=traces)
    raws = [raw(each, line) for line, each in enumerate(documents, 1)]
    return [each for each in with_across(check_many(raws, options, jobs), options) if each.across]


def seen(*documents, **options):
    return {
        (finding.code, report.record_id, finding.place)
        for report in across(*documents, **options)
        for finding in report.findings
    }


def trips(*documents, **options):
    return {code for code, _, _ in seen(*documents, **options)}


# ---------------------------------------------------------------- examples


@pytest.mark.parametrize("rule", RULES, ids=each_rule)
def test_examples_are_sound_in_shape(rule):
    for document in [*records(rule.passes), *records(rule.fails)]:
        engine = CompiledEngine(load_standard(), document["recordType"], ())
        assert [(x.keyword, x.steps) for x in engine.violations(document)] == []


@pytest.mark.parametrize("rule", RULES, ids=each_rule)
def test_passing_example_passes(rule):
    assert rule.code not in trips(*records(rule.passes))


@pytest.mark.parametrize("rule", RULES, ids=each_rule)
def test_failing_example_trips_this_rule_alone(rule):
    documents = records(rule.fails)
    for order in (documents, documents[::-1]):
        assert trips(*order) == {rule.code}


@pytest.mark.parametrize("rule", RULES, ids=each_rule)
def test_it_needs_the_other_record(rule):
    for document in records(rule.fails):
        assert trips(document) == set()


@pytest.mark.parametrize("rule", RULES, ids=each_rule)
def test_places_are_where_a_value_can_stand(rule):
    kinds = {record["recordId"]: record["recordType"] for record in records(rule.fails)}
    for _, record_id, place in seen(*records(rule.fails)):
        steps = tuple(int(x) if x.isdigit() else x for x in place.split("/")[1:])
        assert len(list(load_standard().fields(kinds[record_id], steps))) == len(steps)


def test_the_story_of_the_example_family_holds_nothing_across_records():
    names = ["my-plan", "my-plan-plus", "early-help-assessment", "consent-record", "taf-review"]
    names += ["marf", "referral-outcome", "escalation", "early-help-request", "plan-notification"]
    assert trips(*(example(f"gloucestershire/{name}") for name in names)) == set()


# ------------------------------------------------------------- house style


@pytest.mark.parametrize("rule", RULES, ids=each_rule)
def test_house_style(rule):
    assert re.fullmatch(r"ACR-\d{3}", rule.code)
    assert rule.looks_at is ChildRecords
    assert rule.title[0].isupper()
    assert len(rule.title) < 110
    assert rule.why.endswith(".")
    assert rule.cites
    assert set(rule.cites) <= clauses().keys()
    assert rule.ask is None or rule.ask.endswith((".", "?"))
    assert not rule.needs


def test_codes_and_names_are_like_no_other():
    codes = [entry.code for entry in entries()]
    assert len(set(codes)) == len(codes)
    names = [each.name for each in (*RULES, *all_rules())]
    assert len(set(names)) == len(names)


@pytest.mark.parametrize("rule", RULES, ids=each_rule)
def test_the_catalogue_knows_it(rule):
    (entry,) = [each for each in entries() if each.code == rule.code]
    assert set(entry.records) == {record["recordType"] for record in records(rule.fails)} | {
        record["recordType"] for record in records(rule.passes)
    }
    assert example_of(entry).fails == rule.fails
    page = CliRunner().invoke(main, ["explain", rule.code], standalone_mode=False)
    assert page.exception is None


@pytest.mark.parametrize("rule", RULES, ids=each_rule)
def test_it_runs_only_where_its_guidance_is_followed(rule):
    nothing = replace(load_area("england"), follows=frozenset())
    assert trips(*records(rule.fails), area=nothing) == set()


def test_the_area_of_the_record_concerned_decides():
    (local,) = (rule for rule in RULES if rule.code == "ACR-011")
    given = records(local.fails)
    assert "ACR-011" in trips(*given, area=None)
    for document in given:
        document["area"] = "england"
    assert "ACR-011" not in trips(*given, area=None)


# -------------------------------------------------------------- who is who


def child(born="2016-04-19", name="Idris Ferrant", **numbers):
    found = tuple(
        Identifier(type=kind.replace("_", "-"), value=value, issuer="A")
        for kind, value in numbers.items()
    )
    return Child(
        id="c1",
        name=Name(full=name) if name else None,
        date_of_birth=date.fromisoformat(born) if born else None,
        identifiers=found,
    )


def groups(*children):
    known = RecordLinker()
    for each in children:
        known.add(keys_of(each, KEY))
    known.link_by_identifier()
    known.link_by_name()
    return list(known.children())


@pytest.mark.parametrize(
    ("children", "expected"),
    [
        ([child(name="Idris F", nhs_number="9"), child(nhs_number="9")], [0, 0]),
        ([child(nhs_number="999 104"), child(name=None, nhs_number="999104")], [0, 0]),
        ([child(nhs_number="1"), child(nhs_number="2")], [0, 1]),
        ([child(nhs_number="1", upn="A"), child(nhs_number="2", upn="A")], [0, 1]),
        ([child(nhs_number="1", upn="A"), child(name="I F", upn="a")], [0, 0]),
        ([child(la_child_id="7"), child(name="I F", la_child_id="7")], [0, 0]),
        ([child(), child(name="IDRIS  ferrant")], [0, 0]),
        ([child(), child(born="2016-04-20")], [0, 1]),
        ([child(born=None), child(born=None)], [0, 1]),
        ([child(nhs_number="1"), child()], [0, 0]),
        ([child(nhs_number="1"), child(), child(nhs_number="2")], [0, 1, 2]),
        ([child(nhs_number="1"), child(upn="A"), child(nhs_number="1", upn="A")], [0, 0, 0]),
        (
            [child(nhs_number="1"), child(name="Ada Lowe", born="2001-01-01", nhs_number="1")],
            [0, 1],
        ),
    ],
)
def test_children_are_matched_by_number_and_then_by_name_and_birth(children, expected):
    assert groups(*children) == expected


@pytest.mark.parametrize(
    "name", ["Niamh O\u2019Neill", "niamh o'neill", "Niamh O\u02bc Neill", "Niamh ONEILL"]
)
def test_a_name_is_the_same_however_it_is_written(name):
    assert groups(child(name="Niamh O'Neill"), child(name=name)) == [0, 0]


def test_a_number_that_a_child_had_before_links_two_records():
    """A child who moved to another school authority has another unique pupil number since."""
    before = child(upn="A123456789012")
    since = child(upn="B123456789012", former_upn="A123456789012")
    assert groups(before, since) == groups(since, before) == [0, 0]
    assert groups(before, since, child(upn="B123456789012", name=None)) == [0, 0, 0]
    assert not certainly_different(keys_of(before, KEY), keys_of(since, KEY))
    assert groups(before, child(upn="B123456789012")) == [0, 1]


def test_a_former_number_does_not_outweigh_a_surer_one():
    before = child(nhs_number="9991045015", upn="A123456789012")
    other = child(nhs_number="9991045023", upn="B123456789012", former_upn="A123456789012")
    assert groups(before, other) == [0, 1]


def test_a_number_of_the_local_authority_counts_only_with_its_issuer():
    one, other = child(name="A B", la_child_id="7"), child(name="C D", born=None, la_child_id="7")
    elsewhere = Identifier(type="la-child-id", value="7", issuer="B")
    import msgspec

    assert groups(one, other) == [0, 0]
    assert groups(one, msgspec.structs.replace(other, identifiers=(elsewhere,))) == [0, 1]


def test_two_children_are_surely_two_only_if_something_says_so():
    def surely(one, other):
        return certainly_different(keys_of(one, KEY), keys_of(other, KEY))

    assert surely(child(nhs_number="1"), child(nhs_number="2"))
    assert surely(child(), child(name="Ada Lowe", born="2001-01-01"))
    assert not surely(child(), child(name="Idris F"))
    assert not surely(child(nhs_number="1"), child(name="Idris F", born=None, upn="A"))


def without_numbers(document):
    for each in document["children"]:
        each.pop("identifiers", None)
    return document


def test_plans_without_numbers_are_matched_by_name_and_birth():
    plan, plus = records(RULES[0].fails)
    assert trips(without_numbers(plan), without_numbers(plus)) == {"ACR-001"}
    for each in plus["children"]:
        each["dateOfBirth"] = "2011-01-01"
    assert trips(plan, plus) == set()


# ------------------------------------------------- copies, doubts and risk


def test_two_copies_of_one_record_are_not_two_records():
    plan = merged(example("gloucestershire/my-plan-plus"), {"relatedRecords": None})
    assert trips(plan, plan) == set()
    older = merged(plan, {"version": 1, "updatedAt": "2026-03-16T17:20:00Z"})
    closed = merged(
        plan, {"version": 9, "status": "closed", "closure": {"on": "2026-10-20", "reason": "other"}}
    )
    outcome = example("gloucestershire/referral-outcome")
    for order in ((older, closed, outcome), (closed, older, outcome)):
        assert trips(*order) == {"ACR-011"}


def test_an_id_that_two_children_have_is_not_looked_up():
    plan, assessment = records(next(each for each in RULES if each.code == "ACR-006").fails)
    mine = example("gloucestershire/early-help-assessment")
    assert trips(plan, assessment, mine) == set()


def test_a_record_whose_shape_is_not_sound_takes_no_part():
    plan, plus = records(RULES[0].fails)
    plus["colour"] = "red"
    assert trips(plan, plus) == set()


def test_an_old_copy_of_a_plan_that_is_known_to_be_closed_is_not_open():
    plan, plus = records(RULES[0].fails)
    assert trips(plan, example("gloucestershire/my-plan-plus")) == set()
    assert trips(plan, plus) == {"ACR-001"}


def test_immediate_risk_leads_and_nothing_is_an_error():
    documents = records(next(each for each in RULES if each.code == "ACR-008").fails)
    documents[0]["immediateRisk"] = True
    (report,) = across(*documents)
    assert report.disposition == "act-now"
    assert report.do_now == GLOUCESTERSHIRE.do_now
    assert {finding.severity for finding in report.findings} == {"warning"}


def test_a_rule_of_ours_that_fails_is_a_fault_and_the_others_still_run(monkeypatch):
    def fails(_part, _context):
        raise KeyError(MARKER)

    broken = replace(RULES[1], check=fails)
    monkeypatch.setattr(compare, "across_rules", lambda: (RULES[0], broken, *RULES[2:]))
    (report,) = across(*records(RULES[0].fails))
    assert [finding.code for finding in report.findings] == ["ACR-001"]
    (fault,) = report.not_run
    assert fault.fault
    assert fault.check == broken.code
    assert MARKER not in fault.why


def test_a_fault_in_summing_up_never_loses_the_report(monkeypatch):
    def fails(*_arguments, **_options):
        raise KeyError(MARKER)

    monkeypatch.setattr(batches, "summarise", fails)
    options = CheckOptions(area=None, as_of=AS_OF, key=KEY)
    report = options.check(raw(example("minimal/plan")))
    assert report.disposition == "ready"
    assert [each.fault for each in report.not_run if each.check == "ACR-000"] == [True]
    assert MARKER not in repr(report)


# ----------------------------------------------------------- the command


def folder(tmp_path, documents):
    file = tmp_path / "all.ndjson"
    file.write_text("".join(f"{json.dumps(document)}\n" for document in documents), "utf-8")
    return file


def run(*arguments, across=True):
    asked = [] if across else ["--no-across"]
    result = CliRunner().invoke(
        main,
        ["check", "--as-of", "2026-11-01", *asked, *map(str, arguments)],
        standalone_mode=False,
    )
    assert result.exception is None
    return result


def test_the_command_reports_once_more_and_counts_once(tmp_path):
    file = folder(tmp_path, records(RULES[0].fails))
    report = json.loads(run(file, "--format", "json").stdout)
    assert [record.get("across", False) for record in report["records"]] == [False, False, True]
    last = report["records"][-1]
    assert (last["line"], last["recordId"]) == (2, "plan-2026-00102")
    assert last["findings"][0]["code"] == "ACR-001"
    assert report["counts"]["records"] == 2
    assert report["counts"]["error"] >= 1
    lone = json.loads(run(file, "--format", "json", across=False).stdout)
    assert lone["records"] == report["records"][:2]


def test_one_record_is_compared_with_nothing(tmp_path):
    file = folder(tmp_path, records(RULES[0].fails)[:1])
    assert "ACR-" not in run(file, "--format", "json").stdout


def test_findings_across_records_can_be_left_out(tmp_path):
    file = folder(tmp_path, records(RULES[0].fails))
    result = run(file, "--ignore", "two-plans-open", "--format", "json")
    assert "ACR-001" not in str([x["findings"] for x in json.loads(result.stdout)["records"]])


@pytest.mark.parametrize("name", sorted(set(FORMATS) - COUNTS))
def test_every_format_says_so(tmp_path, name):
    file = folder(tmp_path, records(RULES[0].fails))
    text = run(file, "--format", name).stdout
    assert "ACR-001" in text
    assert "across" in text.lower()


@pytest.mark.slow
@pytest.mark.parametrize("name", sorted(set(FORMATS) - COUNTS))
def test_two_processes_say_the_same(tmp_path, name):
    documents = [record for rule in RULES for record in records(rule.fails)]
    file = folder(tmp_path, documents)
    one, two = (run(file, "--format", name, "--jobs", jobs).stdout for jobs in (1, 2))
    assert one == two
    assert "ACR-" in one


# ---------------------------------------------------- privacy and memory


def planted(value, name=""):
    """Put the marker into every text of a record that is not a code, an id or a date."""
    if isinstance(value, dict):
        return {key: each if key == "absent" else planted(each, key) for key, each in value.items()}
    if isinstance(value, list):
        return [planted(each, name) for each in value]
    free = {"given", "family", "full", "name", "description", "note", "title", "summary", "text"}
    return f"{value} {MARKER}" if isinstance(value, str) and name in free else value


@pytest.mark.parametrize("rule", RULES, ids=each_rule)
def test_nothing_that_is_kept_or_printed_holds_a_word_or_a_number(tmp_path, rule):
    documents = [planted(record) for record in records(rule.fails)]
    options = CheckOptions(area="gloucestershire", as_of=AS_OF, key=KEY, trace=traces)
    for document in documents:
        kept = options.check(raw(document)).summary
        assert MARKER.encode() not in kept
        for each in document["children"]:
            for number in each.get("identifiers", ()):
                assert number.get("value", MARKER).encode() not in kept
            if "dateOfBirth" in each:
                assert each["dateOfBirth"].encode() not in kept
    file = folder(tmp_path, documents)
    for name in FORMATS:
        text = run(file, "--format", name).output
        assert rule.code in text or name in COUNTS
        assert MARKER not in text
    assert MARKER not in repr(across(*documents))


def test_hashes_of_two_calls_cannot_be_compared():
    one, other = (keys_of(child(nhs_number="1"), new_key()) for _ in range(2))
    assert one != other
    assert certainly_different(one, other)


def test_a_summary_says_what_it_is_said_to_keep():
    report = CheckOptions(area=None, as_of=AS_OF, key=KEY).check(
        raw(example("gloucestershire/marf"))
    )
    summary = unpacked(report.summary)
    assert (summary.record_id, summary.record_type) == ("marf-2026-00655", "marf")
    assert date.fromordinal(summary.on).isoformat() == "2026-10-12"
    assert len(summary.children) == 4
    assert len(report.summary) < 3_000


def test_a_batch_keeps_little_of_each_record():
    """Of a plan of 7 KB with its report, less than a tenth of its text is kept."""
    document = example("minimal/plan")
    size = len(json.dumps(document))
    key = new_key()
    checked = CheckOptions(area="england", as_of=AS_OF).check(raw(document))

    def kept(count):
        batch = Batch("england", AS_OF)
        tracemalloc.start()
        for number in range(count):
            copy = merged(document, {"recordId": f"plan-{number}"})
            report = replace(checked, record_id=f"plan-{number}", document=copy)
            batch.add(with_summary(report, key))
        current, _ = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        assert len(batch) == count
        return current

    kept(10)
    assert kept(400) - kept(100) < 300 * size / 10


def test_records_are_not_compared_if_nobody_asks():
    options = CheckOptions(area=None, as_of=AS_OF)
    assert options.check(raw(example("minimal/plan"))).summary is None
    assert AREA.key == "demanding"


def test_two_open_plans_of_any_kind_are_told_in_every_area():
    """Other areas call plans otherwise, and a family has to tell its story twice there too."""
    plans = records(RULES[0].fails)
    for plan in plans:
        plan["planType"] = "early-help-action-plan"
    assert "ACR-001" in trips(*plans, area=load_area("england"))
    plans[0]["planType"] = "my-profile"  # of one agency, beside any other plan
    assert "ACR-001" not in trips(*plans, area=load_area("england"))

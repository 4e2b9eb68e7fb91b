"""Which papers a pack needs, by its kind and the area, and whether they are the right ones."""

import pytest
from tests.helpers.packing import codes, make
from tests.helpers.support import example

from eh_interop import load_area
from eh_interop.checks.catalogue import entries, find
from eh_interop.cli.commands.pack import _TYPES
from eh_interop.core.findings import Layer, Severity
from eh_interop.standard.finding_codes import finding_codes
from eh_interop.standard.guidance import clauses
from eh_interop.standard.pack_kinds import pack_kinds
from eh_interop.standard.schemas import load_standard

STANDARD = load_standard()
PAPERS = ("genogram", "chronology", "neglect-toolkit", "taf-review-minutes", "my-progress-chart")
RECORDS = ("my-plan", "early-help-assessment", "my-plan-plus", "consent-record")


@pytest.fixture
def marf():
    return example("gloucestershire/marf")


def others(*names):
    return [example(f"gloucestershire/{name}") for name in names]


def missing(built):
    return [code for code in codes(built) if code != "PCK-104"]


def test_a_whole_pack_has_nothing_missing(tmp_path, marf):
    assert missing(make(tmp_path, [marf, *others(*RECORDS)], *PAPERS)) == []


@pytest.mark.parametrize(
    ("paper", "code"),
    [
        ("genogram", "PCK-304"),
        ("neglect-toolkit", "PCK-306"),
        ("taf-review-minutes", "PCK-305"),
    ],
)
def test_a_paper_that_is_not_there_is_asked_for(tmp_path, marf, paper, code):
    papers = [each for each in PAPERS if each != paper]
    built = make(tmp_path, [marf, *others(*RECORDS)], *papers)
    assert missing(built) == ["PCK-202", code]
    for attachment in marf["attachments"]:
        if attachment["type"] == paper:
            attachment |= {"status": "not-attached", "reason": "not-obtained"}
    built = make(tmp_path, [marf, *others(*RECORDS)], *papers)
    assert missing(built) == [], "a reason counts"


@pytest.mark.parametrize(
    ("record", "paper", "code"),
    [
        ("my-plan", "my-plan", "PCK-301"),
        ("my-plan-plus", "my-plan-plus", "PCK-302"),
        ("early-help-assessment", "early-help-assessment", "PCK-303"),
    ],
)
def test_a_plan_or_assessment_goes_as_a_record_or_a_paper(tmp_path, marf, record, paper, code):
    kept = others(*(each for each in RECORDS if each != record))
    assert missing(make(tmp_path, [marf, *kept], *PAPERS)) == ["PCK-202", code]
    assert missing(make(tmp_path, [marf, *kept], *PAPERS, paper)) == []


@pytest.mark.parametrize(
    ("concern", "paper", "code"),
    [
        ("child-sexual-exploitation", "exploitation-screening", "PCK-307"),
        ("disability", "disability-screening", "PCK-308"),
    ],
)
def test_tools_match_the_concerns(tmp_path, marf, concern, paper, code):
    marf["concerns"][0]["types"] = [concern]
    records = [marf, *others(*RECORDS)]
    assert code in missing(make(tmp_path, records, *PAPERS))
    built = make(tmp_path, records, *PAPERS, paper)
    assert missing(built) == ["PCK-203", "PCK-205"], "nobody listed it, so its day is not known"
    listed = {"id": "a20", "type": paper, "status": "attached", "date": "2026-10-01"}
    marf["attachments"].append(listed)
    assert missing(make(tmp_path, records, *PAPERS, paper)) == []


def test_old_minutes_are_told(tmp_path, marf):
    (minutes,) = (
        attachment
        for attachment in marf["attachments"]
        if attachment["type"] == "taf-review-minutes"
    )
    minutes["date"] = "2026-06-01"
    assert missing(make(tmp_path, [marf, *others(*RECORDS)], *PAPERS)) == ["PCK-204"]
    del marf["latestReviewOn"]
    assert missing(make(tmp_path, [marf, *others(*RECORDS)], *PAPERS)) == []
    records = [marf, *others(*RECORDS, "taf-review")]
    assert missing(make(tmp_path, records, *PAPERS)) == [], "the review itself is in the pack"


def test_local_papers_are_asked_for_only_where_the_guidance_is_followed(tmp_path, marf):
    built = make(tmp_path, [marf], area=load_area("england"))
    assert set(missing(built)) == {"PCK-202"}
    assert "PCK-304" in missing(make(tmp_path, [marf], area=load_area("gloucestershire")))


def test_normally_is_never_more_than_a_warning(tmp_path, marf):
    built = make(tmp_path, [marf])
    assert {finding.severity for finding in built.judgement.findings} == {Severity.WARNING}


def test_a_step_down_needs_the_plan_and_the_single_assessment(tmp_path):
    record = example("gloucestershire/step-down")
    how = {"kind": "step-down", "to": "o2"}
    built = make(tmp_path, [record], **how)
    found = {finding.code: finding.severity.value for finding in built.judgement.findings}
    assert found["PCK-401"] == found["PCK-402"] == "error"
    assert not built.judgement.stops, "a pack can always be made incomplete"
    built = make(tmp_path, [record], "single-assessment", "agreed-plan", **how)
    assert {"PCK-401", "PCK-402"}.isdisjoint(codes(built))
    plan = example("gloucestershire/my-plan-plus")
    built = make(tmp_path, [record, plan], "single-assessment", **how)
    assert "PCK-402" not in codes(built)
    record["origin"] = "child-protection"
    assert {"PCK-401", "PCK-402"}.isdisjoint(codes(make(tmp_path, [record], **how)))


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (lambda record: record.pop("lead"), "STP-224"),
        (lambda record: record.pop("outstandingNeeds"), "STP-355"),
        (lambda record: record.pop("reusedAssessments"), "STP-055"),
        (lambda record: record.pop("firstReviewOn"), "STP-133"),
        (lambda record: record.update(firstReviewOn="2026-12-30"), "TRF-010"),
        (lambda record: record.pop("planningMeeting"), "STP-125"),
        (lambda record: record["consents"].pop(0), "TRF-004"),
        (lambda record: record.update(transferOn="2026-09-29"), "TRF-005"),
        (lambda record: record.pop("team"), "STP-127"),
    ],
)
def test_what_else_a_step_down_needs_is_a_gap_of_its_part(tmp_path, change, code):
    record = example("gloucestershire/step-down")
    change(record)
    built = make(tmp_path, [record], kind="step-down", to="o2")
    gaps = {gap["code"]: gap.get("in") for gap in built.description["gaps"]}
    assert gaps[code] == "data/records/001-step-down.json"
    assert any(code in part.checks for part in pack_kinds()["step-down"].parts)


def test_a_pack_without_its_main_record_is_told(tmp_path):
    built = make(tmp_path, others("my-plan-plus"), to="o12")
    assert "PCK-201" in codes(built)
    assert "about" not in built.description


def test_rules_across_records_run_over_a_pack(tmp_path, marf):
    plan = example("gloucestershire/my-plan-plus")
    assessment = example("gloucestershire/early-help-assessment")
    assessment["completedOn"] = "2026-05-01"
    built = make(tmp_path, [marf, plan, assessment])
    across = [
        finding
        for report in built.judgement.reports
        if report.across
        for finding in report.findings
    ]
    assert [each.code for each in across] == ["ACR-007"]
    assert ("ACR-007", "data/records/002-plan.json") in {
        (gap["code"], gap.get("in")) for gap in built.description["gaps"]
    }


# ---------------------------------------------------------------- the data


def test_the_command_offers_every_kind_of_pack():
    assert set(_TYPES) == set(pack_kinds())


def test_kinds_of_pack_name_what_exists():
    known = {entry.code for entry in entries()}
    papers = {row.code for row in STANDARD.codes("attachment-type")}
    purposes = {row.code for row in STANDARD.codes("consent-purpose")}
    for kind in pack_kinds().values():
        assert kind.record in STANDARD.record_types
        assert purposes.issuperset(kind.purposes)
        assert set(kind.basic_records) <= set(STANDARD.record_types)
        for part in kind.parts:
            assert known.issuperset(part.checks), part.title
            assert clauses().keys() >= set(part.cites)
        for requirement in kind.requirements:
            assert requirement.document is None or requirement.document in papers
            assert clauses().keys() >= set(requirement.cites)
            assert requirement.code in {code for part in kind.parts for code in part.checks}


def test_what_an_area_says_is_not_needed_exists():
    lists = {"purposes": "consent-purpose", "documents": "attachment-type"}
    declared = load_area("gloucestershire").facts["not-needed"]
    assert declared
    for each in declared:
        assert set(each.get("records", ())) <= set(STANDARD.record_types)
        assert clauses().keys() >= set(each["cites"])
        for name, codelist in lists.items():
            assert {row.code for row in STANDARD.codes(codelist)} >= set(each.get(name, ()))


def test_the_papers_that_an_area_lists_are_those_that_a_referral_pack_needs():
    needed = {requirement.document for requirement in pack_kinds()["referral"].requirements}
    listed = {each["document"] for each in load_area("gloucestershire").facts["marf-paper"]}
    assert listed == needed


def test_every_check_of_packs_is_in_the_catalogue():
    stated = {(code.code, code.name) for code in finding_codes().values() if code.family == "packs"}
    for kind in pack_kinds().values():
        stated |= {(requirement.code, requirement.name) for requirement in kind.requirements}
    assert {(each.code, each.name) for each in entries() if each.layer is Layer.PACK} == stated
    (entry,) = find("no-genogram-in-pack")
    assert set(entry.areas) == {"gloucestershire"}
    assert set(find("PCK-001")[0].areas) == {"england", "gloucestershire", "staffordshire"}


def test_an_area_can_raise_and_waive_a_check_of_packs(tmp_path, marf):
    area = tmp_path / "mine.toml"
    area.write_text(
        "area = 'mine'\ntitle = 'Mine'\nextends = 'gloucestershire'\n"
        "[severity]\nPCK-304 = { level = 'error', why = 'Agreed.' }\n"
        "[waive]\nPCK-306 = { why = 'Held in the case system.', until = 2026-12-01 }\n",
        "utf-8",
    )
    built = make(tmp_path, [marf], area=load_area(str(area)))
    found = {finding.code: finding for finding in built.judgement.findings}
    assert found["PCK-304"].severity is Severity.ERROR
    assert found["PCK-306"].severity is Severity.INFO
    assert found["PCK-306"].waiver

"""Cover pages: what stands where, and what is left out."""

import copy
import itertools
import re
from datetime import date

import pytest
from click.testing import CliRunner
from lxml import html
from tests.helpers.support import AS_OF, EXAMPLES, example

from eh_interop.cli import main
from eh_interop.letters.cover import Cover, Gap, Paper, cover_of, cover_page, papers_of
from eh_interop.letters.cover.levels import histories
from eh_interop.letters.cover.timeline import timeline

MARF = "gloucestershire/marf"
ALL = [
    MARF,
    "gloucestershire/my-plan",
    "gloucestershire/my-plan-plus",
    "gloucestershire/early-help-assessment",
    "gloucestershire/consent-record",
]
EVERY = sorted(
    path.relative_to(EXAMPLES).with_suffix("").as_posix()
    for path in EXAMPLES.rglob("*.json")
    if "invalid" not in path.parts
)


def page(*names, **facts):
    cover = cover_of([example(name) for name in names], as_of=AS_OF, **facts)
    return html.fromstring(cover_page(cover))


def headings(tree):
    return [each.text_content() for each in tree.iter("h1", "h2")]


def section(tree, title):
    (found,) = (each for each in tree.iter("section") if each.findtext("h2") == title)
    return " ".join(found.text_content().split())


def test_warnings_stand_before_everything_else():
    found = headings(page(*ALL))
    assert found[1:4] == ["Safety warnings", "Keep from the people named here", "Who, what and why"]


def test_immediate_risk_leads():
    tree = page("gloucestershire/marf-immediate-risk")
    assert headings(tree)[1] == "Act now: somebody may be at immediate risk"
    assert "999" in tree.text_content()


def test_immediate_risk_leads_on_an_almost_empty_record():
    tree = html.fromstring(cover_page(cover_of([{"immediateRisk": True}], as_of=AS_OF)))
    assert headings(tree)[1] == "Act now: somebody may be at immediate risk"


def test_who_what_and_why():
    told = section(page(*ALL, recipient="The hub"), "Who, what and why")
    for words in ("Freya Rose Dacre", "Desmond Achterberg", "The hub", "Child protection"):
        assert words in told
    assert "marf-2026-00655" in told


def test_a_referrer_who_wants_to_stay_unknown_is_not_named():
    record = example(MARF)
    record["referrer"]["wantsAnonymity"] = True
    cover = cover_of([record], as_of=AS_OF)
    tree = html.fromstring(cover_page(cover))
    assert "Desmond Achterberg" not in section(tree, "Who, what and why")


def test_consent_names_who_what_and_the_recipient_first():
    tree = page(*ALL, recipient="Outreach, Thistledown Domestic Abuse Support")
    told = section(tree, "Consent at a glance")
    for words in ("Referral to social care", "Given: Rachel (9 October 2026)", "Not with: Adrian"):
        assert words in told
    assert "Thistledown Domestic Abuse Support" in told


def test_without_consent_the_recorded_reason_is_shown():
    tree = page("staffordshire/referral-without-agreement")
    told = section(tree, "Consent at a glance")
    assert "Refused: Sarah (29 September 2026)" in told
    assert "Lawful basis: Public task" in told
    assert "Niamh's diabetes is out of control" in told


@pytest.mark.parametrize("status", ["refused", "not-sought", "not-obtained"])
def test_a_missing_reason_is_said(status):
    record = {"children": [], "consents": [{"id": "cs1", "purposes": [], "status": status}]}
    tree = html.fromstring(cover_page(Cover(records=[record], as_of=AS_OF)))
    assert "No reason is recorded." in section(tree, "Consent at a glance")


def test_documents_here_and_missing_with_reasons():
    told = section(page(MARF), "Records and documents")
    here, missing = told.split("Documents that are missing")
    assert "Chronology 2019 to 2026" in here
    assert "Police report of 3 October 2026" in missing
    assert "Not yet obtained. Asked for on 9 October." in missing


def test_papers_and_gaps_can_be_given():
    cover = Cover(
        records=[],
        as_of=AS_OF,
        papers=(Paper("Body map", "Body map", "To follow", present=False, reason="Not known"),),
        gaps=(Gap("MARF", "Documents", "Please send the genogram.", serious=False),),
    )
    tree = html.fromstring(cover_page(cover))
    assert "Body map" in section(tree, "Records and documents")
    assert "Please send the genogram." in section(tree, "What is missing")


def test_gaps_come_from_the_check():
    told = section(page("gloucestershire/marf-immediate-risk"), "What is missing")
    assert "Please send the genogram, or say why there is none." in told


def test_levels_are_a_chart_with_the_same_in_words():
    tree = page(*ALL)
    (first, second) = (each for each in tree.iter("svg") if each.get("class") == "levels")
    assert first.findtext("title") == "Level of need: Freya, Jonah and Poppy"
    assert "12 October 2026: level 4 (Specialist)." in first.findtext("desc")
    assert second.findtext("title") == "Level of need: Unborn baby"


def test_levels_are_only_what_was_decided():
    records = [example(name) for name in ALL]
    (eldest, _) = histories(Cover(records=records, as_of=AS_OF))
    stated = {
        (level["decidedOn"], level["level"])
        for record in records
        for level in record.get("levels", ())
    }
    assert {(decision.on.isoformat(), decision.level) for decision in eldest.decisions} <= stated


def test_the_timeline_is_in_order_and_says_what_is_still_to_come():
    events = timeline(Cover(records=[example(name) for name in ALL], as_of=AS_OF))
    assert events == sorted(events)
    assert ("My Plan: closed (stepped up)", False) in [(event.what, event.due) for event in events]
    assert [event.what for event in events if event.due] == [
        "Early Help Assessment: next review",
        "My Plan+: next review",
    ]


def test_the_leading_record_need_not_come_first():
    record = page("gloucestershire/my-plan", MARF)
    assert headings(record)[0] == "Multi-agency referral (MARF): cover page"


def secrets(record):
    """Yield every text that must not reach the family."""
    for warning in record.get("safetyWarnings", ()):
        yield warning.get("description")
    for kept in record.get("withheldInformation", ()):
        yield from (kept.get("about"), kept.get("detail"), kept.get("reason"))
    for paper in record.get("attachments", ()):
        if paper.get("confidential") or paper["status"] in {"to-follow", "not-attached"}:
            yield from (paper.get("title"), paper.get("reasonNote"))
    for consent in record.get("consents", ()):
        if consent["status"] != "given":
            yield from (consent.get("rationale"), consent.get("goAheadReason"))


@pytest.mark.parametrize("name", EVERY)
def test_the_family_learns_no_secret_and_not_that_there_is_one(name):
    record = example(name)
    tree = page(name, for_family=True)
    told = " ".join(tree.text_content().split())
    for secret in filter(None, secrets(record)):
        assert " ".join(secret.split()) not in told
    for words in ("Safety warnings", "Keep from", "kept from", "left out", "Act now", "missing"):
        assert words not in told.replace("missing:", "")


def test_the_family_does_not_see_homes_that_must_stay_unknown():
    told = page(MARF, for_family=True).text_content()
    assert "Mum's home" not in told
    assert "Mum's home" in page(MARF).text_content()


def test_withheld_details_are_never_repeated():
    record = example(MARF)
    detail = record["withheldInformation"][0]["detail"]
    assert detail not in page(MARF).text_content()


@pytest.mark.parametrize("name", EVERY)
def test_every_example_has_an_accessible_page(name):
    text = cover_page(cover_of([example(name)], as_of=AS_OF))
    tree = html.fromstring(text)
    assert tree.get("lang") == "en-GB"
    assert len(list(tree.iter("h1"))) == 1
    levels = [int(each.tag[1]) for each in tree.iter("h1", "h2", "h3", "h4")]
    assert all(b - a <= 1 for a, b in itertools.pairwise(levels))
    for table in tree.iter("table"):
        assert table.findtext("caption")
        assert all(each.get("scope") == "col" for each in table.iter("th"))
    for picture in tree.iter("svg"):
        for name_of in picture.get("aria-labelledby").split():
            assert tree.get_element_by_id(name_of).text_content()
    ids = re.findall(r' id="([^"]+)"', text)
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize("name", EVERY)
def test_the_page_loads_nothing(name):
    text = cover_page(cover_of([example(name)], as_of=AS_OF))
    assert not re.search(r"<script|<link|<img|\bsrc=|@import|url\((?!#)", text)


def test_names_cannot_become_markup():
    record = copy.deepcopy(example(MARF))
    record["children"][0]["name"]["preferred"] = "<b>x</b>"
    record["safetyWarnings"][0]["description"] = "<script>"
    record["attachments"][0]["title"] = "<i>"
    text = cover_page(cover_of([record], as_of=AS_OF))
    assert not re.search(r"<b>|<i>|<script>", text)


@pytest.mark.parametrize(
    "record",
    [
        {},
        {
            "recordType": "marf",
            "consents": 3,
            "levels": [{"level": "4"}, {"level": 9}],
            "children": 1,
        },
        {"recordType": "plan", "reviews": [{}], "closure": [], "attachments": [{}]},
    ],
)
def test_half_filled_records_have_a_page(record):
    assert "cover page" in cover_page(cover_of([record], as_of=AS_OF))


def test_papers_are_listed_once():
    record = example(MARF)
    assert len(list(papers_of([record, record]))) == len(record["attachments"])


def run(*arguments, **more):
    return CliRunner().invoke(main, ["cover", *arguments], standalone_mode=False, **more)


def test_the_command_writes_the_page(tmp_path):
    out = tmp_path / "cover.html"
    source = EXAMPLES / "gloucestershire" / "marf.json"
    result = run(str(source), "--as-of", "2026-11-01", "--to", "The hub", "--out", str(out))
    assert result.exit_code == 0
    cover = cover_of([example(MARF)], as_of=date(2026, 11, 1), recipient="The hub")
    assert out.read_text("utf-8") == cover_page(cover)


def test_the_command_says_that_secrets_were_left_out():
    source = EXAMPLES / "gloucestershire" / "marf.json"
    result = run(str(source), "--family")
    assert "It was left out" in result.stderr
    assert run(str(EXAMPLES / "minimal" / "plan.json"), "--family").stderr == ""


def test_what_cannot_be_read_is_said():
    assert run("-", input="{").exception.exit_code == 3

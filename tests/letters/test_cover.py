"""Cover pages: what stands where, and what is left out."""

import copy
import itertools
import re
from dataclasses import replace
from datetime import date

import pytest
from click.testing import CliRunner
from lxml import html
from tests.helpers.support import AS_OF, EXAMPLES, example

from eh_interop.cli import main
from eh_interop.core.errors import ProtectedError
from eh_interop.letters.cover import Cover, CoverPaper, Gap, cover_of, papers_of
from eh_interop.letters.cover_history import histories, timeline
from eh_interop.letters.cover_page import cover_page

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


REFUSED = {
    "gloucestershire/consent-record",
    "gloucestershire/escalation",
    "minimal/escalation",
    "staffordshire/escalation",
}
"""Examples that are for agencies only, or that do not say what to keep from somebody."""


def page(*names, **facts):
    cover = cover_of([example(name) for name in names], as_of=AS_OF, **facts)
    return html.fromstring(cover_page(cover))


def headings(tree):
    return [heading.text_content() for heading in tree.iter("h1", "h2")]


def section(tree, title):
    (part,) = (part for part in tree.iter("section") if part.findtext("h2") == title)
    return " ".join(part.text_content().split())


def test_warnings_stand_before_everything_else():
    assert headings(page(*ALL))[1:5] == [
        "Safety warnings",
        "Keep from the people named here",
        "Do not disclose",
        "Who, what and why",
    ]


def test_immediate_risk_leads():
    tree = page("gloucestershire/marf-immediate-risk")
    assert headings(tree)[1] == "Act now: somebody may be at immediate risk"
    assert "999" in tree.text_content()


def test_immediate_risk_leads_on_an_almost_empty_record():
    tree = html.fromstring(cover_page(cover_of([{"immediateRisk": True}], as_of=AS_OF)))
    assert headings(tree)[1] == "Act now: somebody may be at immediate risk"


def test_who_what_and_why():
    shown = section(page(*ALL, recipient="The hub"), "Who, what and why")
    for words in ("Freya Rose Dacre", "Desmond Achterberg", "The hub", "Child protection"):
        assert words in shown
    assert "marf-2026-00655" in shown


def test_a_referrer_who_wants_to_stay_unknown_is_not_named():
    record = example(MARF)
    record["referrer"]["wantsAnonymity"] = True
    cover = cover_of([record], as_of=AS_OF)
    tree = html.fromstring(cover_page(cover))
    assert "Desmond Achterberg" not in section(tree, "Who, what and why")


def test_consent_names_who_what_and_the_recipient_first():
    tree = page(*ALL, recipient="Outreach, Thistledown Domestic Abuse Support")
    shown = section(tree, "Consent at a glance")
    for words in ("Referral to social care", "Given: Rachel (9 October 2026)", "Not with: Adrian"):
        assert words in shown
    assert "Thistledown Domestic Abuse Support" in shown


def test_without_consent_the_recorded_reason_is_shown():
    tree = page("staffordshire/referral-without-agreement")
    shown = section(tree, "Consent at a glance")
    assert "Refused: Sarah (29 September 2026)" in shown
    assert "Lawful basis: Public task" in shown
    assert "Niamh's diabetes is out of control" in shown


@pytest.mark.parametrize("status", ["refused", "not-sought", "not-obtained"])
def test_a_missing_reason_is_said(status):
    record = {"children": [], "consents": [{"id": "cs1", "purposes": [], "status": status}]}
    tree = html.fromstring(cover_page(Cover(records=[record], as_of=AS_OF)))
    assert "No reason is recorded." in section(tree, "Consent at a glance")


def test_documents_here_and_missing_with_reasons():
    shown = section(page(MARF), "Records and documents")
    here, missing = shown.split("Documents that are missing")
    assert "Chronology 2019 to 2026" in here
    assert "Police report of 3 October 2026" in missing
    assert "Not yet obtained. Asked for on 9 October." in missing


def test_papers_and_gaps_can_be_given():
    paper = CoverPaper("Body map", "Body map", "To follow", present=False, reason="Not known")
    cover = Cover(
        records=[],
        as_of=AS_OF,
        papers=(paper,),
        gaps=(Gap("MARF", "Documents", "Please send the genogram.", serious=False),),
    )
    tree = html.fromstring(cover_page(cover))
    assert "Body map" in section(tree, "Records and documents")
    assert "Please send the genogram." in section(tree, "What is missing")


def test_gaps_come_from_the_check():
    shown = section(page("gloucestershire/marf-immediate-risk"), "What is missing")
    assert "Please send the genogram, or say why there is none." in shown


def test_levels_are_a_chart_with_the_same_in_words():
    tree = page(*ALL)
    (first, second) = (chart for chart in tree.iter("svg") if chart.get("class") == "levels")
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
    if name in REFUSED:
        with pytest.raises(ProtectedError, match="was not made"):
            page(name, for_family=True)
        return
    tree = page(name, for_family=True)
    shown = " ".join(tree.text_content().split())
    for secret in filter(None, secrets(record)):
        assert " ".join(secret.split()) not in shown
    for words in ("Safety warnings", "Keep from", "kept from", "left out", "Act now", "missing"):
        assert words not in shown.replace("missing:", "")


def test_the_family_does_not_see_homes_that_must_stay_unknown():
    record = example(MARF)
    record["households"][0]["address"]["confidential"] = True
    cover = cover_of([record], as_of=AS_OF)
    assert "Mum&#x27;s home" in cover_page(cover)
    assert "Mum&#x27;s home" not in cover_page(replace(cover, for_family=True))


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
    levels = [int(heading.tag[1]) for heading in tree.iter("h1", "h2", "h3", "h4")]
    assert all(b - a <= 1 for a, b in itertools.pairwise(levels))
    for table in tree.iter("table"):
        assert table.findtext("caption")
        assert all(cell.get("scope") == "col" for cell in table.iter("th"))
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
    ("record", "title", "documents"),
    [
        ({}, "Record", ["Record", "", "Not said"]),
        (
            {
                "recordType": "marf",
                "consents": 3,
                "levels": [{"level": "4"}, {"level": 9}],
                "children": 1,
            },
            "Multi-agency referral (MARF)",
            ["Multi-agency referral (MARF)", "", "Not said"],
        ),
        (
            {"recordType": "plan", "reviews": [{}], "closure": [], "attachments": [{}]},
            "Plan",
            ["Plan", "", "Not said", "Document", "", "Not said", "No reason given"],
        ),
    ],
)
def test_half_filled_records_have_a_page(record, title, documents):
    """What cannot be read is passed over, and said not to be there."""
    tree = html.fromstring(cover_page(cover_of([record], as_of=AS_OF)))
    always = ["Who, what and why", "Consent at a glance", "Records and documents"]
    ask = ["Ask first: nobody has said whether anybody is at immediate risk"]
    first = ask if record.get("recordType") == "marf" else []
    assert headings(tree) == [f"{title}: cover page", *first, *always, "What is missing"]
    facts = [fact.text_content() for fact in tree.iter("dd")]
    assert facts == [*["Not said"] * 4, "1 record", "None", "Not said", "1 November 2026"]
    assert section(tree, always[1]).endswith("The records hold no consent.")
    (part,) = (part for part in tree.iter("section") if part.findtext("h2") == always[2])
    assert [cell.text_content() for cell in part.iter("td")] == documents


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

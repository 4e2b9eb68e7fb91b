"""Needs, levels, concerns, plans, meetings and step downs, as whoever receives them reads them."""

import csv
import json
from pathlib import Path

import pytest
from fhir.resources.R4B.bundle import Bundle
from hypothesis import given
from hypothesis import strategies as st
from tests.helpers.fhir_coverage import coverage

from eh_interop import load_standard
from eh_interop.core.uk_time import uk_day_of
from eh_interop.formats.fhir.bundle import to_bundle
from eh_interop.formats.fhir.converters import converters
from eh_interop.formats.fhir.names import code_system
from eh_interop.formats.fhir.record_from_bundle import record_from_bundle
from eh_interop.formats.fhir.tables import load_tables
from eh_interop.standard.code_lists import titles
from eh_interop.standard.fields import fields_of

ROOT = Path(__file__).parents[3]
EXAMPLES = ROOT / "examples" / "gloucestershire"
CHILDREN = [{"id": "c1"}, {"id": "c2"}]


def resources(record_type, record, kind):
    """Return the resources of one type in the Bundle of a record."""
    whole = {"recordType": record_type, "standardVersion": "1.0", "recordId": "r1", **record}
    return [
        each["resource"]
        for each in to_bundle(whole)["entry"]
        if each["resource"]["resourceType"] == kind
    ]


def url(resource):
    return {"reference": f"urn:uuid:{resource['id']}"}


def panel(record_type, record, code):
    """Return the Observations of one panel."""
    return [
        resource
        for resource in resources(record_type, record, "Observation")
        if resource.get("code", {}).get("coding", [{}])[0].get("code") == code
    ]


def facts(observation):
    """Return what the components say, by the field."""
    return {
        each["code"]["coding"][0]["code"]: next(v for k, v in each.items() if k != "code")
        for each in observation.get("component", ())
    }


# Levels and needs


def test_level_is_a_number_for_each_child_and_never_a_condition():
    levels = [{"id": "l1", "level": 3, "children": ["c2"], "decidedOn": "2026-05-01"}]
    record = {"children": CHILDREN, "levels": levels}
    [found] = panel("marf", record, "level-decision")
    second = resources("marf", record, "Patient")[1]
    assert (found["valueInteger"], found["effectiveDateTime"]) == (3, "2026-05-01")
    assert found["subject"] == url(second)
    assert found["category"][0]["coding"][0]["code"] == "survey"
    assert resources("marf", record, "Condition") == []


def test_level_without_children_is_for_all():
    record = {"children": CHILDREN, "levels": [{"id": "l1", "level": 2}]}
    found = panel("marf", record, "level-decision")
    assert [each["subject"] for each in found] == [
        url(resource) for resource in resources("marf", record, "Patient")
    ]


def test_child_who_is_named_twice_has_one_level():
    levels = [{"id": "l1", "level": 2, "children": ["c1", "c2", "c2"]}]
    found = panel("marf", {"children": CHILDREN, "levels": levels}, "level-decision")
    assert len({each["id"] for each in found}) == len(found) == len(CHILDREN)


def test_level_names_its_needs_and_every_survey_names_the_form():
    needs = [{"id": "n1", "statement": "Sleep"}, {"id": "n2", "statement": "School"}]
    levels = [{"id": "l1", "level": 2, "needs": ["n1", "n2"], "priorityNeeds": ["n2"]}]
    record = {"needs": needs, "levels": levels}
    [form] = resources("early-help-assessment", record, "QuestionnaireResponse")
    one, two = panel("early-help-assessment", record, "need")
    [level] = panel("early-help-assessment", record, "level-decision")
    assert level["derivedFrom"] == [url(form), url(one), url(two)]
    assert level["hasMember"] == [url(two)]
    assert one["derivedFrom"] == [url(form)]


def test_goal_of_a_step_down_answers_an_outstanding_need():
    record = {
        "outstandingNeeds": [{"id": "n1", "statement": "Sleep"}],
        "goals": [{"id": "g1", "statement": "Sleeps well", "needs": ["n1"]}],
    }
    [need] = panel("step-down", record, "need")
    [goal] = resources("step-down", record, "Goal")
    assert goal["addresses"] == [url(need)]


# Concerns


def test_concern_is_about_its_people_and_a_risk_only_where_one_was_judged():
    concerns = [
        {"id": "k1", "description": "Bruise", "people": ["c1"]},
        {"id": "k2", "description": "Car", "riskLevel": "medium", "exploitationRisk": "actual"},
    ]
    record = {"children": CHILDREN, "concerns": concerns}
    first, second = panel("marf", record, "concern")
    [risk] = resources("marf", record, "RiskAssessment")
    assert first["focus"] == [url(resources("marf", record, "Patient")[0])]
    assert risk["basis"][0] == url(second)
    said = {
        each["outcome"]["text"]: each["qualitativeRisk"]["coding"][0]["code"]
        for each in risk["prediction"]
    }
    assert said == {"Significant harm": "moderate", "Exploitation": "certain"}


def test_what_a_child_said_stays_word_for_word():
    concerns = [{"id": "k1", "disclosures": [{"by": "c1", "words": "He shouts.\nA lot."}]}]
    record = {"children": CHILDREN, "concerns": concerns}
    [found] = panel("marf", record, "disclosure")
    [concern] = panel("marf", record, "concern")
    assert found["valueString"] == "He shouts.\nA lot."
    assert found["focus"] == [url(resources("marf", record, "Patient")[0])]
    assert url(concern) in found["derivedFrom"]


# Plans

STATUSES = {
    "open": ("active", "in-progress"),
    "met": ("completed", "achieved"),
    "partly-met": ("active", "improving"),
    "not-met": ("active", "not-achieved"),
    "no-longer-needed": ("cancelled", None),
}


@pytest.mark.parametrize("status", sorted(titles("goal-status")))
def test_goal_says_whether_work_goes_on_and_what_was_reached(status):
    [goal] = resources("plan", {"goals": [{"id": "g1", "status": status}]}, "Goal")
    lifecycle, achievement = STATUSES[status]
    codings = goal["achievementStatus"]["coding"]
    theirs = [coding["code"] for coding in codings if "terminology.hl7.org" in coding["system"]]
    assert goal["lifecycleStatus"] == lifecycle
    assert theirs == ([achievement] if achievement else [])
    assert codings[-1] == {
        "system": code_system("goal-status"),
        "code": status,
        "display": titles("goal-status")[status],
    }


def test_plan_is_one_care_plan_with_its_actions_in_it():
    record = {
        "status": "paused",
        "needs": [{"id": "n1"}],
        "goals": [{"id": "g1"}, {"id": "g2"}],
        "actions": [
            {
                "id": "a1",
                "description": "Visit",
                "goal": "g2",
                "needs": ["n1"],
                "status": "not-done",
            },
            {"id": "a2", "description": "Ring", "service": "local-offer"},
        ],
    }
    [plan] = resources("plan", record, "CarePlan")
    goals = resources("plan", record, "Goal")
    [need] = panel("plan", record, "need")
    more = panel("plan", record, "action")
    first, second = (each["detail"] for each in plan["activity"])
    assert (plan["status"], plan["intent"]) == ("on-hold", "plan")
    assert plan["goal"] == [url(goal) for goal in goals]
    assert (first["status"], second["status"]) == ("stopped", "unknown")
    assert (first["goal"], first["reasonReference"]) == ([url(goals[1])], [url(need)])
    assert [each["outcomeReference"] for each in plan["activity"]] == [[url(e)] for e in more]
    assert facts(more[1])["actions.service"]["coding"][0]["code"] == "local-offer"
    assert resources("plan", record, "Task") == []


def test_action_of_a_meeting_is_a_task():
    action = {"id": "a1", "description": "Ring", "status": "done", "dueOn": "2026-05-04"}
    [task] = resources("meeting", {"actions": [action]}, "Task")
    assert (task["status"], task["intent"]) == ("completed", "plan")
    assert task["restriction"]["period"] == {"end": "2026-05-04"}


def test_paused_plan_is_an_episode_on_hold_for_each_child():
    record = {"children": CHILDREN, "status": "paused", "pausedOn": "2026-05-01"}
    found = resources("plan", record, "EpisodeOfCare")
    assert [each["patient"] for each in found] == [
        url(resource) for resource in resources("plan", record, "Patient")
    ]
    history = [{"status": "onhold", "period": {"start": "2026-05-01"}}]
    assert all(each["statusHistory"] == history for each in found)
    assert {each["status"] for each in found} == {"onhold"}


def test_care_plan_refers_to_the_team_only_if_somebody_is_in_it():
    team = {"organisations": [{"id": "o1"}], "team": [{"organisation": "o1"}], "localName": "Plan"}
    [plan] = resources("plan", team, "CarePlan")
    careteams = [url(resource) for resource in resources("plan", team, "CareTeam")]
    assert plan["careTeam"][0] in careteams
    [alone] = resources("plan", {"localName": "Plan", "team": [{"organisation": "o9"}]}, "CarePlan")
    assert "careTeam" not in alone


def test_step_down_closes_one_episode_and_opens_another():
    record = {"children": CHILDREN[:1], "transferOn": "2026-05-01", "origin": "child-in-need"}
    closing, opening = resources("step-down", record, "EpisodeOfCare")
    assert (closing["status"], closing["period"]) == ("finished", {"end": "2026-05-01"})
    assert (opening["status"], opening["period"]) == ("planned", {"start": "2026-05-01"})
    [request] = resources("step-down", record, "ServiceRequest")
    [task] = [e for e in resources("step-down", record, "Task") if e["intent"] == "order"]
    assert task["focus"] == url(request)


def test_step_down_meeting_holds_its_own_decision():
    record = {
        "decisionMeeting": {"on": "2026-04-01", "decision": "Step down."},
        "planningMeeting": {"on": "2026-04-09"},
    }
    decided, _ = resources("step-down", record, "Encounter")
    [found] = panel("step-down", record, "meeting-decision")
    assert (found["encounter"], found["valueString"]) == (url(decided), "Step down.")


def test_meeting_that_was_not_held_is_cancelled():
    record = {"on": "2026-05-01", "held": False, "mode": "video"}
    [met] = resources("meeting", record, "Encounter")
    assert (met["status"], met["class"]["code"]) == ("cancelled", "VR")


# Whatever is missing


@pytest.mark.parametrize("record_type", load_standard().record_types)
def test_a_field_alone_makes_no_resource_that_others_refuse(record_type):
    examples = [json.loads(path.read_text("utf-8")) for path in EXAMPLES.glob("*.json")]
    whole = next(example for example in examples if example["recordType"] == record_type)
    theirs = {"children", "people", "practitioners", "households"}
    for name in whole.keys() - theirs:
        bundle = to_bundle({**{each: whole[each] for each in REQUIRED}, name: whole[name]})
        assert Bundle.model_validate(bundle)


REQUIRED = ("recordType", "standardVersion", "recordId")


# Converters, there and back


class One:
    """A scene in which every member of these lists is at its own URL."""

    def url(self, lists, local_id):
        return f"urn:uuid:{lists[0]}-{local_id}" if local_id.startswith("p") else None

    def local_id(self, lists, reference):
        start = f"urn:uuid:{lists[0]}-"
        return reference.removeprefix(start) if reference.startswith(start) else None


@pytest.mark.parametrize("name", ["held", "still-current"])
@pytest.mark.parametrize("value", [True, False])
def test_yes_and_no_come_back(name, value):
    pair = converters()[name]
    assert pair.from_target(pair.to_target(value, One()), One()) is value
    assert pair.from_target("unknown", One()) is None


@given(st.dates(), st.times())
def test_a_day_and_a_moment_share_an_element(day, time):
    moment = f"{day}T{time:%H:%M:%S}Z"
    for name, value in (("day", str(day)), ("moment", moment)):
        pair = converters()[name]
        assert pair.from_target(pair.to_target(value, One()), One()) == value
    assert converters()["day"].from_target(moment, One()) == uk_day_of(moment)
    assert converters()["moment"].from_target(str(day), One()) is None


@given(st.sampled_from(sorted(titles("practitioner-role"))), st.integers(1, 99))
def test_whoever_came_is_a_participant_with_their_role(role, number):
    pair = converters()["present"]
    came = {"who": f"p{number}", "role": role, "attendance": "attended"}
    assert pair.from_target(pair.to_target(came, One()), One()) == came
    others = titles("attendance").keys() - {"attended"}
    assert all(pair.to_target({**came, "attendance": other}, One()) is None for other in others)
    assert pair.to_target({**came, "who": "child"}, One()) is None


@given(st.integers(1, 99))
def test_the_lead_is_whoever_has_not_handed_over(number):
    pair = converters()["current-lead"]
    now = {"practitioner": f"p{number}"}
    before = {"practitioner": "p0", "to": "2026-05-01"}
    assert pair.from_target(pair.to_target([before, now], One()), One()) == [now]
    assert pair.to_target([before], One()) is None


@given(st.integers(1, 99))
def test_an_action_leads_to_what_says_more_of_it(number):
    pair = converters()["action"]
    assert pair.from_target(pair.to_target(f"p{number}", One()), One()) == f"p{number}"


# Somebody else's plan


def test_plan_of_somebody_else_keeps_its_goals_and_its_child():
    entries = [
        {
            "resourceType": "CarePlan",
            "id": "1",
            "status": "active",
            "goal": [{"reference": "Goal/2"}],
            "activity": [{"detail": {"status": "scheduled", "description": "Visit"}}],
        },
        {
            "resourceType": "Goal",
            "id": "2",
            "lifecycleStatus": "active",
            "achievementStatus": {
                "coding": [
                    {
                        "system": "http://terminology.hl7.org/CodeSystem/goal-achievement",
                        "code": "sustaining",
                    }
                ]
            },
            "description": {"text": "Sleeps well"},
        },
        {"resourceType": "Patient", "id": "3", "birthDate": "2019-02-03"},
        {"resourceType": "EpisodeOfCare", "id": "4", "patient": {"reference": "Patient/3"}},
    ]
    bundle = {
        "resourceType": "Bundle",
        "type": "collection",
        "entry": [
            {"fullUrl": f"https://example.org/{e['resourceType']}/{e['id']}", "resource": e}
            for e in entries
        ],
    }
    record = record_from_bundle(bundle, "plan").record
    assert record["goals"] == [{"id": "goals-1", "statement": "Sleeps well", "status": "met"}]
    assert record["actions"] == [{"description": "Visit", "status": "not-started"}]
    assert record["status"] == "open"
    assert [child["dateOfBirth"] for child in record["children"]] == ["2019-02-03"]


# The tables


def test_every_panel_has_a_title_that_its_tables_use():
    with (ROOT / "mappings/fhir-r4/panels.csv").open(encoding="utf-8", newline="") as file:
        known = {row["code"]: row["title"] for row in csv.DictReader(file)}
    used = {
        row.value["coding"][0]["code"]: row.value["coding"][0]["display"]
        for table in load_tables().resources
        for row in table.constants
        if row.theirs == "code" and row.identifies and "coding" in row.value
        if row.value["coding"][0]["system"] == code_system("panel")
    }
    assert used.items() <= known.items()


def test_slices_that_name_a_field_use_its_title():
    names = {each.link: each.title for kind in TYPES for each in fields_of(kind).walk()}
    said = json.dumps(load_tables().slices)
    found = [
        coding for coding in _codings(json.loads(said)) if coding["system"] == code_system("field")
    ]
    assert found
    assert all(names[each["code"]] == each["display"] for each in found if "code" in each)


TYPES = load_standard().record_types


def _codings(value):
    if isinstance(value, dict):
        if "system" in value:
            yield value
        value = list(value.values())
    if isinstance(value, list):
        for each in value:
            yield from _codings(each)


@pytest.mark.parametrize(
    ("record_type", "names"),
    [
        ("plan", ("planType", "goals", "actions", "reviews", "closure", "team", "leads")),
        ("meeting", ("meetingType", "invited", "goalProgress", "decision", "followUps")),
        ("early-help-assessment", ("reason", "outcome", "levels", "outcomeMeasures")),
        ("step-down", ("from", "checklist", "outstandingNeeds", "reusedAssessments")),
        ("plan-notification", ("kind", "notification", "familyReference")),
        ("marf", ("needs", "concerns", "strengths", "previousSupport", "events")),
    ],
)
def test_plans_needs_and_meetings_have_typed_homes(record_type, names):
    found = coverage(record_type)
    ours = [leave for leave in found.leaves if leave.split(".")[0] in names]
    homes = {home.link for home in found.homes}
    assert ours
    assert set(ours) - homes <= {"levels.supersededBy"}

"""Area files: sound data that mentions only what exists."""

import json
import tomllib

import jsonschema_rs
import pytest
from tests.helpers.support import AS_OF, SCHEMAS, broken, findings

from eh_interop import AreaError, check, load_area, load_standard
from eh_interop.checks.across.records import across_rules
from eh_interop.checks.rules.engine import all_rules
from eh_interop.standard.areas import area_names, read_area
from eh_interop.standard.guidance import clauses, documents
from eh_interop.standard.requirements import load_requirements

FILES = sorted((SCHEMAS / "areas").glob("*.toml"))
STANDARD = load_standard()


def schema(name):
    return json.loads((SCHEMAS / "1.0" / f"{name}.schema.json").read_text("utf-8"))


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_file_fits_its_schema(file):
    area = schema("area")
    registry = jsonschema_rs.Registry(
        [(each["$id"], each) for each in (area, schema("requirement"))]
    )
    given = tomllib.loads(file.read_text("utf-8"))
    jsonschema_rs.Draft202012Validator(area, registry=registry).validate(given)
    assert given["area"] == file.stem
    read_area(file)


@pytest.mark.parametrize("name", area_names())
def test_area_mentions_only_what_exists(name):
    area = load_area(name)
    assert area.follows <= set(documents())
    assert area.do_now
    codes = {rule.code for rule in (*all_rules(), *across_rules())} | {
        requirement.code
        for record_type in STANDARD.record_types
        for requirement in load_requirements(STANDARD, record_type)
    }
    assert set(area.severity) <= codes
    for codelist, labels in area.labels.items():
        if codelist != "level":
            assert set(labels) <= {row.code for row in STANDARD.codes(codelist)}
    for codelist, aliases in area.aliases.items():
        assert set(aliases.values()) <= {row.code for row in STANDARD.codes(codelist)}


def test_every_locality_and_district_fit_together():
    facts = load_area("gloucestershire").facts
    localities = {each["code"] for each in facts["locality"]}
    assert len(localities) == 4
    assert len(facts["district"]) == 6
    assert {each["locality"] for each in facts["district"]} == localities


def test_a_local_requirement_applies_only_there(tmp_path):
    file = tmp_path / "exampleshire.toml"
    file.write_text(
        """
        area = "exampleshire"
        title = "Exampleshire"
        extends = "england"

        [[requirement]]
        code = "XMP-001"
        name = "no-other-information"
        records = ["marf"]
        place = "/otherInformation"
        severity = "warning"
        cites = ["E-012"]
        ask = "Please tell us anything else we should know."
        why = "Exampleshire asks everybody."
        """,
        "utf-8",
    )
    how = {"of": "minimal/marf", "remove": []}
    assert "XMP-001" in [code for code, _, _ in findings(broken(how), area=str(file))]
    assert "XMP-001" not in [code for code, _, _ in findings(broken(how), area="england")]


@pytest.mark.parametrize(
    "text",
    [
        "area = ",
        'title = "No name"',
        'area = "x"\ntitle = "X"\nextends = "nowhere"',
        'area = "x"\ntitle = "X"\n[[requirement]]\ncode = "X"',
        'area = "x"\ntitle = "X"\n[severity]\nMRF-107 = { level = "fatal", why = "x" }',
    ],
)
def test_a_broken_file_is_an_area_error_that_names_the_file(tmp_path, text):
    file = tmp_path / "broken.toml"
    file.write_text(text, "utf-8")
    with pytest.raises(AreaError, match=r"broken\.toml"):
        read_area(file)


def test_severity_is_raised_where_the_area_says_so():
    how = {"of": "gloucestershire/my-plan-plus", "remove": ["/nextReviewOn"]}
    document = broken(how)
    severity = {
        area: next(level for code, level, _ in findings(document, area=area) if code == "PLN-216")
        for area in ("england", "gloucestershire")
    }
    assert severity == {"england": "warning", "gloucestershire": "error"}


def own(tmp_path, text):
    """Read an area file that begins as it should."""
    file = tmp_path / "exampleshire.toml"
    head = 'area = "exampleshire"\ntitle = "Exampleshire"\nextends = "england"\n'
    file.write_text(head + text, "utf-8")
    return read_area(file)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('follow = ["x"]', "follow is not a key .* Did you mean follows"),
        (
            "[settings]\nlocality-meeting-day = 7",
            "settings.locality-meeting-day .* locality-meeting-days\\?$",
        ),
        ("[waive]\nMRF-107 = { wy = 'Not yet.', until = 2027-09-01 }", "wy is not .* mean why"),
        ("[waive]\nMRF-107 = { why = 'Held elsewhere.', until = 'soon' }", "until"),
        ("[waive]\nMRF-1O7 = { why = 'Held elsewhere.', until = 2027-09-01 }", "mean MRF-107"),
        ('follows = ["gloucestershire-practise-guidance"]', "mean gloucestershire-practice"),
        ("[labels.mash-outcom]\nx = 'X'", "mean mash-outcome"),
        ("[labels.mash-outcome]\nsingle-assesment = 'X'", "mean single-assessment"),
        ("[severity]\nPLN-216 = { level = 'info', why = 'No.' }", "more, not for less.*waive"),
        ("[[clause]]\nid = 'G-107'\ndocument = 'x'\nsays = 'X.'", "has a clause G-107 already"),
        ("[[clause]]\nid = 'X-001'\ndocument = 'x'\nsays = 'X.'", "no document x"),
        ("marf-exemptions = ['canot-give']", "no code canot-give of .* mean cannot-give"),
        ("[roles]\nnon-case-holding = ['socialworker']", "mean social-worker"),
        ("[approval]\nrefused = ['managr']", "of approver-role. Did you mean manager"),
        ("[front-door]\ntitle = 'X'\nout-of-hours = 'nobody'", "of emergency-service"),
        ("[[marf-paper]]\ndocument = 'genogramm'\ncites = ['G-107']", "mean genogram"),
        ("[[team]]\ncode = 'family-first'\ntitle = 'X'", "mean families-first"),
        ("[[provider]]\ncode = 'x'\ntitle = 'X'\nages = [0, 5]", "no code x of support-service"),
        ("[[provider]]\ncode = 'sendiass'\ntitle = 'X'\nages = [5, 0]", "youngest age comes first"),
        (
            "locality=[{code='north',title='N'}]\ndistrict=[{code='d',title='D',locality='nort'}]",
            "there is no locality nort. Did you mean north",
        ),
        ("[[team]]\ncode = 'families-first'\ntitle = 'X'\ncites = ['G-999']", "no clause G-999"),
    ],
)
def test_what_is_wrong_is_named_with_the_nearest_right_one(tmp_path, text, told):
    with pytest.raises(AreaError, match=told):
        own(tmp_path, text)


def in_schema(known, name):
    """Tell whether the schema of an area has a setting, or a fact at a path."""
    if name in known["properties"]["settings"]["properties"]:
        return True
    for key in name.split("."):
        known = known.get("properties", {}).get(key)
        if known is None:
            return False
    return True


def test_the_schema_is_closed_and_knows_all_that_a_rule_needs():
    known = schema("area")
    assert known["additionalProperties"] is False
    needed = {name for rule in all_rules() for name in rule.needs}
    assert [name for name in sorted(needed) if not in_schema(known, name)] == []
    assert not in_schema(known, "roles.no-such-fact")

    def described(value):
        if isinstance(value, dict):
            for name, each in value.get("properties", {}).items():
                assert each["title"], name
                assert each["description"], name
            for each in value.values():
                described(each)

    described({"properties": known["properties"]})


def test_an_area_states_settings_and_facts_but_no_empty_ones(tmp_path):
    area = own(
        tmp_path,
        "[settings]\noldest-age = 0\n[escalation]\nstages = 0\n",
    )
    stated = ["oldest-age", "escalation", "escalation.stages"]
    unstated = ["marf-exemptions", "plan-due-days", "roles.non-case-holding", "area.x", "stages"]
    assert [name for name in (*stated, *unstated) if area.has_setting(name)] == stated


@pytest.mark.parametrize(("until", "severity"), [("2026-11-01", "info"), ("2026-10-31", "warning")])
def test_a_waived_finding_stays_as_a_note_until_the_day_is_over(tmp_path, until, severity):
    why = "The genogram is held in the case system."
    text = f"follows = ['gloucestershire-practice-guidance']\n[waive]\nMRF-107 = {{ why = '{why}'"
    area = own(tmp_path, f"{text}, until = {until} }}")
    how = {"of": "minimal/marf", "remove": ["/attachments"]}
    report = check(broken(how), area=area, as_of=AS_OF)
    finding = next(each for each in report.findings if each.code == "MRF-107")
    assert finding.severity == severity
    assert finding.waiver.why == why
    assert finding.waiver.ended is (severity != "info")
    assert ("MRF-107" in [ask.code for ask in report.asks]) is (severity != "info")


def test_what_an_area_says_of_papers_roles_and_stages_is_what_the_checks_ask_for():
    gloucestershire, staffordshire = load_area("gloucestershire"), load_area("staffordshire")
    asked = {
        require.document
        for require in gloucestershire.requires(STANDARD, "marf")
        if require.document
    }
    assert {each["document"] for each in gloucestershire.facts["marf-paper"]} <= asked
    roles = {require.code: require.values for require in staffordshire.requires(STANDARD, "marf")}
    assert set(staffordshire.facts["approval"]["not-sought"]) <= set(roles["MRF-651"])
    assert set(staffordshire.facts["approval"]["refused"]) <= set(roles["MRF-653"])
    services = {row.code for row in STANDARD.codes("support-service")}
    assert {each["code"] for each in gloucestershire.facts["team"]} <= services
    assert len(gloucestershire.labels["mash-outcome"]) == 5
    assert staffordshire.facts["escalation"]["stages"] == 0


def test_no_time_of_day_is_invented_for_the_front_door():
    front_door = load_area("staffordshire").facts["front-door"]
    assert front_door["times-known"] is False
    assert not any({"from", "to"} & set(day) for day in front_door["hours"].values())
    assert [name for name, day in front_door["hours"].items() if day.get("closes-earlier")] == [
        "friday"
    ]
    assert front_door["out-of-hours"] in {row.code for row in STANDARD.codes("emergency-service")}


@pytest.mark.parametrize("name", area_names())
def test_every_clause_that_an_area_cites_exists(name):
    known = clauses()
    for fact in load_area(name).facts.values():
        for entry in fact if isinstance(fact, list) else [fact]:
            if isinstance(entry, dict):
                assert set(entry.get("cites", ())) <= set(known)


def test_an_area_can_raise_and_waive_a_rule_across_records(tmp_path):
    """Its codes were unknown to area files while only rules of one record were asked."""
    area = tmp_path / "mine.toml"
    area.write_text(
        "area = 'mine'\ntitle = 'Mine'\nextends = 'gloucestershire'\n"
        "[severity]\nACR-003 = { level = 'error', why = 'Agreed by the board.' }\n"
        "[waive]\nACR-001 = { why = 'Agreed by the board.', until = 2027-01-31 }\n"
    )
    mine = load_area(str(area))
    assert mine.severity["ACR-003"] == "error"
    assert "ACR-001" in mine.waivers

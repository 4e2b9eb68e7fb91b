"""Figures and facts: an area file of one's own that states them makes their rules run."""

import pytest
from tests.helpers.rule_bases import FIGURES, patched
from tests.helpers.support import AS_OF, example

from eh_interop import check
from eh_interop.checks.rules.engine import all_rules
from eh_interop.core.findings import NO_FIGURE, NotRun
from eh_interop.standard.areas import area_names, load_area, read_area
from eh_interop.standard.guidance import documents

RULES = [rule for rule in all_rules() if FIGURES.keys() & set(rule.needs)]
HEAD = 'area = "exampleshire"\ntitle = "Exampleshire"\nextends = "england"\n'


def each_rule(rule):
    return f"{rule.code}-{rule.name}"


def own(folder, text):
    """Read an area that follows everything, from its file."""
    file = folder / "exampleshire.toml"
    file.write_text(f"{HEAD}follows = {sorted(documents())}\n{text}", "utf-8")
    return read_area(file)


def codes(report):
    return {finding.code for finding in report.findings}


def test_every_figure_has_a_rule_and_no_published_area():
    assert {name for rule in RULES for name in rule.needs} == FIGURES.keys()
    for name in area_names():
        assert not FIGURES.keys() & load_area(name).settings.keys()


@pytest.mark.parametrize("rule", RULES, ids=each_rule)
def test_a_file_that_states_the_figure_makes_the_rule_run(tmp_path, rule):
    fails = patched(rule, rule.fails)
    figures = "\n".join(f"{name} = {FIGURES[name]}" for name in rule.needs)
    stated = own(tmp_path, f"[settings]\n{figures}\n")
    assert rule.code in codes(check(fails, area=stated, as_of=AS_OF))
    assert rule.code not in codes(check(patched(rule, rule.passes), area=stated, as_of=AS_OF))
    unstated = check(fails, area=own(tmp_path, ""), as_of=AS_OF)
    assert rule.code not in codes(unstated)
    assert NotRun(rule.code, NO_FIGURE) in unstated.not_run


@pytest.mark.parametrize("rule", RULES, ids=each_rule)
def test_it_is_the_figure_of_the_file_that_counts(tmp_path, rule):
    generous = "\n".join(f"{name} = 9999" for name in rule.needs)
    area = own(tmp_path, f"[settings]\n{generous}\n")
    assert rule.code not in codes(check(patched(rule, rule.fails), area=area, as_of=AS_OF))


@pytest.mark.parametrize(("stages", "found"), [(2, True), (3, False), (0, False)])
def test_an_area_with_other_stages(tmp_path, stages, found):
    area = own(tmp_path, f"[escalation]\nstages = {stages}\n")
    report = check(example("gloucestershire/escalation"), area=area, as_of=AS_OF)
    places = [finding.place for finding in report.findings if finding.code == "ESC-008"]
    assert places == (["/stages/2/stage"] if found else [])


@pytest.mark.parametrize(("level", "found"), [(1, True), (2, True), (3, False)])
def test_an_area_that_expects_assessments_from_another_level(tmp_path, level, found):
    document = example("minimal/plan")
    del document["assessment"]
    area = own(tmp_path, f"[assessment]\nfrom-level = {level}\n")
    assert ("LEV-017" in codes(check(document, area=area, as_of=AS_OF))) is found


@pytest.mark.parametrize(
    ("unborn", "child", "found"),
    [
        ("", {"unborn": True}, False),
        ("unborn = true", {"unborn": True}, False),
        ("unborn = false", {"unborn": True}, True),
        ("unborn = false", {"dateOfBirth": "2026-06-02"}, True),
        ("unborn = false", {"dateOfBirth": "2026-06-01"}, False),
        ("", {"dateOfBirth": "2020-06-02"}, False),
        ("", {"dateOfBirth": "2020-06-01"}, True),
        ("", {"estimatedAge": 5.9}, False),
        ("", {"estimatedAge": 6}, True),
        ("", {}, False),
    ],
)
def test_ages_of_a_service(tmp_path, unborn, child, found):
    provider = "[[provider]]\ncode = 'sendiass'\ntitle = 'Advice'\nages = [0, 5]\n"
    area = own(tmp_path, provider + unborn)
    document = example("minimal/plan")
    document["children"] = [{"id": "c1", **child}]
    document["actions"] = [{"id": "a1", "service": "sendiass", "startedOn": "2026-06-01"}]
    assert ("PRV-001" in codes(check(document, area=area, as_of=AS_OF))) is found


def test_a_service_for_the_whole_family_fits_if_one_child_has_the_age():
    document = example("minimal/plan")
    document["children"] = [
        {"id": "c1", "dateOfBirth": "2010-01-01"},
        {"id": "c2", "dateOfBirth": "2020-01-01"},
    ]
    action = {"id": "a1", "service": "children-and-family-centre", "startedOn": "2026-06-01"}
    for helped, found in ((None, False), (["c1"], True), (["c2"], False), (["p1"], False)):
        document["actions"] = [action | ({"for": helped} if helped else {})]
        report = check(document, area="gloucestershire", as_of=AS_OF)
        assert ("PRV-001" in codes(report)) is found
        severities = {finding.severity for finding in report.findings if finding.code == "PRV-001"}
        assert severities <= {"info"}


@pytest.mark.parametrize(
    ("locality", "told"),
    [
        ("Stroud", "This is a district of Stroud and Cotswolds."),
        ("Forrest of Dean", "The nearest is Forest of Dean."),
        ("Zq7Marker", "The area has no locality of this name."),
    ],
)
def test_an_unknown_locality_is_told_in_the_area_s_words(locality, told):
    document = example("gloucestershire/locality-transfer-meeting") | {"locality": locality}
    report = check(document, area="gloucestershire", as_of=AS_OF)
    (message,) = (finding.message for finding in report.findings if finding.code == "PLC-001")
    assert message.endswith(told)
    assert "Zq7Marker" not in message
    assert "Forrest" not in message

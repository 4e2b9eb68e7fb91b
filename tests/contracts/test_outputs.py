"""Every output there is: none tells the family, or the person concerned, what is protected.

A marked home, place and person are planted and protected in every way. What goes to the family,
or to the father from whom they are kept, is searched byte for byte. Whoever adds a command or a
target adds it here, and says to whom it goes.
"""

import copy
import json

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st
from tests.helpers.support import example
from tests.protection.planting import (
    CASES,
    marks_in,
    protected_people,
    protected_places,
    thoroughly,
)

from eh_interop.cli import main
from eh_interop.convert.targets import _TARGETS

MARKS = ("zanderholt", "quibblewick", "wv99", "900987", "thimblewyn")
HOME = {
    "kind": "home",
    "lines": ["Zanderholt Lodge", "7 Quibblewick Lane"],
    "town": "Obberton",
    "postcode": "WV99 9ZX",
}
FATHER = {
    "id": "zf",
    "name": {"given": "Barnabus", "family": "Crake"},
    "dateOfBirth": "1988-05-06",
    "sex": "M",
}
HIDDEN = {"id": "zh", "name": {"given": "Thimblewyn", "family": "Garrow"}, "sex": "F"}
WARNING = {
    "id": "zw",
    "type": "address-must-not-be-disclosed",
    "description": "He must not learn of Zanderholt Lodge.",
}

FOR_READERS_OUTSIDE = {
    "cover": (["--family"], ["--family", "--names", "initials"]),
    "genogram": (["--family"], ["--family", "--names", "initials"]),
    "pack": ("build",),
}
"""Commands whose output may go to the family or to a person, with their ways."""
FOR_AGENCIES = {"chase", "check", "convert", "outcome"}
"""Commands whose output goes to agencies: they repeat no value, or are the record itself."""
WITHOUT_RECORDS = {
    "areas", "clauses", "doctor", "explain", "fhir", "forms", "mapping", "new", "rules", "sample",
    "schema", "template",
}  # fmt: skip
"""Commands that show nothing of anybody's record."""
RECORD_ITSELF = {"json", "ndjson", "csv", "xlsx", "fhir", "fhir-xml"}
"""Targets that hold the whole record, with its marks: for agencies only."""
RETURNS = {"annex-a", "cin", "ssd"}
"""Targets that hold a statutory return, for the council or the department only."""


def planted():
    """Return a referral with a marked home, place and person, none of them protected yet."""
    record = copy.deepcopy(example("minimal/marf"))
    record["children"][0]["addresses"] = [copy.deepcopy(HOME)]
    mother = {"id": "zm", "name": {"given": "Ottoline", "family": "Vexley"}, "sex": "F"}
    mother |= {
        "addresses": [copy.deepcopy(HOME)],
        "contacts": [{"kind": "mobile", "value": "07700 900987"}],
    }
    record["people"] = [*record.get("people", []), mother, copy.deepcopy(FATHER)]
    record["people"].append(copy.deepcopy(HIDDEN))
    record["households"] = [
        {
            "id": "zhome",
            "name": "Zanderholt Lodge",
            "members": ["zm", record["children"][0]["id"]],
            "address": copy.deepcopy(HOME),
        }
    ]
    record["history"] = "They fled to Zanderholt Lodge in Quibblewick Lane."
    record["referrer"] = {"person": "zh", "wantsAnonymity": True}
    return record


def protected_by(way):
    """Return records in which the home is protected in one way."""
    record, others = planted(), []
    child = record["children"][0]["id"]
    homes = [
        record["children"][0]["addresses"][0],
        next(person for person in record["people"] if person["id"] == "zm")["addresses"][0],
        record["households"][0]["address"],
    ]
    if way in {"flag", "unreadable flag"}:
        for home in homes:
            home["confidential"] = True if way == "flag" else "Yes"
    elif way == "refuge":
        for home in homes:
            home["reason"] = "refuge"
    elif way == "warning":
        record["safetyWarnings"] = [WARNING | {"about": ["zm", child], "keepFrom": ["zf"]}]
    elif way == "warning without names":
        record["safetyWarnings"] = [WARNING]
    elif way == "another record":
        other = planted() | {"recordId": "other-1"}
        other["safetyWarnings"] = [WARNING | {"about": ["zm", child], "keepFrom": ["zf"]}]
        others = [other]
    else:
        record["withheldInformation"] = [
            {"id": "zi", "detail": "Zanderholt Lodge", "reason": "Danger.", "keepFrom": ["zf"]}
        ]
        for home in homes:
            home["confidential"] = True
    return [record, *others]


WAYS = (
    "flag",
    "unreadable flag",
    "refuge",
    "warning",
    "warning without names",
    "another record",
    "withheld information",
)


def written(tmp_path, records):
    paths = []
    for number, record in enumerate(records):
        path = tmp_path / f"record-{number}.json"
        path.write_text(json.dumps(record), "utf-8")
        paths.append(str(path))
    return paths


def run(*arguments):
    result = CliRunner().invoke(main, [*map(str, arguments)])
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        assert getattr(result.exception, "exit_code", None) == 1, result.exception
    assert result.exit_code != 2, result.output
    return result


def assert_nothing_is_told(data):
    text = data.decode("utf-8", "replace").casefold()
    assert [mark for mark in MARKS if mark in text] == []


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("names", ["first", "initials"])
def test_the_familys_pages_tell_nothing(tmp_path, way, names):
    paths = written(tmp_path, protected_by(way))
    page = run("cover", "--family", "--names", names, *paths)
    assert_nothing_is_told(page.stdout.encode())
    assert "was not made" in str(page.exception) or "left out" in page.stderr
    if way != "another record":
        drawing = run("genogram", "--family", "--names", names, paths[0])
        assert_nothing_is_told(drawing.stdout.encode())


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("immediate", [False, True])
def test_a_pack_to_the_father_tells_nothing(tmp_path, way, immediate):
    records = protected_by(way)
    records[0]["immediateRisk"] = immediate
    out = tmp_path / "pack"
    paths = written(tmp_path, records)
    run("pack", "build", *paths, "--type", "referral", "--to", "zf", "--out", out)
    for path in out.rglob("*") if out.exists() else ():
        if path.is_file():
            assert_nothing_is_told(path.read_bytes())


@pytest.mark.parametrize("way", WAYS)
def test_agencies_are_told_plainly(tmp_path, way):
    paths = written(tmp_path, protected_by(way))
    page = run("cover", *paths)
    assert page.exit_code == 0
    assert "Do not disclose to" in page.stdout
    if way != "another record":
        drawing = run("genogram", paths[0])
        assert "Do not disclose to" in drawing.stdout
        assert "protects somebody" in drawing.stderr


@pytest.mark.parametrize("form", ["text", "json", "github", "junit", "sarif", "html"])
def test_what_is_said_about_a_record_repeats_nothing(tmp_path, form):
    (path,) = written(tmp_path, protected_by("flag"))
    assert_nothing_is_told(run("check", path, "--format", form).stdout.encode())


@pytest.mark.parametrize("form", ["text", "html", "json"])
def test_questions_to_the_referrer_repeat_nothing(tmp_path, form):
    (path,) = written(tmp_path, protected_by("flag"))
    assert_nothing_is_told(run("chase", path, "--to", form).stdout.encode())


def test_the_sender_is_asked_about_a_protection_that_is_half_said(tmp_path):
    (path,) = written(tmp_path, protected_by("flag"))
    assert "Who must not learn this address?" in run("chase", path).stdout
    (path,) = written(tmp_path, protected_by("warning"))
    assert "Who must not learn this address?" not in run("chase", path).stdout


def test_a_protection_that_is_half_said_is_reported(tmp_path):
    (path,) = written(tmp_path, protected_by("flag"))
    report = json.loads(run("check", path, "--format", "json").stdout)
    codes = {finding["code"] for record in report["records"] for finding in record["findings"]}
    assert "PRT-001" in codes


def outputs_for_the_family(case, folder):
    """Return everything that the commands for readers outside make of records, by command."""
    paths = written(folder, case.given)
    made = {}
    for names in ("first", "initials"):
        options = ("--family", "--names", names)
        made["cover", names] = run("cover", *options, *paths).output
        if len(paths) == 1:  # a drawing is made of one record: it knows what that one protects
            made["genogram", names] = run("genogram", *options, *paths).output
    out = folder / "pack"
    run("pack", "build", *paths, "--type", "referral", "--to", "zz2", "--out", out)
    for path in out.rglob("*") if out.exists() else ():
        made["pack", path.name] = path.name + (path.read_text() if path.is_file() else "")
    return made


@pytest.mark.parametrize("cases", [protected_places(), protected_people()], ids=["place", "person"])
@given(data=st.data())
@thoroughly(max(10, CASES // 30))
def test_no_output_tells_what_any_records_protect(tmp_path_factory, cases, data):
    case = data.draw(cases)
    if case.restrictions:
        return  # a file of ours has no labels: those of FHIR become warnings when it is read
    made = outputs_for_the_family(case, tmp_path_factory.mktemp("case"))
    several = {"genogram"} if len(case.given) > 1 else set()
    assert {command for command, _ in made} >= FOR_READERS_OUTSIDE.keys() - {"pack"} - several
    for name, text in made.items():
        assert marks_in(text, case.marks) == [], name


def test_every_command_is_listed():
    listed = {*FOR_READERS_OUTSIDE, *FOR_AGENCIES, *WITHOUT_RECORDS}
    assert {*main.list_commands(None)} == listed


def test_every_target_is_listed():
    assert {*_TARGETS} == RECORD_ITSELF | RETURNS

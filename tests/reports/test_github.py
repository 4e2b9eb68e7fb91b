"""GitHub workflow commands: one line each, whatever the file is called."""

import re
from urllib.parse import unquote

from tests.helpers.report_samples import (
    FAULT,
    MISSING,
    NASTY,
    NOT_RUN,
    NOTE,
    act_now,
    gaps,
    unreadable,
    written,
)

from eh_interop.reports.words import printable

COMMAND = re.compile(r"::(error|warning|notice) ((?:\w+=[^,:\n]*,?)+)::([^\n]*)")


def commands(*reports):
    """Read the commands as GitHub's runner does."""
    found = []
    for line in written("github", *reports).splitlines():
        match = COMMAND.fullmatch(line)
        assert match or not line.startswith("::"), line
        if match:
            properties = dict(part.split("=", 1) for part in match[2].split(","))
            told = {key: unquote(value) for key, value in properties.items()}
            found.append((match[1], told, unquote(match[3])))
    return found


def test_a_run_on_nothing_says_so():
    assert written("github") == "0 records: nothing was checked. 0 errors, 0 warnings.\n"


def test_a_finding_stands_beside_its_line():
    (level, where, message), (second, _, labelled), (third, note, _) = commands(
        gaps(*gaps().findings, NOTE)
    )
    assert (level, second, third) == ("error", "warning", "notice")
    assert where == {"file": "folder/marf.json", "line": "306", "col": "18", "title": "MRF-107"}
    assert message.startswith("No genogram. [G-107]\nPlease send")
    assert labelled.startswith("Child 1: Sex")
    assert note["line"] == "1"


def test_any_file_name_stays_in_its_property():
    (_, where, message), *_ = commands(gaps(source=NASTY, not_run=(NOT_RUN,)))
    assert where["file"] == printable(NASTY)
    assert where["title"] == "MRF-107"
    assert message.startswith("No genogram.")


def test_immediate_risk_leads_as_a_notice():
    (level, where, message), (second, _, _) = commands(act_now(MISSING))
    assert (level, where["title"]) == ("notice", "ACT NOW")
    assert message == "A child may be at immediate risk.\nCall 999.\nPhone <MASH>."
    assert second == "error"


def test_standard_input_has_no_file_to_stand_beside():
    ((level, where, _),) = commands(unreadable(source="-"))
    assert level == "error"
    assert where == {"title": "RDG-001"}


def test_a_fault_of_ours_is_a_warning():
    assert ("warning", "REF-001") in {
        (level, where["title"]) for level, where, _ in commands(gaps(not_run=(FAULT,)))
    }

"""Finding codes are data: the data and the code that emits them hold each other."""

import ast
import re
from collections import Counter
from pathlib import Path

import pytest

import eh_interop
from eh_interop.checks.catalogue import entries, find
from eh_interop.core.errors import StandardError
from eh_interop.core.findings import Layer, Origin, Severity
from eh_interop.standard import finding_codes as module
from eh_interop.standard.areas import area_names, load_area
from eh_interop.standard.finding_codes import RULES, finding_code, finding_codes
from eh_interop.standard.pack_kinds import pack_kinds
from eh_interop.standard.requirements import load_requirements
from eh_interop.standard.schemas import load_standard

SOURCE = Path(eh_interop.__file__).parent
FOLDER = load_standard().root / "findings"
CODE = re.compile(r"[A-Z]{3}-[0-9]{3}")


def emitted():
    """Return every code that stands in the source as a text of its own."""
    return {
        node.value
        for path in SOURCE.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and CODE.fullmatch(node.value)
    }


def required():
    """Return the codes of requirements: of the standard, of areas and of packs."""
    standard = load_standard()
    return {
        requirement.code
        for group in (
            *(load_requirements(standard, kind) for kind in standard.record_types),
            *(load_area(name).requirements for name in area_names()),
            *(kind.requirements for kind in pack_kinds().values()),
        )
        for requirement in group
    }


def test_every_code_that_the_source_can_emit_is_in_the_data():
    assert emitted() - required() == set(finding_codes())


def test_every_code_explains_itself():
    for code in {*finding_codes(), *required()}:
        (entry,) = find(code)
        assert entry.why


def test_no_code_is_given_twice():
    rows = [
        line.partition(",")[0]
        for path in FOLDER.glob("*.csv")
        for line in path.read_text("utf-8").splitlines()
        if CODE.match(line)
    ]
    assert [code for code, count in Counter(rows).items() if count > 1] == []
    assert len(rows) == len(finding_codes())


def test_each_family_has_its_letters():
    letters = {}
    for code in finding_codes().values():
        if code.family != RULES:
            letters.setdefault(code.code[:3], set()).add(code.family)
    assert all(len(families) == 1 for families in letters.values())


def test_the_data_of_a_code_are_those_of_the_catalogue():
    listed = {entry.code: entry for entry in entries()}
    for code in finding_codes().values():
        entry = listed[code.code]
        assert (entry.name, entry.layer, entry.severity) == (code.name, code.layer, code.severity)
        assert (entry.title, entry.why, entry.ask) == (code.title, code.why, code.ask)
        assert entry.cites == code.cites


def test_a_code_makes_a_finding():
    finding = finding_code("RDG-016").at("/area")
    assert (finding.code, finding.name, finding.place) == ("RDG-016", "unknown-area", "/area")
    assert finding.message == f"{finding_code('RDG-016').title}."
    assert (finding.layer, finding.severity) == (Layer.READING, Severity.ERROR)
    more = finding_code("PCK-101").at("", "Said otherwise.", Origin(3, 4), Severity.INFO)
    assert (more.message, more.origin) == ("Said otherwise.", Origin(3, 4))
    assert more.severity is Severity.INFO
    assert more.ask
    assert more.cites


def test_a_broken_file_is_said(tmp_path, monkeypatch):
    (tmp_path / "1.0" / "findings").mkdir(parents=True)
    (tmp_path / "1.0" / "findings" / "odd.csv").write_text("code,name\nODD-001,odd\n")
    monkeypatch.setattr(module, "folder", lambda _: tmp_path)
    finding_codes.cache_clear()
    try:
        with pytest.raises(StandardError, match=r"odd\.csv"):
            finding_codes()
    finally:
        finding_codes.cache_clear()

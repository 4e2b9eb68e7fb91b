"""The tables of the returns as data: they name only what there is, and lose nothing in silence."""

import re
import shutil

import pytest
from tests.helpers.returns_records import codes, family, minimal, written
from tests.helpers.support import ROOT

from eh_interop.core.errors import MappingError
from eh_interop.core.resources import folder
from eh_interop.formats._shared.code_maps import load_code_map
from eh_interop.formats.returns import load_return, return_names
from eh_interop.formats.returns.code_map import return_code_map
from eh_interop.formats.returns.converters import ANSWERS, CONVERTERS
from eh_interop.formats.returns.spec import FieldTree, carried_fields, read_spec, why_lost
from eh_interop.standard.fields import fields_of
from eh_interop.standard.finding_codes import finding_codes
from eh_interop.standard.schemas import load_standard

STANDARD = load_standard()
COLUMNS = [
    (spec, table, column)
    for spec in map(load_return, return_names())
    for table in spec.tables
    for column in table.columns
]


def pointers(record_type):
    """Every leaf of a record type as a pointer; a list ends with a star."""

    def walk(field, above):
        for inner in field.fields:
            here = f"{above}/{inner.name}{'/*' if inner.repeats else ''}"
            yield here
            yield from walk(inner, here)

    return set(walk(fields_of(record_type), ""))


def test_there_are_three_returns():
    assert return_names() == ("annex-a", "cin", "ssd")


def test_an_unknown_return_is_refused():
    with pytest.raises(MappingError, match="annex-a, cin, ssd"):
        load_return("annex-b")


@pytest.mark.parametrize("name", return_names())
def test_pointers_lead_to_fields_of_the_record_types(name):
    spec = load_return(name)
    for table in spec.tables:
        known = {pointer for event in table.events for pointer in pointers(event.record)}
        for event in table.events:
            assert {*event.on, *event.until} <= known
        for column in table.columns:
            ours = {our for our in column.ours if not our.startswith("/localData/")}
            assert ours | set(column.covers) <= known, column.heading
            joined = {pointer for pointer in column.joined if pointer not in ANSWERS}
            assert not joined or joined <= pointers(spec.join.record)
    if spec.join:
        assert {spec.join.on, spec.join.at, *spec.join.covers} <= pointers(spec.join.record)
    for lost in spec.lost:
        kept = [f"{pointer}/" for record in spec.records for pointer in pointers(record)]
        assert lost == "/" or any(pointer.startswith(f"{lost}/") for pointer in kept)


@pytest.mark.parametrize(
    ("spec", "table", "column"), COLUMNS, ids=lambda value: getattr(value, "heading", None)
)
def test_columns_use_converters_and_code_maps_that_there_are(spec, table, column):
    del spec, table
    assert not column.via or column.via in CONVERTERS
    assert bool(column.codes) == bool(column.code_list)
    assert bool(column.unfilled) != bool(column.ours or column.via or column.joined)
    if column.codes:
        assert return_code_map(column.codes, column.code_list).to_return
    if column.missing:
        assert return_code_map(column.missing, "absence-reason").to_return


@pytest.mark.parametrize(
    "path", sorted((folder("mappings") / "codes" / "returns").glob("*.csv")), ids=lambda p: p.stem
)
def test_code_maps_have_every_code_of_ours_and_one_row_for_each_direction(path):
    found = load_code_map(f"returns/{path.stem}").pairs
    lists = {column.code_list for *_, column in COLUMNS if column.codes == path.stem}
    lists |= {"absence-reason" for *_, column in COLUMNS if column.missing == path.stem}
    (name,) = lists
    known = {code.code for code in STANDARD.codes(name)}
    assert {row.ours for row in found} == known
    for ways, key in (({"both", "there"}, "ours"), ({"both", "back"}, "theirs")):
        used = [getattr(row, key) for row in found if row.preferred in ways]
        assert len(used) == len(set(used)), ways
    for row in found:
        assert row.relationship in {"equivalent", "wider", "narrower", "inexact", "unmatched"}
        assert (row.relationship == "unmatched") == (not row.theirs)


@pytest.mark.parametrize("name", return_names())
def test_every_field_is_carried_or_has_a_reason(name):
    spec = load_return(name)
    for record in spec.records:
        kept = carried_fields(spec, record)
        assert kept & pointers(record)
        for pointer in pointers(record) - kept:
            assert len(why_lost(spec, pointer)) > 20


def test_what_records_hold_and_a_return_does_not_carry_is_listed(tmp_path):
    record = minimal("marf")
    result = written("annex-a", [record], tmp_path)
    lost = {loss.pointer for loss in result.lost}
    tree = FieldTree()
    tree.add(record)
    assert lost == set(tree.pointers()) - carried_fields(load_return("annex-a"), "marf")
    assert "/children/*/addresses/*/postcode" in lost
    assert not lost & {"/children/*/sex", "/referrer/source", "/referredOn"}


def test_columns_that_are_never_filled_say_why(tmp_path):
    result = written("ssd", [], tmp_path)
    assert set(result.unfilled) == {
        "pers_gender",
        "pers_legacy_id",
        "pers_is_mother",
    }


def test_every_finding_code_is_explained():
    for code in (code for code in finding_codes().values() if code.family == "returns"):
        assert code.code.startswith("RET-")
        assert code.title
        assert code.why.endswith(".")


@pytest.mark.parametrize(
    ("right", "wrong", "message"),
    [
        ("heading ", "haeding ", r"haeding is not a word.*heading"),
        ("[[table.column]]", "[[table.colum]]", r"no \[\[column\]\]"),
        ("edition ", "editon ", r"editon is not a word.*edition"),
        ("why ", "because ", r"because is not a word"),
    ],
)
def test_a_wrong_word_in_a_specification_is_named_with_the_right_one(
    tmp_path, right, wrong, message
):
    text = (folder("mappings") / "returns" / "annex-a.toml").read_text("utf-8")
    assert right in text
    path = tmp_path / "annex-a.toml"
    path.write_text(text.replace(right, wrong), "utf-8")
    with pytest.raises(MappingError, match=message):
        read_spec(path)


@pytest.mark.parametrize("name", return_names())
def test_findings_hold_no_value_of_a_record(name, tmp_path):
    result = written(name, family(), tmp_path)
    assert result.findings
    findings = [written.finding for written in result.findings]
    texts = [f"{finding.message} {finding.place} {finding.origin}" for finding in findings]
    private = {
        child["name"].get("family")
        for record in family()
        for child in record["children"]
        if "name" in child
    } - {None}
    assert private
    assert not [text for text in texts for value in private if value in text]


@pytest.mark.parametrize("name", return_names())
def test_types_that_make_no_rows_are_counted(name, tmp_path):
    result = written(name, [minimal("meeting"), minimal("meeting")], tmp_path)
    assert dict(result.ignored) == {"meeting": 2}


def test_a_part_that_is_not_in_the_form_of_the_standard_is_left_out_and_said(tmp_path):
    record = minimal("marf", child={"sex": "x"})
    result = written("annex-a", [record], tmp_path)
    assert "RET-015" in codes(result.findings)
    assert result.rows["list-3"] == 1


def test_a_format_that_a_return_does_not_have_is_refused(tmp_path):
    with pytest.raises(MappingError, match="xml"):
        written("cin", [], tmp_path, formats=("csv",))


def test_the_python_of_the_documentation_runs(tmp_path, monkeypatch, capsys):
    blocks = re.findall(
        r"```python\n(.*?)```", (ROOT / "docs/returns.md").read_text("utf-8"), re.DOTALL
    )
    assert len(blocks) == 2
    shutil.copytree(ROOT / "examples", tmp_path / "examples")
    monkeypatch.chdir(tmp_path)
    for block in blocks:
        exec(compile(block, "docs/returns.md", "exec"), {})  # noqa: S102 (our own page)
    assert "annex-a-list-3-referral.csv, row 2 marf" in capsys.readouterr().out
    assert (tmp_path / "returns" / "annex-a.xlsx").exists()

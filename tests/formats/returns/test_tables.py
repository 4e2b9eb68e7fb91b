"""The tables of the returns as data: they name only what there is, and lose nothing in silence."""

import re
import shutil

import pytest
from tests.helpers.returns_records import family, minimal, written
from tests.helpers.support import ROOT

from eh_interop.core.errors import MappingError
from eh_interop.core.resources import folder
from eh_interop.formats.returns import load_return, return_names
from eh_interop.formats.returns.codes import codes
from eh_interop.formats.returns.losses import Held, carried, why_lost
from eh_interop.formats.returns.ways import WAYS, WORDS
from eh_interop.standard.code_lists import code_map_rows
from eh_interop.standard.fields import fields_of
from eh_interop.standard.finding_codes import finding_codes
from eh_interop.standard.schemas import load_standard

STANDARD = load_standard()
COLUMNS = [
    (whole, table, column)
    for whole in map(load_return, return_names())
    for table in whole.tables
    for column in table.columns
]


def pointers(record_type):
    """Every leaf of a record type as a pointer; a list ends with a star."""

    def walk(field, above):
        for each in field.fields:
            here = f"{above}/{each.name}{'/*' if each.repeats else ''}"
            yield here
            yield from walk(each, here)

    return set(walk(fields_of(record_type), ""))


def test_there_are_three_returns():
    assert return_names() == ("annex-a", "cin", "ssd")


def test_an_unknown_return_is_refused():
    with pytest.raises(MappingError, match="annex-a, cin, ssd"):
        load_return("annex-b")


@pytest.mark.parametrize("name", return_names())
def test_pointers_lead_to_fields_of_the_record_types(name):
    whole = load_return(name)
    for table in whole.tables:
        known = {pointer for event in table.events for pointer in pointers(event.record)}
        for event in table.events:
            assert {*event.on, *event.until} <= known
        for column in table.columns:
            ours = {our for our in column.ours if not our.startswith("/localData/")}
            assert ours | set(column.covers) <= known, column.heading
            joined = {each for each in column.joined if each not in WORDS}
            assert not joined or joined <= pointers(whole.join.record)
    if whole.join:
        assert {whole.join.on, whole.join.at, *whole.join.covers} <= pointers(whole.join.record)
    for lost in whole.lost:
        kept = [f"{pointer}/" for record in whole.records for pointer in pointers(record)]
        assert lost == "/" or any(each.startswith(f"{lost}/") for each in kept)


@pytest.mark.parametrize(
    ("whole", "table", "column"), COLUMNS, ids=lambda each: getattr(each, "heading", None)
)
def test_columns_use_ways_and_code_maps_that_there_are(whole, table, column):
    del whole, table
    assert not column.via or column.via in WAYS
    assert bool(column.codes) == bool(column.code_list)
    assert bool(column.unfilled) != bool(column.ours or column.via or column.joined)
    if column.codes:
        assert codes(column.codes, column.code_list).there
    if column.missing:
        assert codes(column.missing, "absence-reason").there


@pytest.mark.parametrize(
    "path", sorted((folder("mappings") / "codes" / "returns").glob("*.csv")), ids=lambda p: p.stem
)
def test_code_maps_have_every_code_of_ours_and_one_row_for_each_direction(path):
    found = code_map_rows(f"returns/{path.stem}")
    lists = {each.code_list for *_, each in COLUMNS if each.codes == path.stem}
    lists |= {"absence-reason" for *_, each in COLUMNS if each.missing == path.stem}
    (name,) = lists
    known = {code.code for code in STANDARD.codes(name)}
    assert {row["ours"] for row in found} == known
    for ways, key in (({"both", "there"}, "ours"), ({"both", "back"}, "theirs")):
        used = [row[key] for row in found if row["preferred"] in ways]
        assert len(used) == len(set(used)), ways
    for row in found:
        assert row["relationship"] in {"equivalent", "wider", "narrower", "inexact", "unmatched"}
        assert (row["relationship"] == "unmatched") == (not row["theirs"])


@pytest.mark.parametrize("name", return_names())
def test_every_field_is_carried_or_has_a_reason(name):
    whole = load_return(name)
    for record in whole.records:
        kept = carried(whole, record)
        assert kept & pointers(record)
        for pointer in pointers(record) - kept:
            assert len(why_lost(whole, pointer)) > 20


def test_what_records_hold_and_a_return_does_not_carry_is_listed(tmp_path):
    record = minimal("marf")
    result = written("annex-a", [record], tmp_path)
    lost = {each.pointer for each in result.lost}
    held = Held()
    held.add(record)
    assert lost == set(held.pointers()) - carried(load_return("annex-a"), "marf")
    assert "/children/*/addresses/*/postcode" in lost
    assert not lost & {"/children/*/sex", "/referrer/source", "/referredOn"}


def test_columns_that_are_never_filled_say_why(tmp_path):
    result = written("ssd", [], tmp_path)
    assert set(result.unfilled) == {
        "pers_gender",
        "pers_legacy_id",
        "pers_death_date",
        "pers_is_mother",
    }


def test_every_kind_of_remark_is_explained():
    for kind in (code for code in finding_codes().values() if code.family == "returns"):
        assert kind.code.startswith("RET-")
        assert kind.title
        assert kind.why.endswith(".")


@pytest.mark.parametrize("name", return_names())
def test_remarks_hold_no_value_of_a_record(name, tmp_path):
    result = written(name, family(), tmp_path)
    assert result.remarks
    texts = [
        f"{remark.message} {remark.column} {remark.place} {remark.file}"
        for remark in result.remarks
    ]
    private = {
        child["name"].get("family")
        for record in family()
        for child in record["children"]
        if "name" in child
    } - {None}
    assert private
    assert not [text for text in texts for each in private if each in text]


@pytest.mark.parametrize("name", return_names())
def test_types_that_make_no_rows_are_counted(name, tmp_path):
    result = written(name, [minimal("meeting"), minimal("meeting")], tmp_path)
    assert dict(result.ignored) == {"meeting": 2}


def test_a_part_that_is_not_in_the_form_of_the_standard_is_left_out_and_said(tmp_path):
    record = minimal("marf", child={"sex": "x"})
    result = written("annex-a", [record], tmp_path)
    assert "RET-015" in {remark.code for remark in result.remarks}
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
    assert "annex-a-list-3-referral.csv 2 marf" in capsys.readouterr().out
    assert (tmp_path / "returns" / "annex-a.xlsx").exists()

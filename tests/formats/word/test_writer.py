"""Word forms: what they ask, and that what is filled in comes back."""

from __future__ import annotations

import copy
import io
import zipfile

import pytest
from click.testing import CliRunner
from lxml import etree
from tests.helpers.support import example

from eh_interop.cli import main
from eh_interop.core.pointer import all_places, join, resolve
from eh_interop.formats._shared.forms.reading import record_of
from eh_interop.formats._shared.printed import build_form
from eh_interop.formats.word import read, to_word
from eh_interop.standard.areas import NEUTRAL, load_area
from eh_interop.standard.schemas import load_standard
from eh_interop.standard.views import ViewLevel

TYPES = sorted(load_standard().record_types)
EXAMPLES = [f"{folder}/{name}" for name in TYPES for folder in ("minimal", "gloucestershire")]
W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
OF_THE_FORM = {"recordType", "standardVersion", "recordId"}


def filled(record, level=ViewLevel.FULL):
    form = build_form(record["recordType"], load_area(record.get("area") or NEUTRAL), level, record)
    return form, record_of(read(io.BytesIO(to_word(form))), "form.docx").document


def existing(name):
    try:
        return example(name)
    except FileNotFoundError:
        pytest.skip("there is no such example")


@pytest.mark.parametrize("name", EXAMPLES)
def test_a_form_that_is_filled_in_from_a_record_reads_back_equal(name):
    record = existing(name)
    form, back = filled(record)
    left = set(form.left_out)
    places = [p for p in all_places(record) if p not in left and p[-1] not in OF_THE_FORM]
    assert len(places) > len(left)
    assert back["recordType"] == record["recordType"]
    different = [join(p) for p in places if resolve(back, p) != resolve(record, p)]
    assert different == []


@pytest.mark.parametrize("record_type", TYPES)
@pytest.mark.parametrize("level", list(ViewLevel))
def test_a_blank_form_holds_no_answer_and_says_what_it_is(record_type, level, tmp_path):
    path = tmp_path / "form.docx"
    arguments = ["template", record_type, "--to", "docx", "--view", level.value]
    result = CliRunner().invoke(main, [*arguments, "--output", str(path)])
    assert result.exception is None or result.exit_code == 0, result.output
    form = read(path)
    assert form.record_type == record_type
    document = record_of(form, "form.docx").document
    assert {*document} <= {"recordType", "standardVersion", "recordId", "area"}


@pytest.mark.parametrize("value", [True, False, "unclear", "yes", "", 0, [], {}, 7])
@pytest.mark.parametrize("level", list(ViewLevel))
def test_whatever_is_said_of_immediate_risk_stands_in_the_form(value, level):
    record = copy.deepcopy(example("minimal/marf"))
    record["immediateRisk"] = value
    form, back = filled(record, level)
    (question,) = [one for one in form.questions() if one.steps == ("immediateRisk",)]
    words = {True: "Yes", False: "No"}[value] if isinstance(value, bool) else str(value)
    assert question.shown.lower() == words.lower()
    assert (back.get("immediateRisk") is False) == (value is False)


def test_immediate_risk_that_a_form_does_not_ask_for_is_said_at_its_top():
    record = copy.deepcopy(example("minimal/consent-record"))
    record["immediateRisk"] = True
    assert (
        "immediate risk" in build_form("consent-record", load_area(NEUTRAL), record=record).first[0]
    )


def test_a_child_that_somebody_added_in_word_is_another_child():
    record = copy.deepcopy(example("minimal/marf"))
    form = build_form("marf", load_area(NEUTRAL), record=record)
    archive = zipfile.ZipFile(io.BytesIO(to_word(form)))
    parts = {name: archive.read(name) for name in archive.namelist()}
    root = etree.fromstring(parts["word/document.xml"])
    tag = root.find(f".//{{{W}}}tag[@{{{W}}}val='eh:/children/0/name/given']")
    table = next(tag.iterancestors(f"{{{W}}}tbl"))
    item = next(table.iterancestors(f"{{{W}}}sdt"))
    item.addnext(copy.deepcopy(item))
    parts["word/document.xml"] = etree.tostring(root)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as changed:
        for name, content in parts.items():
            changed.writestr(name, content)
    children = record_of(read(out), "form.docx").document["children"]
    before = record["children"]
    assert len(children) == len(before) + 1
    assert children[-1]["name"] == children[0]["name"] == before[0]["name"]


def test_the_same_form_is_the_same_file():
    form = build_form("marf", load_area(NEUTRAL))
    assert to_word(form) == to_word(form)

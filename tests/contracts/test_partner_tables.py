"""No table of a partner becomes a calmer record, with a mapping that nobody has looked at.

Tables of arbitrary columns are drafted, and read with the draft as it is. A word of immediate risk
or protection stands in one cell of one column: the record is *act now*, or the address is
protected, whatever the column is taken for. ``EH_INTEROP_CASES`` sets how many tables are tried.
"""

from __future__ import annotations

import csv
import os
from datetime import date
from random import Random

import pytest
from tests.helpers.partner_files import read_all
from tests.helpers.support import ROOT

from eh_interop.checks.record import check_record
from eh_interop.core.findings import Disposition
from eh_interop.formats.partners import parse_table, read
from eh_interop.formats.partners.draft import draft_mapping
from eh_interop.reading.source_record import SourceRecord

CASES = int(os.environ.get("EH_INTEROP_CASES", "80"))
RECORDS = ("marf", "early-help-request", "early-help-assessment")
PEOPLE = (
    "", "Child ", "Child 1 ", "Child 2 ", "Mother's ", "Parent 1 ", "Parent/Carer ", "Tenant ",
    "Referrer ", "Your ", "School ", "GP ",
)  # fmt: skip
HELD = {
    "Name": ("Lee Vale", "VALE, Mia", "Null"),
    "Surname": ("Vale", "O'Quill"),
    "DOB": ("14/09/2016", "2019-02-03", "n/k"),
    "Gender": ("F", "M", "Boy"),
    "Ethnicity": ("WBRI", "White British", "A"),
    "NHS No": ("999 000 0018", "9990000026"),
    "UPN": ("", "n/a"),
    "Address": ("Flat 1, Sea Road, BR1 9ZZ", "7 Pier St"),
    "Postcode": ("BR1 9ZZ", "-"),
    "Tel": ("07700 900801", "7700900801"),
    "Email": ("someone@riverbank.example", ""),
    "Role": ("Teacher", "Housing officer"),
    "Relationship": ("Mother", "Father"),
    "Interpreter required": ("N", "Yes"),
    "Age": ("4", "11"),
}
OF_RECORD = {
    "Case Ref": ("T001", "T002"),
    "Date Referred": ("01/11/2026", "25/10/2026"),
    "Concern": ("Hungry at school", "No beds in the flat"),
    "Type of concern": ("Neglect", "Neglect; Domestic abuse"),
    "Consent": ("Y", "No", "Verbal"),
    "In immediate danger?": ("N", "No", ""),
    "Address confidential?": ("N", "No"),
    "Court order": ("None", "No"),
    "Notes": ("", "Rang twice"),
    "What is going well?": ("Goes to school", ""),
    "Room": ("7", "B2"),
    "Linked students": ("", "2"),
    "Attendance %": ("93", "88%"),
    "": ("", "x"),
}
with (ROOT / "mappings" / "partners" / "signals.csv").open(encoding="utf-8", newline="") as signals:
    SIGNALS = list(csv.DictReader(signals))
SAID = {
    about: [row["example"] for row in SIGNALS if (row["about"], row["where"]) == (about, "cell")]
    for about in ("risk", "address")
}
ASKED = {
    about: [
        (row["example"], {"no": "No"}.get(row["answer"], "Yes"))
        for row in SIGNALS
        if (row["about"], row["where"]) == (about, "heading")
    ]
    for about in ("risk", "address")
}


def made_table(random):
    """Return headings and three rows of a table that nobody has seen."""
    columns = [
        (f"{whose}{name}", held)
        for whose in random.sample(PEOPLE, random.randint(2, 4))
        for name, held in random.sample(sorted(HELD.items()), random.randint(1, 4))
    ]
    columns += random.sample(sorted(OF_RECORD.items()), random.randint(2, 7))
    columns += [("Child name" if random.random() < 0.5 else "Pupil", HELD["Name"])]
    random.shuffle(columns)
    rows = [[random.choice(held) for _, held in columns] for _ in range(3)]
    return [heading for heading, _ in columns], rows


def read_with_its_draft(tmp_path, headings, rows, record):
    path = tmp_path / "export.csv"
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([headings, *rows])
    records, _ = read_all(read(path, parse_table(draft_mapping(path, record).text, "draft")))
    return [record for record in records if record.document is not None]


def is_act_now(document):
    source = SourceRecord(source="", document=document)
    checked = check_record(source, area=None, as_of=date(2026, 11, 1))
    return checked.disposition is Disposition.ACT_NOW


def is_protected(document):
    kinds = [warning["type"] for warning in document.get("safetyWarnings", [])]
    people = [*document.get("children", []), *document.get("people", [])]
    addresses = [address for person in people for address in person.get("addresses", [])]
    closed = any(address.get("confidential") is True for address in addresses)
    return "address-must-not-be-disclosed" in kinds and (closed or not people)


SEES = {"risk": is_act_now, "address": is_protected}


@pytest.mark.parametrize("about", sorted(SAID))
@pytest.mark.parametrize("seed", range(CASES))
def test_a_word_in_any_cell_of_any_column_counts(tmp_path, seed, about):
    random = Random(seed)
    headings, rows = made_table(random)
    at, word = random.randrange(len(headings)), random.choice(SAID[about])
    rows[1][at] = random.choice([word, word.upper(), f"{rows[1][at]} - {word}"])
    records = read_with_its_draft(tmp_path, headings, rows, random.choice(RECORDS))
    assert any(SEES[about](record.document) for record in records), (headings, rows)


@pytest.mark.parametrize("about", sorted(ASKED))
@pytest.mark.parametrize("seed", range(CASES))
def test_an_answer_below_any_such_heading_counts(tmp_path, seed, about):
    random = Random(seed)
    headings, rows = made_table(random)
    heading, answer = random.choice(ASKED[about])
    at = random.randint(0, len(headings))
    headings.insert(at, heading)
    for row, cell in zip(rows, ("", answer, ""), strict=True):
        row.insert(at, cell)
    records = read_with_its_draft(tmp_path, headings, rows, random.choice(RECORDS))
    assert any(SEES[about](record.document) for record in records), (headings, rows)


def test_a_calm_table_stays_calm(tmp_path):
    headings = ["Child name", "DOB", "Concern", "In immediate danger?", "Address confidential?"]
    rows = [["Mia Vale", "14/09/2016", "Hungry at school", "No", "No"]]
    (record,) = read_with_its_draft(tmp_path, headings, rows, "marf")
    assert not is_act_now(record.document)
    assert not is_protected(record.document)

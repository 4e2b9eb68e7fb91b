"""``eh-interop clauses`` as its users run it."""

import csv
import io
import json

import click
from click.testing import CliRunner

from eh_interop.checks.catalogue import entries, entries_of
from eh_interop.cli import main
from eh_interop.standard.areas import load_area
from eh_interop.standard.guidance import clauses


def run(*arguments):
    return CliRunner().invoke(main, ["clauses", *arguments], standalone_mode=False)


def facts(*arguments):
    return json.loads(run("--format", "json", *arguments).stdout)


def test_every_clause_is_listed_with_the_checks_that_cite_it():
    listed = {fact["id"]: fact for fact in facts()}
    assert list(listed) == list(clauses())
    for entry in entries():
        for cite in entry.cites:
            assert entry.code in listed[cite]["checks"]


def test_one_document():
    listed = facts("--document", "staffordshire-threshold-framework")
    assert {each["id"][0] for each in listed} == {"S"}
    assert len(listed) == 66


def test_uncarried_clauses_are_cited_by_nothing():
    listed = facts("--uncarried")
    assert len(listed) < len(clauses())
    assert all(each["checks"] == [] and each["carriedBy"] is None for each in listed)
    cited = {cite for entry in entries() for cite in entry.cites}
    assert cited.isdisjoint(each["id"] for each in listed)


def test_text_says_the_clause_and_what_carries_it():
    result = run("--document", "gloucestershire-practice-guidance")
    page = " ".join(result.stdout.split())
    assert "G-107 Papers that normally go with a referral form, part 2: a genogram" in page
    assert "MRF-107" in page
    assert result.stderr == "153 clauses.\n"


def test_csv_has_one_row_for_each():
    rows = list(csv.DictReader(io.StringIO(run("--format", "csv").stdout)))
    assert [row["id"] for row in rows] == list(clauses())
    assert "MRF-107" in {row["id"]: row for row in rows}["G-107"]["checks"].split("; ")


def test_an_unknown_document_is_a_usage_error():
    problem = run("--document", "nothing").exception
    assert isinstance(problem, click.UsageError)
    assert "working-together-2023" in problem.message


def test_an_area_has_the_clauses_of_the_documents_that_it_follows():
    area = load_area("staffordshire")
    listed = facts("--area", "staffordshire")
    assert {each["document"] for each in listed} <= area.follows
    assert "S-049" in {each["id"] for each in listed}
    assert "G-107" not in {each["id"] for each in listed}
    codes = {entry.code for entry in entries_of(area)}
    assert all(set(each["checks"]) <= codes for each in listed)

"""Code lists and aliases."""

import csv
import re

import pytest
from tests.helpers.support import SCHEMAS

from eh_interop.standard.schemas import load_standard

STANDARD = load_standard()
NATIONAL = re.compile(r"^[A-Z0-9][A-Za-z0-9+_-]*$")
OURS = re.compile(r"^[a-z0-9]+(-[a-z0-9]+)*$")


@pytest.mark.parametrize("name", STANDARD.codelists)
def test_codes_are_unique_titled_and_sourced(name):
    rows = STANDARD.codes(name)
    assert len({row.code for row in rows}) == len(rows) > 0
    for row in rows:
        assert NATIONAL.match(row.code) or OURS.match(row.code), row.code
        assert row.title.strip() == row.title != ""
        assert row.source


def aliases():
    with (SCHEMAS / "1.0" / "aliases.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_aliases_lead_to_one_code_that_exists():
    seen = set()
    for row in aliases():
        codes = {code.code for code in STANDARD.codes(row["codelist"])}
        assert row["code"] in codes, row
        assert row["alias"] not in codes, row
        key = row["codelist"], row["alias"].casefold()
        assert key not in seen, row
        seen.add(key)


@pytest.mark.parametrize(
    ("codelist", "alias", "code"),
    [
        ("plan-type", "My Plan Plus", "my-plan-plus"),
        ("plan-type", "My Plan +", "my-plan-plus"),
        ("meeting-type", "TAC", "taf"),
    ],
)
def test_spellings_met_in_the_guidance_are_known(codelist, alias, code):
    assert {"codelist": codelist, "alias": alias, "code": code}.items() <= next(
        row for row in aliases() if (row["codelist"], row["alias"]) == (codelist, alias)
    ).items()


def test_subdomains_belong_to_a_domain():
    with (SCHEMAS / "1.0/codelists/need-subdomain.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    domains = {row.code for row in STANDARD.codes("need-domain")}
    codes = {row["code"] for row in rows}
    assert {row["domain"] for row in rows} <= domains
    assert {row["parent"] for row in rows} - {""} <= codes

"""What is answered to a pack: its cover page, what to chase, and what was decided."""

import json

import pytest
from click.testing import CliRunner
from tests.helpers.support import ROOT

from eh_interop import check
from eh_interop.cli import main

PACK = ROOT / "examples" / "packs" / "referral.zip"
MARF = ROOT / "examples" / "gloucestershire" / "marf.json"
DAY = ("--as-of", "2026-11-01")
ASKED = "genogram, or say why there is none"


def run(*arguments):
    return CliRunner().invoke(main, list(map(str, arguments)), standalone_mode=False)


@pytest.fixture
def bare(tmp_path):
    """Return a pack without the papers that a referral needs."""
    path = tmp_path / "bare.zip"
    built = run("pack", "build", MARF, "--type", "referral", "--to", "o8", *DAY, "--out", path)
    assert built.exit_code == 0, built.output
    return path


def test_the_cover_says_who_sends_what_to_whom():
    page = run("pack", "show", PACK, "--format", "html", *DAY).stdout
    assert "<svg" in page
    assert "Multi-agency safeguarding hub (MASH)" in page
    assert "Families First, Gloucester locality" in page
    assert "Referral to social care" in page
    assert "6 records" in page
    assert "<script" not in page


def test_the_cover_of_a_bare_pack_asks_for_what_is_missing(bare):
    whole, less = (
        run("pack", "show", each, "--format", "html", *DAY).stdout for each in (PACK, bare)
    )
    assert ASKED in less
    assert ASKED not in whole


def test_what_a_pack_lacks_is_chased_with_its_main_record(bare):
    whole, less = (run("chase", each, "--to", "json", *DAY).stdout for each in (PACK, bare))
    assert ASKED in less
    assert ASKED not in whole
    assert json.loads(less)
    assert "marf-2026-00655" in less
    assert "Freya" not in less


def test_the_outcome_of_a_pack_is_that_of_the_record_it_is_about():
    result = run("outcome", PACK, "--code", "advice-no-referral", "--advice", "Go on.", *DAY)
    record = json.loads(result.stdout)
    assert record["referral"]["recordId"] == "marf-2026-00655"
    assert check(record).record_type == "referral-outcome"

"""Whom to ring now: what an area states of its front door, by day and time."""

from datetime import date, time

import pytest
from click.testing import CliRunner
from tests.helpers.rule_bases import merged
from tests.helpers.support import EXAMPLES, example

from eh_interop.checks.across.records import across_rules
from eh_interop.checks.front_door import whom_to_ring
from eh_interop.checks.parallel import CheckOptions, new_key, with_across
from eh_interop.cli import main
from eh_interop.core.findings import Disposition
from eh_interop.packs.judging import PackReport
from eh_interop.reading import SourceRecord
from eh_interop.standard.areas import load_area, read_area

HEAD = 'area = "exampleshire"\ntitle = "Exampleshire"\nextends = "england"\n[front-door]\n'
DOOR = """
title = "The front door"
telephone = "01632 960001"
checked-on = 2026-11-02
out-of-hours = "emergency-duty-service"
out-of-hours-telephone = "01632 960002"
[front-door.hours]
tuesday = { open = true, from = "08:30", to = "17:00" }
sunday = { open = false }
"""
TUESDAY, WEDNESDAY, SUNDAY = date(2026, 11, 10), date(2026, 11, 11), date(2026, 11, 15)
CHECKED = " (Checked on 2 November 2026.)"
DAY, NIGHT = "The front door on 01632 960001", "the emergency duty service on 01632 960002"


def area(folder, text=DOOR):
    file = folder / "exampleshire.toml"
    file.write_text(HEAD + text, "utf-8")
    return read_area(file)


@pytest.mark.parametrize(
    ("day", "at", "said"),
    [
        (TUESDAY, time(8, 29), f"The front door is closed at this time. Ring {NIGHT} now."),
        (
            TUESDAY,
            time(8, 30),
            f"Ring {DAY} now. It is open until 17:00, but not on bank holidays.",
        ),
        (
            TUESDAY,
            time(16, 59),
            f"Ring {DAY} now. It is open until 17:00, but not on bank holidays.",
        ),
        (TUESDAY, time(17, 0), f"The front door is closed at this time. Ring {NIGHT} now."),
        (TUESDAY, None, f"Ring {DAY} from 08:30 to 17:00, and at other times {NIGHT}."),
        (WEDNESDAY, time(12, 0), f"Ring {DAY}, and at other times {NIGHT}."),
        (SUNDAY, None, f"The front door is closed on Sundays. Ring {NIGHT} now."),
    ],
)
def test_it_is_said_whom_to_ring(tmp_path, day, at, said):
    assert whom_to_ring(area(tmp_path), day, at) == (said + CHECKED,)


def test_nothing_is_made_up_where_an_area_states_nothing(tmp_path):
    assert whom_to_ring(load_area("england"), TUESDAY, time(12, 0)) == ()
    assert whom_to_ring(load_area("gloucestershire"), SUNDAY, time(3, 0)) == ()
    assert whom_to_ring(area(tmp_path, 'title = "The front door"\n'), TUESDAY, time(3, 0)) == ()
    weekday, weekend = (whom_to_ring(load_area("staffordshire"), day) for day in (TUESDAY, SUNDAY))
    assert weekday == ()
    assert weekend == ("SCAS is closed on Sundays. Ring the emergency duty service now.",)


def test_act_now_says_whom_to_ring_by_the_time_of_as_of(tmp_path):
    area(tmp_path)
    file = str(EXAMPLES / "gloucestershire" / "marf-immediate-risk.json")
    options = ["check", file, "--area", str(tmp_path / "exampleshire.toml"), "--as-of"]
    evening = CliRunner().invoke(main, [*options, "2026-11-10T19:30"])
    assert "Ring the emergency duty service on 01632 960002 now." in " ".join(
        evening.stdout.split()
    )
    day = CliRunner().invoke(main, [*options, "2026-11-10"])
    assert "from 08:30 to 17:00" in " ".join(day.stdout.split())
    wrong = CliRunner().invoke(main, [*options, "2026-11-10T25:00"])
    assert wrong.exit_code == 2
    assert "a day and a time such as" in " ".join(wrong.stderr.split())


def test_a_pack_says_it_too(tmp_path):
    report = PackReport(
        reports=(), findings=(), at_risk=True, risk_open=False, area=area(tmp_path), as_of=SUNDAY
    )
    assert report.own("pack").do_now[-1].startswith("The front door is closed on Sundays.")


def test_what_records_show_together_says_it_too(tmp_path):
    area(tmp_path)
    options = CheckOptions(
        area=str(tmp_path / "exampleshire.toml"), as_of=TUESDAY, at=time(19, 30), key=new_key()
    )
    (rule,) = (rule for rule in across_rules() if rule.code == "ACR-008")
    at_risk = {"immediateRisk": True}
    records = [
        SourceRecord(
            source="",
            document=merged(example(name), {**patch, **(at_risk if "marf" in name else {})}),
        )
        for name, patch in rule.fails.items()
    ]
    together = [
        report
        for report in with_across(map(options.check, records), options)
        if report.across and report.disposition is Disposition.ACT_NOW
    ]
    assert together
    for report in together:
        assert f"Ring {NIGHT} now." in report.do_now[-1]

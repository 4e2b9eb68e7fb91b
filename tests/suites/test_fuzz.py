"""Records with things broken in them at random: whatever `check` can read, everything works on.

300 cases by default. `EH_INTEROP_FUZZ=20000 pytest tests/suites/test_fuzz.py` takes more, and
`EH_INTEROP_FUZZ_SEED` others; each case is made anew from its seed and number.
"""

import copy
import os
import random

import orjson
import pytest
from tests.helpers.support import AS_OF, EXAMPLES

from eh_interop.checks.parallel import CheckOptions, check_many
from eh_interop.convert.running import ConvertOptions
from eh_interop.convert.targets import RecordWriter, TargetSettings, targets
from eh_interop.core.findings import Disposition
from eh_interop.protection import half_said_alone
from eh_interop.reading import Fault, read_record
from eh_interop.reports import FORMATS, Run

CASES = int(os.environ.get("EH_INTEROP_FUZZ", "300"))
SEED = int(os.environ.get("EH_INTEROP_FUZZ_SEED", "1"))
CHUNK = 25
"""Cases of one test: a failing one is found by its number in the message."""
MARK = "Quillfeather"
TOGETHER = sorted(name for name, one in targets().items() if not isinstance(one, RecordWriter))
"""Formats that hold all cases of a test: one of them for each test."""
EACH = ["fhir", *(["json", "ndjson"] * 6), "fhir-xml"]
"""Formats of single records: one of them for each case."""
FILES = sorted(
    path
    for path in EXAMPLES.glob("*/*.json")
    if path.parent.name in {"minimal", "gloucestershire", "staffordshire"}
)
JUNK = [
    None, True, False, 0, -1, 3.0, 0.5, 1e300, 2**62, "", " ", "\x00", "x" * 300, MARK, [], {},
    [None], [[]], [{}], {"a": {}}, {MARK: MARK}, {"": 1}, [["a"]], "2026-02-30", "9999-12-31",
    "0001-01-01T00:00:00Z", "2026-11-01T25:00:00+99:00", "p1", "c1", "w1", "\ud7ff\U0001f600",
    "=1+1", "no", "yes", "not-known", "999 000 0000", "GL1 1AA",
]  # fmt: skip
"""What is put where it does not belong."""


def places(value, at=()):
    yield at, value
    inner = value.items() if isinstance(value, dict) else ()
    inner = enumerate(value) if isinstance(value, list) else inner
    for step, member in inner:
        yield from places(member, (*at, step))


def broken(number):
    """Make one case: an example with one to five things removed, replaced, added or moved."""
    chance = random.Random(SEED * 1_000_003 + number)
    record = orjson.loads(chance.choice(FILES).read_bytes())
    for _ in range(chance.choice([1, 1, 2, 5])):
        inside = [
            at
            for at, _ in places(record)
            if at and (at != ("recordType",) or chance.random() < 0.1)
        ]
        *above, last = chance.choice(inside)
        holder = record
        for step in above:
            holder = holder[step]
        junk = copy.deepcopy(chance.choice(JUNK))
        match chance.randrange(10):
            case 0 | 1 | 2 | 3:
                del holder[last]
            case 4 if isinstance(holder, dict):
                holder[chance.choice(["x", "", MARK, "id", "type", "relatedTo"])] = junk
            case 5:
                holder[last] = copy.deepcopy(chance.choice([value for _, value in places(record)]))
            case 6 if isinstance(holder, list):
                holder.append(holder[last])
            case _:
                holder[last] = junk
    return record


def told(findings):
    return [one.message for one in findings if one.code == Fault.OURS.code]


@pytest.mark.parametrize("first", range(0, CASES, CHUNK))
def test_everything_works_on_what_can_be_read(first, tmp_path):
    cases = [broken(number) for number in range(first, min(first + CHUNK, CASES))]
    records = [read_record(orjson.dumps(case), "f.json") for case in cases]
    options = CheckOptions(
        area=None, as_of=AS_OF, key=b"k" * 32, fingerprints=True, more=half_said_alone
    )
    writers = [kind(Run(area=None, as_of=AS_OF)) for kind in FORMATS.values()]
    for number, report in enumerate(check_many(records, options), first):
        assert not report.has_fault, (number, report.not_run, told(report.findings))
        assert MARK not in "".join(piece for one in writers for piece in one.record(report))
        if cases[number - first].get("immediateRisk", False) is not False:
            assert report.disposition is Disposition.ACT_NOW, number
    settings = TargetSettings(AS_OF, verify="none", authority="916")
    prepared = [ConvertOptions("json", settings).prepare(record) for record in records]
    assert not [told(one.findings) for one in prepared if told(one.findings)]
    for number, record in enumerate(records, first):
        options = ConvertOptions(EACH[number % len(EACH)], settings)
        assert not told(options.convert((number, record)).findings), (number, options.target)
    name = TOGETHER[first // CHUNK % len(TOGETHER)]
    of_all = [one.record for one in prepared if one.record is not None]
    if name == "xlsx":  # a workbook for each record type, with guidance, takes its time
        of_all = of_all[:2]
    findings = list(targets()[name].write_batch(of_all, tmp_path, settings))
    assert MARK not in str(findings)

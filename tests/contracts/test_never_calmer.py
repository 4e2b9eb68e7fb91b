"""No path makes a record calmer, and no path loses what stood in it.

Every chain of two conversions, with values damaged in every way: the disposition is at least as
urgent as before, and each value is still there or is told of. ``EH_INTEROP_CASES`` sets how many
records are tried.
"""

from __future__ import annotations

import copy
import json
import os
from datetime import date
from itertools import product
from random import Random

import pytest
from tests.helpers.support import EXAMPLES, example

from eh_interop.checks.record import check_record
from eh_interop.convert.preparing import prepare
from eh_interop.convert.targets import RecordWriter, TargetSettings, targets
from eh_interop.core.findings import Disposition, Severity
from eh_interop.core.pointer import all_places, join, resolve
from eh_interop.reading.source_record import SourceRecord
from eh_interop.sources.opening import open_sources

AS_OF = date(2026, 11, 1)
CASES = int(os.environ.get("EH_INTEROP_CASES", "80"))
TOGETHER = 4
"""How many records travel in one file: few, so that what is said of one does not excuse another."""
WAYS = ("json", "ndjson", "csv", "xlsx", "fhir", "fhir-xml")
URGENCY = [
    Disposition.ACT_NOW,
    Disposition.ASK_FIRST,
    Disposition.UNREADABLE,
    Disposition.READY_WITH_GAPS,
    Disposition.READY,
]
RECORDS = sorted(
    f"{path.parent.name}/{path.stem}"
    for folder in ("minimal", "gloucestershire", "staffordshire")
    for path in (EXAMPLES / folder).glob("*.json")
)
CHAINS = [chain for chain in product(WAYS, WAYS) if "ndjson" not in chain]
SLOW = {"fhir-xml"}
"""FHIR in XML is the FHIR of JSON, written at ten times the length: the long run tries it."""
RISKS = [True, "Yes", "yes - father has a knife", "maybe", "false", "", 1, 0, None, [], ["a"]]
DAMAGES = ["31/02/2019", "n/k", "Yes", "", 12345, 3.5, True, None, [], ["a", 1], {}, {"a": "b"}]


def marked(chains):
    """Mark those that the long run tries."""
    slow = pytest.mark.slow
    return [
        pytest.param(chain, id="-".join(chain), marks=slow if SLOW & set(chain) else ())
        for chain in chains
    ]


def source(document):
    return SourceRecord(source="", document=copy.deepcopy(document))


def disposition(record):
    return check_record(record, area=None, as_of=AS_OF).disposition


def through(documents, target, folder):
    """Convert records, and read back what became of them; also what was said on the way."""
    folder.mkdir()
    prepared = [prepare(source(document)) for document in documents]
    writer, settings = targets()[target], TargetSettings(AS_OF, verify="none")
    findings = [list(one.findings) for one in prepared]
    if isinstance(writer, RecordWriter):
        for number, one in enumerate(prepared):
            record = one.as_read if writer.holds_anything else one.record
            path = folder / f"{number:06}{writer.suffix or '.ndjson'}"
            path.write_bytes(writer.write_record(record, number, settings).data)
    else:
        # What is said of the files is said of each record in them.
        about_all = writer.write_batch([one.record for one in prepared], folder, settings)
        findings = [[*before, *about_all] for before in findings]
    back = [record for record in open_sources([str(folder)]) if record.is_record]
    assert len(back) == len(documents)
    return back, findings


def damaged(document, random):
    """Put something that does not fit in the place of one value, or of several."""
    document = copy.deepcopy(document)
    places = [steps for steps in all_places(document) if steps[0] not in {"recordType", "area"}]
    places = [steps for steps in places if steps != ("standardVersion",)]
    for steps in random.sample(places, random.randint(1, 3)):
        shorter = steps[: random.randint(1, len(steps))]
        if shorter[-1] != "localData" and "localData" not in shorter:
            put(document, shorter, copy.deepcopy(random.choice(DAMAGES)))
    return document


def put(document, steps, value):
    """Put a value in a place, unless an earlier damage took the place away."""
    try:
        inside = resolve(document, steps[:-1])
    except LookupError:
        return
    if isinstance(inside, dict if isinstance(steps[-1], str) else list) and (
        isinstance(inside, dict) or steps[-1] < len(inside)
    ):
        inside[steps[-1]] = value


def lost(before, after):
    """Return the places of values that are not there any more."""
    missing = []
    for steps in all_places(before):
        try:
            if resolve(after, steps) != resolve(before, steps):
                missing.append(join(steps))
        except LookupError:
            missing.append(join(steps))
    return missing


def assert_nothing_calmer_or_lost(documents, chain, folder):
    records, told = documents, [[] for _ in documents]
    for number, target in enumerate(chain):
        back, findings = through(records, target, folder / str(number))
        told = [
            [*before, *now, *record.findings]
            for before, now, record in zip(told, findings, back, strict=True)
        ]
        records = [record.document for record in back]
    for document, record, findings in zip(documents, back, told, strict=True):
        before = disposition(source(document))
        after = check_record(record, area=None, as_of=AS_OF).disposition
        assert URGENCY.index(after) <= URGENCY.index(before), (before, after)
        warned = {finding.place for finding in findings if finding.severity is not Severity.INFO}
        silent = [place for place in lost(document, record.document) if not is_told(place, warned)]
        assert silent == []


def is_told(place, warned):
    return any(place == told or place.startswith(f"{told}/") for told in warned if told)


@pytest.mark.parametrize("chain", marked((way,) for way in WAYS))
def test_an_answer_about_immediate_risk_is_never_softened(tmp_path, chain):
    documents = [answering(risk, number) for number, risk in enumerate(RISKS)]
    assert {disposition(source(document)) for document in documents} == {Disposition.ACT_NOW}
    assert_nothing_calmer_or_lost(documents, chain, tmp_path)


@pytest.mark.parametrize("chain", marked(CHAINS))
def test_nor_on_any_chain_of_two(tmp_path, chain):
    documents = [answering(risk, number) for number, risk in enumerate(["Yes", "maybe"])]
    assert {disposition(source(document)) for document in documents} == {Disposition.ACT_NOW}
    assert_nothing_calmer_or_lost(documents, chain, tmp_path)


def answering(risk, number):
    answer = {"immediateRisk": risk, "recordId": f"marf-{number}"}
    return {**example("gloucestershire/marf"), **answer}


@pytest.mark.parametrize("chain", marked((way,) for way in WAYS))
def test_a_question_that_was_left_open_stays_open(tmp_path, chain):
    document = example("minimal/marf")
    del document["immediateRisk"]
    assert disposition(source(document)) is Disposition.ASK_FIRST
    assert_nothing_calmer_or_lost([document], chain, tmp_path)


@pytest.mark.parametrize("seed", range(0, CASES, TOGETHER))
def test_damaged_records_go_through_every_chain(tmp_path, seed):
    """Records of one kind travel together: of two with one id, nobody could tell which is which."""
    random = Random(seed)
    record, chain = example(random.choice(RECORDS)), random.choice(CHAINS)
    documents = [damaged(record, random) for _ in range(min(TOGETHER, CASES - seed))]
    documents[1:] = [
        {**document, "recordId": f"record-{number}"}
        for number, document in enumerate(documents[1:])
    ]
    assert_nothing_calmer_or_lost(documents, chain, tmp_path)


def test_the_test_sees_a_value_that_is_gone():
    assert lost({"a": {"b": 1}}, {"a": {}}) == ["/a/b"]
    assert not is_told("/a/b", {"", "/a/c"})
    assert is_told("/a/b", {"/a"})


def test_a_record_is_read_from_its_file_as_it_was_written(tmp_path):
    document = {**example("minimal/marf"), "immediateRisk": "Yes"}
    path = tmp_path / "marf.json"
    path.write_text(json.dumps(document), "utf-8")
    (record,) = open_sources([str(path)])
    assert record.document == document

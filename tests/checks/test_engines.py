"""Both engines give the same findings, on records broken in every way we can think of."""

import copy
import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.helpers.support import AS_OF, EXAMPLES, RECORD_FILES, example

from eh_interop.checks.engine import CompiledEngine
from eh_interop.checks.record import check_raw
from eh_interop.checks.reference import ReferenceEngine
from eh_interop.reading import SourceRecord

NAMES = sorted(path.relative_to(EXAMPLES).with_suffix("").as_posix() for path in RECORD_FILES)
SMALL = [name for name in NAMES if name.startswith("minimal/")]
JUNK = st.sampled_from(
    [
        *(
            None,
            "",
            " ",
            "\t\n",
            "a\n",
            "text",
            0,
            -1,
            1.5,
            10**9,
            True,
            False,
            [],
            {},
            [[]],
            [None],
        ),
        *("2015-02-30", "2015-02-28\n", "20150228", "2015-W09-6", "2024-02-29T12:00:00Z"),
        *(
            "2024-02-29T25:00:00Z",
            "2024-02-29T12:00:00",
            "GL1 1AA",
            "GL1 1AA\n",
            "gl1 1aa",
            "x" * 501,
        ),
        *("given", "refused", "not-known", {"a.b": 1}, {"id": "x"}, ["c1"], "c1\n", "\x1f", "\x85"),
    ]
)


def findings(document, engine):
    raw = SourceRecord(source="", document=document)
    return check_raw(raw, area=None, as_of=AS_OF, engine=engine)


def places(value, steps=()):
    yield steps
    if isinstance(value, dict):
        for key, each in value.items():
            yield from places(each, (*steps, key))
    elif isinstance(value, list):
        for number, each in enumerate(value):
            yield from places(each, (*steps, number))


def holder_of(document, steps):
    for step in steps[:-1]:
        document = document[step]
    return document


@st.composite
def mutated(draw):
    document = copy.deepcopy(example(draw(st.sampled_from(SMALL))))
    for _ in range(draw(st.integers(1, 4))):
        steps = draw(st.sampled_from([steps for steps in places(document) if steps]))
        if steps in {("recordType",), ("standardVersion",)}:
            continue
        holder = holder_of(document, steps)
        change = draw(st.sampled_from(["remove", "replace", "add"]))
        if change == "remove":
            del holder[steps[-1]]
        elif change == "replace":
            holder[steps[-1]] = copy.deepcopy(draw(JUNK))
        elif isinstance(holder, dict):
            holder[draw(st.sampled_from(["extra", "note", "absent", "localData", "id"]))] = (
                copy.deepcopy(draw(JUNK))
            )
    return document


@pytest.mark.parametrize("name", NAMES)
def test_examples(name):
    document = example(name)
    assert findings(document, CompiledEngine) == findings(document, ReferenceEngine)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(mutated())
def test_mutated_records(document):
    report = findings(document, CompiledEngine)
    assert report == findings(document, ReferenceEngine)
    assert not any(each.fault for each in report.not_run)


def test_endless_depth():
    document = {"recordType": "marf", "standardVersion": "1.0", "recordId": "x"}
    deep = document
    for _ in range(900):
        deep["children"] = {}
        deep = deep["children"]
    for engine in (CompiledEngine, ReferenceEngine):
        assert findings(json.loads(json.dumps(document)), engine).findings

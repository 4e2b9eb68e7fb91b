"""The conformance vectors are current, and the reference engine agrees with every one."""

import json
from datetime import date

import pytest

from conformance import FOLDER, vectors
from eh_interop import load_area, load_standard
from eh_interop.checking import check_raw
from eh_interop.reading import Raw
from eh_interop.reference import ReferenceEngine

FILES = sorted(FOLDER.glob("*.ndjson"))


def test_vectors_are_current(regenerate):
    made = vectors()
    if regenerate:
        for path, content in made.items():
            path.write_bytes(content)
    assert set(FOLDER.glob("*.ndjson")) == set(made)
    for path, content in made.items():
        assert path.read_bytes() == content, "run: pytest --regenerate"


def test_there_is_one_file_for_each_record_type():
    assert {path.stem for path in FILES} == set(load_standard().record_types)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_the_reference_engine_agrees(path):
    for line in path.read_text("utf-8").splitlines():
        vector = json.loads(line)
        raw = Raw("", 1, vector["record"], b"", ())
        day = date.fromisoformat(vector["asOf"])
        report = check_raw(raw, area=load_area(vector["area"]), as_of=day, engine=ReferenceEngine)
        found = [
            {"code": f.code, "layer": f.layer, "severity": f.severity, "place": f.place}
            for f in report.findings
        ]
        assert found == vector["expected"]["findings"], vector["name"]
        assert report.disposition == vector["expected"]["disposition"]

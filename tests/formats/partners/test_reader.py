import io
import pickle

import pytest
from tests.helpers.support import EXAMPLES

from eh_interop.core.errors import UnreadableInputError
from eh_interop.formats.partners import lineage, partner_files, read

SAMPLES = {path.stem: path for path in (EXAMPLES / "partners").iterdir()}


def test_a_file_with_the_right_name_is_read_to_say_what_is_wrong(tmp_path):
    path = tmp_path / "damaged.xlsx"
    path.write_bytes(b"not a workbook")
    (last,) = read(path, "health-visiting")
    assert not last.is_record
    assert [finding.code for finding in last.findings] == ["PTR-001"]


def test_files_of_a_folder_are_those_that_the_mapping_reads_in_order(tmp_path):
    for name in ("b/two.CSV", "one.csv", "notes.pdf"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(SAMPLES["school-mis"].read_bytes())
    files = partner_files(tmp_path, "school-mis")
    assert [file.name for file in files] == ["two.CSV", "one.csv"]
    assert [sum(record.is_record for record in file) for file in files] == [2, 2]
    assert {file.summary.unmapped for file in files} == {("Referral ID", "House Points")}
    with pytest.raises(UnreadableInputError, match="no file here ends with"):
        partner_files(tmp_path, "health-visiting")


def test_what_is_said_of_the_file_comes_last_and_is_not_a_record():
    records = list(read(SAMPLES["school-mis"], "school-mis"))
    assert [record.is_record for record in records] == [True, True, False]
    assert records[-1].document is None
    assert {finding.code for finding in records[-1].findings} == {"PTR-006", "PTR-009"}


def test_a_record_keeps_its_origins_in_another_process():
    first = next(read(SAMPLES["school-mis"], "school-mis"))
    record = pickle.loads(pickle.dumps(first))  # noqa: S301 (our own bytes)
    place = ("children", 0, "name", "family")
    assert str(record.locate([place])[place]) == "school-mis.csv, row 2, column Child 1 Surname"
    assert str(lineage(record)[place]).startswith(
        "school-mis.csv, row 2, column Child 1 Surname, school-mis.toml line "
    )


def test_a_finding_does_not_name_the_mapping_as_its_place():
    text = SAMPLES["school-mis"].read_text("utf-8").replace("14/09/2016", "31/02/2016")
    record = next(read(io.BytesIO(text.encode()), "school-mis", name="wrong.csv"))
    (finding,) = record.findings
    assert str(finding.origin) == "wrong.csv, row 2, column Child 1 DOB"
    assert finding.message == "There is no such day. It was kept as it was written."

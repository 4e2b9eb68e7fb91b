"""What every reader of records passes. One that is not in the list here fails the last test."""

from __future__ import annotations

import json
import shutil
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from tests.helpers.form_files import PRINTED, REFERRAL, docx, message, pdf
from tests.helpers.support import EXAMPLES, example

from eh_interop.checks.catalogue import entries
from eh_interop.core.findings import Origin
from eh_interop.core.pointer import all_places
from eh_interop.sources.formats import Reader, SourceOptions
from eh_interop.sources.opening import PLAIN, open_sources

MARKER = "Zzyzxmarker"


@dataclass(frozen=True)
class Source:
    """One form in which records come.

    Attributes:
        name: of the case.
        reader: what reads it.
        make: writes a good one into a folder and returns where it is.
        options: how it is read.
        encoded: it is text whose encoding is not stated in it.
    """

    name: str
    reader: Reader
    make: Callable[[Path], Path]
    options: SourceOptions = PLAIN
    encoded: bool = False


def copied(*parts: str) -> Callable[[Path], Path]:
    """Return what copies an example."""

    def make(folder: Path) -> Path:
        source = EXAMPLES.joinpath(*parts)
        target = folder / source.name
        return Path((shutil.copytree if source.is_dir() else shutil.copy)(source, target))

    return make


def ndjson(folder: Path) -> Path:
    path = folder / "records.ndjson"
    records = [example("minimal/marf"), example("minimal/plan")]
    path.write_text("\n".join(map(json.dumps, records)), "utf-8")
    return path


def tables(target: str) -> Callable[[Path], Path]:
    """Return what converts an example to tables of the standard."""

    def make(folder: Path) -> Path:
        from eh_interop.formats import tables as own

        records = [example("minimal/marf")]
        if target == "xlsx":
            own.write_workbook(records, folder / "marf.xlsx")
            return folder / "marf.xlsx"
        out = folder / "tables"
        out.mkdir()
        own.write_tables(records, out)
        return out

    return make


def fhir(suffix: str) -> Callable[[Path], Path]:
    """Return what converts an example to FHIR."""

    def make(folder: Path) -> Path:
        from datetime import date

        from eh_interop.convert.targets import TargetSettings, targets

        name = "fhir" if suffix == "json" else "fhir-xml"
        settings = TargetSettings(date(2026, 11, 1), verify="none")
        result = targets()[name].write_record(example("minimal/marf"), 0, settings)
        path = folder / f"marf.{suffix}"
        path.write_bytes(result.data)
        return path

    return make


def written(name: str, content: bytes) -> Callable[[Path], Path]:
    """Return what writes a file."""

    def make(folder: Path) -> Path:
        path = folder / name
        path.write_bytes(content)
        return path

    return make


SOURCES = [
    Source("json", Reader.JSON, copied("minimal", "marf.json"), encoded=True),
    Source("ndjson", Reader.JSON, ndjson, encoded=True),
    Source("fhir-json", Reader.JSON, fhir("json"), encoded=True),
    Source("fhir-xml", Reader.FHIR_XML, fhir("xml")),
    Source("tables-csv", Reader.TABLES, tables("csv")),
    Source("tables-xlsx", Reader.TABLES, tables("xlsx")),
    Source("pack", Reader.PACK, copied("packs", "referral.zip")),
    Source(
        "partner-csv",
        Reader.PARTNER,
        copied("partners", "school-mis.csv"),
        SourceOptions(mapping="school-mis"),
        encoded=True,
    ),
    Source(
        "partner-xlsx",
        Reader.PARTNER,
        copied("partners", "health-visiting.xlsx"),
        SourceOptions(mapping="health-visiting"),
    ),
    Source(
        "partner-xml",
        Reader.PARTNER,
        copied("partners", "ctf-pupil.xml"),
        SourceOptions(mapping="ctf-pupil"),
    ),
    Source(
        "annex-a",
        Reader.RETURN,
        copied("returns", "annex-a"),
        SourceOptions(statutory_return="annex-a"),
    ),
    Source("ssd", Reader.RETURN, copied("returns", "ssd"), SourceOptions(statutory_return="ssd")),
    Source(
        "cin",
        Reader.RETURN,
        copied("returns", "cin", "cin-census.xml"),
        SourceOptions(statutory_return="cin"),
    ),
    Source("word", Reader.WORD, written("form.docx", docx(*REFERRAL))),
    Source("pdf", Reader.PDF, written("form.pdf", pdf(PRINTED))),
    Source(
        "mail",
        Reader.MAIL,
        written("mail.eml", message("Please see the form.", ("form.docx", docx(*REFERRAL)))),
    ),
]
ENCODED = [source for source in SOURCES if source.encoded]
FILES = [source for source in SOURCES if source.name not in {"tables-csv", "annex-a", "ssd"}]


def read(source, path):
    return list(open_sources([str(path)], source.options))


def by_name(source):
    return source.name


@pytest.mark.parametrize("source", SOURCES, ids=by_name)
def test_a_good_source_gives_records_that_say_where_they_stand(tmp_path, source):
    records = [record for record in read(source, source.make(tmp_path)) if record.is_record]
    assert records
    for record in records:
        assert record.document is not None
        assert record.document["recordType"]
        assert record.line >= 1


@pytest.mark.parametrize("source", SOURCES, ids=by_name)
def test_values_have_an_origin_in_the_users_own_file(tmp_path, source):
    record = next(r for r in read(source, source.make(tmp_path)) if r.document is not None)
    places = list(all_places(record.document))
    origins = record.locate(places)
    placed = [origins[place] for place in places if place in origins]
    assert len(placed) > len(places) / 3
    assert all(isinstance(origin, Origin) and str(origin) for origin in placed)
    assert all(
        origin.line or origin.row or origin.path or origin.paragraph or origin.part
        for origin in placed
    )


@pytest.mark.parametrize("source", ENCODED, ids=by_name)
@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_a_byte_order_mark_and_utf_16_change_nothing(tmp_path, source, encoding):
    path = source.make(tmp_path)
    plain = [record.document for record in read(source, path)]
    path.write_bytes(path.read_bytes().decode("utf-8-sig").encode(encoding))
    assert [record.document for record in read(source, path)] == plain


@pytest.mark.parametrize("source", FILES, ids=by_name)
@pytest.mark.parametrize("share", [0, 0.1, 0.5, 0.99])
def test_a_file_that_was_cut_off_never_ends_the_run(tmp_path, source, share):
    path = source.make(tmp_path)
    data = path.read_bytes()
    path.write_bytes(data[: int(len(data) * share)])
    records = read(source, path)
    assert records
    whole = [record for record in records if record.document is not None and not record.findings]
    assert len(whole) < len(records) or source.name in {"ndjson", "partner-csv"}


@pytest.mark.parametrize("source", FILES, ids=by_name)
def test_a_file_of_something_else_is_told_without_its_text(tmp_path, source):
    path = source.make(tmp_path)
    path.write_bytes(MARKER.encode() + bytes(range(256)))
    records = read(source, path)
    assert all(record.document is None for record in records)
    messages = [finding.message for record in records for finding in record.findings]
    assert messages
    assert all(MARKER not in message for message in messages)


@pytest.mark.parametrize("source", SOURCES, ids=by_name)
def test_findings_have_an_origin_and_a_code_that_explains_itself(tmp_path, source):
    known = {entry.code for entry in entries()}
    path = source.make(tmp_path)
    if path.is_file():
        path.write_bytes(path.read_bytes()[:-40])
    for record in read(source, path):
        assert {finding.code for finding in record.findings} <= known
        assert all(finding.message.endswith((".", "?")) for finding in record.findings)


@pytest.mark.slow
@pytest.mark.parametrize(
    "source",
    [s for s in SOURCES if s.name in {"pack", "tables-xlsx", "partner-xlsx", "word"}],
    ids=by_name,
)
def test_a_bomb_is_refused_before_it_is_unpacked(tmp_path, source):
    path = source.make(tmp_path)
    with zipfile.ZipFile(path) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    largest = max(files, key=lambda name: len(files[name]))
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data + b" " * 400_000_000 if name == largest else data)
    records = read(source, path)
    assert all(record.document is None for record in records)
    assert [finding for record in records for finding in record.findings]


@pytest.mark.parametrize("source", SOURCES, ids=by_name)
def test_it_can_be_checked_by_the_command(tmp_path, source):
    from click.testing import CliRunner

    from eh_interop.cli import main

    options = []
    if source.options.mapping:
        options = ["--mapping", source.options.mapping]
    elif source.options.statutory_return:
        options = ["--from", source.options.statutory_return]
    path = source.make(tmp_path)
    result = CliRunner().invoke(
        main, ["check", str(path), *options, "--as-of", "2026-11-01"], standalone_mode=False
    )
    assert result.exception is None
    assert result.return_value in {0, 1, 3}
    assert "record" in result.stdout.splitlines()[-1]


def test_every_reader_is_in_the_list():
    assert {source.reader for source in SOURCES} == set(Reader)

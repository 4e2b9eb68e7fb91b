"""The formats that records are read from: what takes a file, judged by its content."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path
from typing import Final

from eh_interop.reading.json_streams import NDJSON_SUFFIXES
from eh_interop.reading.probe import TABLE, TEXT, UNKNOWN, Probe
from eh_interop.reading.source_record import REJECTS

_FHIR: Final = "http://hl7.org/fhir"
_JSON_SUFFIXES: Final = (".json", *NDJSON_SUFFIXES)
_TABLES_METADATA: Final = "*-metadata.json"
_DELIMITED: Final = (".csv", ".tsv", ".txt")
_WORD: Final = (".doc", ".docx", ".docm", ".dotx", ".dotm")
_BAG: Final = "bagit.txt"


class Reader(Enum):
    """What reads a source."""

    JSON = "records of the standard, or FHIR, in JSON"
    FHIR_XML = "FHIR in XML"
    TABLES = "tables of the standard"
    PACK = "a pack"
    PARTNER = "a partner's file"
    RETURN = "a statutory return"
    WORD = "a filled-in form in Word"
    PDF = "a filled-in form in PDF"
    MAIL = "a message with a form"


@dataclass(frozen=True, slots=True)
class SourceOptions:
    """How sources are to be read, where their content cannot tell.

    Attributes:
        mapping: a shipped mapping by its name, or a file of one's own: files of a partner.
        statutory_return: the name of a statutory return, such as ``annex-a``.
        password: opens forms that are protected by one; empty if there is none.
    """

    mapping: str | None = None
    statutory_return: str | None = None
    password: str = field(default="", repr=False)


def reader_of_folder(path: Path, options: SourceOptions) -> Reader | None:
    """Return what reads a folder as one source; None if its files are read one by one."""
    if (path / _BAG).is_file():
        return Reader.PACK
    if options.statutory_return:
        return Reader.RETURN
    if options.mapping is None and any(path.glob(_TABLES_METADATA)):
        return Reader.TABLES
    return None


def reader_of(probe: Probe, options: SourceOptions) -> Reader | None:
    """Return what reads a file or stream; None if nothing does.

    Raises:
        OSError: it cannot be opened.
    """
    return next(_readers(probe, options), None)


def is_pack(path: Path) -> bool:
    """Return whether a path is a pack: a folder or zip file that is a bag, or one encrypted."""
    try:
        return (path / _BAG).is_file() if path.is_dir() else _is_pack(Probe(str(path), path))
    except (OSError, ValueError):
        return False


def _readers(probe: Probe, options: SourceOptions) -> Iterator[Reader]:
    if _is_pack(probe):
        yield Reader.PACK
    if options.statutory_return:
        yield Reader.RETURN
    if options.mapping and _may_be_of_partner(probe, options.mapping):
        yield Reader.PARTNER
    if probe.root_element is not None and probe.root_element[0] == _FHIR:
        yield Reader.FHIR_XML
    if probe.looks_like_json or _is_called_json(probe) or not probe.head:
        yield Reader.JSON
    if _is_own_workbook(probe):
        yield Reader.TABLES
    if probe.is_word or _is_called_word(probe):
        yield Reader.WORD
    if probe.is_pdf:
        yield Reader.PDF
    if probe.is_mail:
        yield Reader.MAIL


def _is_pack(probe: Probe) -> bool:
    if probe.is_encrypted_pack:
        return True
    return any(name == _BAG or name.endswith(f"/{_BAG}") for name in probe.zip_names)


def _is_called_json(probe: Probe) -> bool:
    """Return whether something calls itself JSON and is nothing else that we know: it is damaged.

    The reader of JSON then says what is wrong, and where.
    """
    if probe.name == "-":
        return probe.kind in {UNKNOWN, TEXT}
    return probe.name.lower().endswith(_JSON_SUFFIXES) and probe.kind in {UNKNOWN, TEXT, TABLE}


def _is_called_word(probe: Probe) -> bool:
    """Return whether something calls itself a Word document and is locked, or was cut off."""
    if not probe.name.lower().endswith(_WORD):
        return False
    return probe.is_locked or (probe.is_zip and not probe.zip_names)


def _is_own_workbook(probe: Probe) -> bool:
    if not probe.is_workbook:
        return False
    from eh_interop.formats.tables.reader import is_own_workbook

    return is_own_workbook(probe)


def _may_be_of_partner(probe: Probe, mapping: str) -> bool:
    """Return whether a mapping reads files of this kind; the mapping says how they are read."""
    from eh_interop.formats.partners import load_table

    table = load_table(mapping)
    kind = table.format
    if table.tabular and Path(probe.name).name.startswith(REJECTS):
        return True  # mended, and perhaps saved as a workbook
    if kind in {"xlsx", "ods"}:
        return probe.is_workbook
    if kind == "xml":
        return probe.root_element is not None
    if kind == "json":
        return probe.looks_like_json
    return probe.kind is TABLE or probe.name.lower().endswith(_DELIMITED)

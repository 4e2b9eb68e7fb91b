"""Helpers for tests of packs: the example packs, and ways to make bad ones."""

from __future__ import annotations

import hashlib
import json
import zipfile
from datetime import date
from pathlib import Path
from typing import Any

from click.testing import CliRunner
from tests.helpers.support import EXAMPLES

from eh_interop.cli import main
from eh_interop.packs import AttachedFile, BuiltPack, PackRequest, build
from eh_interop.reading import read_record
from eh_interop.standard.pack_kinds import pack_kinds

FOLDER = EXAMPLES / "packs"
FAMILY = "examples/gloucestershire"
PAPERS = "examples/packs/papers"
REFERRAL_DAY = date(2026, 10, 12)

REFERRAL = (
    f"pack build {FAMILY}/marf.json {FAMILY}/my-plan.json {FAMILY}/early-help-assessment.json "
    f"{FAMILY}/my-plan-plus.json {FAMILY}/taf-review.json {FAMILY}/consent-record.json "
    f"--attach genogram={PAPERS}/ellery-dacre/genogram.svg "
    f"--attach chronology={PAPERS}/ellery-dacre/chronology.txt "
    f"--attach neglect-toolkit={PAPERS}/ellery-dacre/neglect-toolkit.txt "
    f"--attach my-progress-chart={PAPERS}/ellery-dacre/progress-chart.txt "
    "--type referral --to o8 --as-of 2026-10-12"
)
STEP_DOWN = (
    f"pack build {FAMILY}/step-down.json "
    f"--attach single-assessment={PAPERS}/ferrant/single-assessment.txt "
    f"--attach agreed-plan={PAPERS}/ferrant/agreed-plan.txt "
    f"--attach genogram={PAPERS}/ferrant/genogram.svg "
    f"--attach chronology={PAPERS}/ferrant/chronology.txt "
    f"--attach consent-form={PAPERS}/ferrant/consent-form.txt "
    f"--attach report={PAPERS}/ferrant/school-report.txt "
    "--type step-down --to o2 --as-of 2026-10-14"
)
COMMANDS = {"referral.zip": REFERRAL, "step-down.zip": STEP_DOWN}
"""What makes each example pack, run at the top of the project."""


def run(*arguments: object) -> Any:
    """Run a command; an error of ours is raised."""
    result = CliRunner().invoke(main, [*map(str, arguments)], standalone_mode=False)
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result


def attempt(*arguments: object) -> Any:
    """Run a command and keep whatever exception it ends with."""
    return CliRunner().invoke(main, [*map(str, arguments)], standalone_mode=False)


def make(
    records: list[dict[str, Any]],
    *papers: str,
    kind: str = "referral",
    to: str = "o8",
    on: date = REFERRAL_DAY,
    **more: Any,
) -> BuiltPack:
    """Build a pack from documents in memory, with a small paper of each type."""
    request = PackRequest(kind=pack_kinds()[kind], to=to, on=on, **more)
    given = [
        read_record(json.dumps(document).encode(), f"given-{number}.json")
        for number, document in enumerate(records)
    ]
    attached = [
        AttachedFile(paper, f"paper-{number}.txt", f"paper {number}".encode())
        for number, paper in enumerate(papers)
    ]
    return build(request, given, attached)


def codes(built: BuiltPack) -> list[str]:
    """Return the codes of what is said of a pack itself."""
    return [finding.code for finding in built.report.findings]


def entries_of(path: Path) -> dict[str, bytes]:
    """Return the files of a zip, by their whole name."""
    with zipfile.ZipFile(path) as archive:
        return {each: archive.read(each) for each in archive.namelist()}


def zipped(path: Path, entries: Any, **info: Any) -> Path:
    """Write a zip of (name, bytes) pairs as they are told: names may be bad, or stand twice."""
    import warnings

    with zipfile.ZipFile(path, "w") as archive, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a name that stands twice is the point of one test
        for name, data in entries.items() if isinstance(entries, dict) else entries:
            entry = zipfile.ZipInfo("placeholder")
            entry.filename = entry.orig_filename = name
            for key, value in info.get(name, {}).items():
                setattr(entry, key, value)
            archive.writestr(entry, data, compress_type=info.get("method", zipfile.ZIP_STORED))
    return path


def relisted(files: dict[str, bytes], top: str) -> dict[str, bytes]:
    """Write both lists of a bag anew, so that only the fault that is meant is left."""
    inner = {name.removeprefix(f"{top}/"): data for name, data in files.items()}
    payload = {name for name in inner if name.startswith("data/")}
    inner["manifest-sha512.txt"] = _listed(inner, payload)
    tags = set(inner) - payload - {"tagmanifest-sha512.txt"}
    inner["tagmanifest-sha512.txt"] = _listed(inner, tags)
    return {f"{top}/{name}": data for name, data in inner.items()}


def _listed(files: dict[str, bytes], names: set[str]) -> bytes:
    lines = (f"{hashlib.sha512(files[name]).hexdigest()}  {name}\n" for name in sorted(names))
    return "".join(lines).encode()

"""``data/pack.json``: what a pack says of itself, and whether it says it rightly."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any, Final

import orjson

from eh_interop.core.pointer import join
from eh_interop.packs.bag import PAYLOAD, Bag
from eh_interop.packs.faults import refuse
from eh_interop.packs.limits import MAX_LIST_BYTES
from eh_interop.reading import MAX_RECORD_BYTES, SourceRecord, read_record
from eh_interop.standard.schemas import BASE, CURRENT, load_standard

PLACE: Final = "data/pack.json"
RECORDS: Final = "data/records/"
ATTACHMENTS: Final = "data/attachments/"

_IDENTITY: Final = ("recordId", "recordType")

Description = Mapping[str, Any]


@cache
def _validator() -> Any:
    import jsonschema_rs

    standard = load_standard(CURRENT)
    schema = orjson.loads((standard.root / "pack.schema.json").read_bytes())
    resources: list[tuple[str, Any]] = list(standard.schemas.items())
    registry = jsonschema_rs.Registry(resources)
    return jsonschema_rs.Draft202012Validator(
        schema, registry=registry, base_uri=f"{BASE}{CURRENT}/pack.schema.json",
        validate_formats=True,
    )  # fmt: skip


def check_description(description: Description) -> None:
    """Compare a description with its schema.

    Raises:
        PackError: it names the place, and quotes nothing.
    """
    for error in _validator().iter_errors(description):
        steps = [each for each in error.instance_path if _is_ours(each)]
        where = f" at {join(tuple(steps))}" if steps else ""
        refuse("PCK-010", f"The description of the pack is not as its schema says{where}.")


def _is_ours(step: str | int) -> bool:
    """Tell whether a step is a number or a name of ours: any other name could be a value."""
    return isinstance(step, int) or step in _names()


@cache
def _names() -> frozenset[str]:
    standard = load_standard(CURRENT)
    schema = orjson.loads((standard.root / "pack.schema.json").read_bytes())
    held = [schema, *schema["$defs"].values(), *standard.schemas.values()]
    return frozenset(name for each in held for name in each.get("properties", ()))


def read_description(bag: Bag) -> Description:
    """Read the description of a pack.

    Raises:
        PackError: it is not there, not JSON, or not as its schema says.
    """
    if PLACE not in bag.digests:
        refuse("PCK-001", "This is not a pack: it is a BagIt bag without data/pack.json.")
    raw = read_record(bag.read(PLACE, MAX_LIST_BYTES), PLACE)
    if raw.document is None or raw.findings:
        refuse("PCK-010")
    check_description(raw.document)
    return raw.document


def read_records(bag: Bag, description: Description, source: str) -> dict[str, SourceRecord]:
    """Read the records of a pack, by their path, and compare them with the description.

    Raises:
        PackError: the description names what is not there, or says something else of it.
    """
    _check_listed(bag, description)
    found = {}
    for record in description["records"]:
        path = record["path"]
        raw = read_record(bag.read(path, MAX_RECORD_BYTES), f"{source}!{path}")
        document = raw.document or {}
        if any(document.get(name) != record[name] for name in _IDENTITY if name in record):
            refuse("PCK-011")
        found[path] = raw
    _check_main(description, found)
    return found


def _check_listed(bag: Bag, description: Description) -> None:
    files = [*description["records"], *description.get("attachments", ())]
    listed = {file["path"]: file["sha512"] for file in files}
    payload = {
        name: digest
        for name, digest in bag.digests.items()
        if name.startswith(PAYLOAD) and name != PLACE
    }
    if len(listed) != len(files) or listed != payload:
        refuse("PCK-011")
    if any(file["sizeBytes"] != bag.sizes[file["path"]] for file in files):
        refuse("PCK-011")
    for name, start in (("records", RECORDS), ("attachments", ATTACHMENTS)):
        if not all(each["path"].startswith(start) for each in description.get(name, ())):
            refuse("PCK-011")


def _check_main(description: Description, found: Mapping[str, SourceRecord]) -> None:
    """Compare what the description says of the main record and its papers with that record."""
    about = description.get("about")
    if about is None:
        return
    main = next(
        (
            raw.document
            for raw in found.values()
            if raw.document and all(raw.document.get(key) == about[key] for key in about)
        ),
        None,
    )
    if main is None:
        refuse("PCK-011")
    if bool(description.get("immediateRisk")) != (main.get("immediateRisk", False) is not False):
        refuse("PCK-011", "The pack and its main record do not agree about immediate risk.")
    papers = {
        attachment["id"]: attachment.get("type")
        for attachment in main.get("attachments", ())
        if isinstance(attachment, dict) and isinstance(attachment.get("id"), str)
    }
    for attachment in description.get("attachments", ()):
        if attachment.get("listed") and papers.get(attachment["id"]) != attachment["type"]:
            refuse("PCK-011", "The pack lists a paper otherwise than its main record does.")

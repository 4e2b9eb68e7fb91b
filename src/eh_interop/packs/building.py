"""Building a pack: records and papers in, the files of a bag and what is said of it out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import orjson

from eh_interop.checks.record import at_immediate_risk
from eh_interop.checks.subject import area_of
from eh_interop.packs.contents import Contents, Held, Paper
from eh_interop.packs.describing import describe
from eh_interop.packs.description import ATTACHMENTS, PLACE, RECORDS, check_description
from eh_interop.packs.giving import (
    Given,
    Wish,
    held_at,
    main_of,
    read_given_papers,
    read_given_records,
)
from eh_interop.packs.judging import Judgement, judge
from eh_interop.packs.minimise import grounds
from eh_interop.packs.parties import Party, find_party
from eh_interop.packs.scope import Scope
from eh_interop.packs.sound import LOCAL_ID, is_sound
from eh_interop.packs.writing import bag_files
from eh_interop.reading import SourceRecord
from eh_interop.standard.areas import Area

LeftOut = list[dict[str, Any]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Built:
    """A pack that is ready to be written, unless it may not be shared.

    Attributes:
        files: the files of the bag.
        description: what stands in ``data/pack.json``.
        judgement: what is said of it. If it ``stops``, the pack is not to be written.
    """

    files: Mapping[str, bytes] = field(repr=False)
    description: Mapping[str, Any] = field(repr=False)
    judgement: Judgement


def build(wish: Wish) -> Built:
    """Put a pack together.

    Raises:
        UnreadableInputError: something that was given cannot be read.
        UnknownRecipientError: the records do not list the recipient.
    """
    raws = read_given_records(wish.records)
    main = main_of(raws, wish.kind)
    document = (main.document if main else None) or {}
    papers = read_given_papers(wish.papers, document)
    purposes = wish.purposes or wish.kind.purposes
    area = wish.area or area_of(document)[0]
    left_out: LeftOut = []
    if wish.minimise:
        raws, papers, left_out = _minimised(raws, papers, main, area, purposes)
    contents, data = _contents(wish, raws, papers, main, purposes)
    scope = Scope(contents)
    judgement = judge(contents, scope, wish.area, wish.on)
    description = describe(contents, scope, judgement, data, left_out)
    check_description(description)
    text = orjson.dumps(description, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)
    files = bag_files({PLACE: text, **data}, wish.on)
    return Built(files=files, description=description, judgement=judgement)


def _contents(
    wish: Wish,
    raws: list[SourceRecord],
    papers: list[Given],
    main: SourceRecord | None,
    purposes: tuple[str, ...],
) -> tuple[Contents, dict[str, bytes]]:
    # Records lose the name of their file, which may hold that of a child.
    held = tuple(
        replace(each, raw=replace(each.raw, source=each.path)) for each in held_at(raws, RECORDS)
    )
    data = {each.path: each.raw.text for each in held}
    named: list[Paper] = []
    for number, each in enumerate(papers, 1):
        path = f"{ATTACHMENTS}{number:03d}-{each.type}{each.suffix}"
        data[path] = each.data
        named.append(Paper(path=path, type=each.type, listed=each.listed))
    about = next((each for each, raw in zip(held, raws, strict=True) if raw is main), None)
    contents = Contents(
        kind=wish.kind,
        main=about,
        records=held,
        papers=tuple(named),
        recipient=_recipient(wish, held, about),
        purposes=purposes,
        on=wish.on,
    )
    return contents, data


def _recipient(wish: Wish, held: tuple[Held, ...], about: Held | None) -> Party:
    """Find the recipient. At immediate risk one that no record lists is taken by its name."""
    main = about.document if about else {}
    others = [each.document for each in held if each is not about]
    documents = [main, *others] if about else others
    return find_party(documents, wish.to, by_name=at_immediate_risk(main))


def _minimised(
    raws: list[SourceRecord],
    papers: list[Given],
    main: SourceRecord | None,
    area: Area,
    purposes: tuple[str, ...],
) -> tuple[list[SourceRecord], list[Given], LeftOut]:
    """Leave out what the recipient does not need. The main record always goes."""
    left_out: LeftOut = []
    kept_raws, kept_papers = [], []
    for raw in raws:
        document = raw.document or {}
        kind = str(document.get("recordType"))
        cites = grounds(area, purposes, "records", kind)
        if raw is main or not cites:
            kept_raws.append(raw)
        else:
            record_id = document.get("recordId")
            known = {"recordId": record_id} if is_sound(LOCAL_ID, record_id) else {}
            left_out.append({**known, "recordType": kind, "cites": list(cites)})
    for paper in papers:
        cites = grounds(area, purposes, "documents", paper.type)
        if cites:
            left_out.append({"type": paper.type, "cites": list(cites)})
        else:
            kept_papers.append(paper)
    return kept_raws, kept_papers, left_out

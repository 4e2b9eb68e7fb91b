"""Each record and paper of a pack, as the question is asked whether it may be shared."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from eh_interop.packs.children import Everybody
from eh_interop.packs.contents import Contents, Paper, marks_of_paper, marks_of_record
from eh_interop.standard.schemas import load_standard


@dataclass(frozen=True, slots=True)
class Item:
    """A record or paper of the pack, as the question about it is asked.

    Attributes:
        place: where the description of the pack lists it.
        title: what kind of record or paper it is, in words.
        children: whose information it is.
        is_basic: it holds basic information only.
        kept: it holds what the family must not see.
        names: what somebody who wants it left out might call it.
    """

    place: str
    title: str
    children: frozenset[int]
    is_basic: bool
    kept: bool
    names: frozenset[str] = field(repr=False)


def items(contents: Contents, everybody: Everybody) -> Iterator[Item]:
    """Yield the records and then the papers of a pack."""
    yield from _records(contents, everybody)
    yield from _papers(contents, everybody)


def _records(contents: Contents, everybody: Everybody) -> Iterator[Item]:
    titles = _titles("record-type")
    for number, held in enumerate(contents.records):
        title = titles.get(held.record_type, held.record_type)
        yield Item(
            place=f"/records/{number}",
            title=title,
            children=everybody.of(number),
            is_basic=held.record_type in contents.kind.basic_records,
            kept="keep-from-family" in marks_of_record(held.document),
            names=plain(title, held.record_type),
        )


def _papers(contents: Contents, everybody: Everybody) -> Iterator[Item]:
    titles = _titles("attachment-type")
    for number, paper in enumerate(contents.papers):
        own = paper.listed.title if paper.listed else None
        yield Item(
            place=f"/attachments/{number}",
            title=titles.get(paper.type, paper.type),
            children=_children_of(paper, contents, everybody),
            is_basic=False,
            kept=bool(marks_of_paper(paper.listed)),
            names=plain(titles.get(paper.type), paper.type, own),
        )


def _children_of(paper: Paper, contents: Contents, everybody: Everybody) -> frozenset[int]:
    """Return the children that the main record says a paper is about, or all of its children."""
    if contents.main is None:
        return frozenset()
    number = contents.records.index(contents.main)
    return everybody.of(number, paper.listed.children if paper.listed else ())


def _titles(codelist: str) -> dict[str, str]:
    return {row.code: row.title for row in load_standard().codes(codelist)}


def plain(*names: str | None) -> frozenset[str]:
    """Return names without regard to case and spaces."""
    return frozenset(" ".join(name.casefold().split()) for name in names if name)

"""A summary of a pack in lines for a screen: kinds, days and codes, and no names of people."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from eh_interop.packs.pack_json import Description
from eh_interop.standard.code_lists import titles
from eh_interop.standard.pack_kinds import PackKind, pack_kinds

_BASES: Final = {
    "consent": "with consent",
    "without-consent": "without consent, on a recorded basis",
    "not-recorded": "no basis recorded",
}
_MARKS: Final = {"keep-from-family": "KEEP FROM THE FAMILY", "safety-warning": "SAFETY WARNING"}


def summary_lines(description: Description) -> Iterator[str]:
    """Yield lines about a pack, from its description."""
    kind = pack_kinds()[description["packType"]]
    yield f"{kind.title}, made on {description['createdOn']}"
    if description.get("immediateRisk"):
        yield "ACT NOW: a child may be at immediate risk"
    yield f"  From: {_party(description.get('sender', {}))}"
    yield f"  To:   {_party(description['recipient'])}"
    yield f"  For:  {_titles('consent-purpose', description['purposes'])}"
    if "lawfulBasis" in description:
        yield f"  Lawful basis: {_titles('lawful-basis', [description['lawfulBasis']])}"
    yield from _paragraph("Records", (_item(record) for record in description["records"]))
    attachments = description.get("attachments", ())
    yield from _paragraph("Other papers", map(_item, attachments), apart=False)
    yield from _paragraph("What the guidance asks for", map(_part, parts(kind, description)))
    yield from _paragraph(
        "Left out, because the recipient does not need it",
        (
            f"{_title(item)} ({', '.join(item['cites'])})"
            for item in description.get("leftOut", ())
            if "cites" in item
        ),
    )
    yield from _paragraph(
        "Left out, because the recipient must not have it",
        (
            f"{_title(item)}: {item['place']}"
            for item in description.get("leftOut", ())
            if "place" in item
        ),
    )
    yield from _paragraph(
        "Sharing log",
        (
            f"{entry['on']}, without consent: {', '.join(entry.get('items', ()))}"
            for entry in description.get("sharingLog", ())
        ),
    )
    gaps = description.get("gaps", ())
    yield from _paragraph(f"Missing or not agreeing ({len(gaps)})", map(_gap, gaps))


def _paragraph(heading: str, lines: Iterable[str], *, apart: bool = True) -> Iterator[str]:
    for number, line in enumerate(lines):
        if number == 0:
            yield from ("", heading) if apart else (heading,)
        yield f"  {line}"


def parts(kind: PackKind, description: Description) -> list[tuple[str, tuple[str, ...]]]:
    """Return each part of what the guidance asks for, with the codes of what is open there."""
    codes = {gap["code"] for gap in description.get("gaps", ())}
    return [
        (part.title, tuple(code for code in part.checks if code in codes)) for part in kind.parts
    ]


def _part(part: tuple[str, tuple[str, ...]]) -> str:
    title, gaps = part
    return f"open  {title} ({', '.join(gaps)})" if gaps else f"ok    {title}"


def _gap(gap: Mapping[str, Any]) -> str:
    text = " ".join(filter(None, (gap["message"], gap.get("ask"))))
    return f"{gap['code']} {gap['severity']}: {text}"


def _title(item: Mapping[str, Any]) -> str:
    if "recordType" in item:
        return _titles("record-type", [item["recordType"]])
    return _titles("attachment-type", [item["type"]])


def _item(item: Mapping[str, Any]) -> str:
    facts = [
        _title(item),
        item.get("recordId") or item.get("date"),
        _BASES.get(item.get("sharing", {}).get("basis")),
        *(_MARKS[mark] for mark in item.get("marks", ())),
    ]
    return ", ".join(filter(None, facts))


def _party(party: Mapping[str, Any]) -> str:
    organisation = party.get("organisation", {})
    names = filter(None, (organisation.get("name"), organisation.get("service")))
    return ", ".join(names) or ("a person of the family" if "person" in party else "not said")


def _titles(code_list: str, codes: Iterable[str]) -> str:
    names = titles(code_list)
    return "; ".join(names.get(code, code) for code in codes)

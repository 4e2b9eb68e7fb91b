"""What a pack says of itself, in lines for a screen: kinds, days and codes, and no names."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from eh_interop.standard.pack_kinds import PackKind, pack_kinds
from eh_interop.standard.schemas import load_standard

Said = Mapping[str, Any]

_BASES = {
    "consent": "with consent",
    "without-consent": "without consent, on a recorded basis",
    "not-recorded": "no basis recorded",
}
_MARKS = {"keep-from-family": "KEEP FROM THE FAMILY", "safety-warning": "SAFETY WARNING"}


def lines(said: Said) -> Iterator[str]:
    """Yield lines about a pack, from its description."""
    kind = pack_kinds()[said["packType"]]
    yield f"{kind.title}, made on {said['createdOn']}"
    if said.get("immediateRisk"):
        yield "ACT NOW: a child may be at immediate risk"
    yield f"  From: {_party(said.get('sender', {}))}"
    yield f"  To:   {_party(said['recipient'])}"
    yield f"  For:  {_words('consent-purpose', said['purposes'])}"
    if "lawfulBasis" in said:
        yield f"  Lawful basis: {_words('lawful-basis', [said['lawfulBasis']])}"
    yield ""
    yield "Records"
    for record in said["records"]:
        yield f"  {_words('record-type', [record['recordType']])}{_rest(record)}"
    if "attachments" in said:
        yield "Other papers"
        for attachment in said["attachments"]:
            yield f"  {_words('attachment-type', [attachment['type']])}{_rest(attachment)}"
    yield ""
    yield "What the guidance asks for"
    for title, gaps in parts(kind, said):
        yield f"  {'open' if gaps else 'ok  '}  {title}" + (f" ({', '.join(gaps)})" if gaps else "")
    yield from _more(said)


def parts(kind: PackKind, said: Said) -> list[tuple[str, tuple[str, ...]]]:
    """Return each part of what the guidance asks for, with the codes of what is open there."""
    found = {gap["code"] for gap in said.get("gaps", ())}
    return [
        (part.title, tuple(code for code in part.checks if code in found)) for part in kind.parts
    ]


def _more(said: Said) -> Iterator[str]:
    if "leftOut" in said:
        yield ""
        yield "Left out, because the recipient does not need it"
        for each in said["leftOut"]:
            codelist, name = (
                ("record-type", "recordType")
                if "recordType" in each
                else ("attachment-type", "type")
            )
            yield f"  {_words(codelist, [each[name]])} ({', '.join(each['cites'])})"
    if "sharingLog" in said:
        yield ""
        yield "Sharing log"
        for each in said["sharingLog"]:
            yield f"  {each['on']}, without consent: {', '.join(each.get('items', ()))}"
    if "gaps" in said:
        yield ""
        yield f"Missing or not agreeing ({len(said['gaps'])})"
        for gap in said["gaps"]:
            told = " ".join(filter(None, (gap["message"], gap.get("ask"))))
            yield f"  {gap['code']} {gap['severity']}: {told}"


def _rest(each: Said) -> str:
    facts = [
        each.get("recordId") or each.get("date"),
        _BASES.get(each.get("sharing", {}).get("basis")),
        *(_MARKS[mark] for mark in each.get("marks", ())),
    ]
    return "".join(f", {fact}" for fact in facts if fact)


def _party(party: Said) -> str:
    organisation = party.get("organisation", {})
    names = [organisation.get("name"), organisation.get("service")]
    told = ", ".join(name for name in names if name)
    return told or ("a person of the family" if "person" in party else "not said")


def _words(codelist: str, codes: list[str]) -> str:
    titles = {row.code: row.title for row in load_standard().codes(codelist)}
    return "; ".join(titles.get(code, code) for code in codes)

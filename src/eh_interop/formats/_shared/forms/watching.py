"""What no layout may hide: words about immediate risk and protection.

A form can be laid out as nobody thought of. So every answer is looked through for such words
whatever became of it, and the cell beside a question about immediate risk counts as its answer.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from typing import Final

from eh_interop.core.findings import Origin
from eh_interop.formats._shared.forms.answers import FormAnswer, Found, content_of
from eh_interop.formats._shared.forms.document import Block, Cell, Table
from eh_interop.formats._shared.forms.form_record import FormRecord
from eh_interop.formats._shared.forms.said import yes_or_no
from eh_interop.formats._shared.forms.vocabulary import LIKELY
from eh_interop.formats._shared.signals import About, of_heading, of_text
from eh_interop.reading.faults import DocumentFault

_ADVICE: Final = re.compile(
    r"(?:^|(?<=[.!?])\s|(?<=\n))\W*(if|where|when|should|in an emergency|anyone who|please)\b"
    r"(?=[^.!?\n]*\b(call|ring|dial|phone|telephone|contact|report|refer|say|tick|complete|use|see)\b)"
    r"[^.!?\n]*",
    re.IGNORECASE,
)
"""What a form says that somebody is to do *if* there is a risk."""
_RISK: Final = "/immediateRisk"
_LONGEST_QUESTION: Final = 300
_LONGEST: Final = 500
"""A longer text is not said again in a warning: it stands where it stood."""
_NO_CONTACT: Final = re.compile(
    r"\b(no|not|never|unsafe|don't|safe to)\b[^.;]*\b(contact|call|phone|text|write|tell|inform)",
    re.IGNORECASE,
)


def watch(draft: FormRecord, blocks: Iterable[Block], found: Iterable[Found]) -> None:
    """Say of a form what its layout may have hidden.

    Args:
        draft: the record that was read from it.
        blocks: what stands on the form.
        found: its answers as its layout was understood.
    """
    for one in found:
        for answer in (one,) if isinstance(one, FormAnswer) else one.answers:
            _look_through(draft, answer)
    if draft.document.get(_RISK[1:]) is not True:
        for origin in _dangers(blocks):
            draft.findings.append(DocumentFault.RISK_SEEN.finding("", origin, _RISK))


def _look_through(draft: FormRecord, answer: FormAnswer) -> None:
    speaks_of = set(of_text(answer.said))
    heading = of_heading(answer.label)
    reply, _ = yes_or_no(answer.said)
    asked = {heading.about} if heading and heading.dangerous == "yes" and reply == "yes" else set()
    if About.RISK in of_text(_ADVICE.sub("", answer.said)):
        draft.findings.append(DocumentFault.RISK_SEEN.finding("", answer.origin, _RISK))
    about = {About.ADDRESS, About.CONTACT} & (asked | speaks_of)
    if about:
        draft.findings.append(DocumentFault.PROTECTION_SEEN.finding("", answer.origin))
        protect(draft, about, f"{answer.label}: {answer.said}".strip(": "), answer.origin)


def protect(draft: FormRecord, about: Collection[About], text: str, origin: Origin) -> None:
    """Protect the addresses of the children, and write a safety warning with what was said.

    Args:
        draft: the record.
        about: what the text speaks of.
        text: the text.
        origin: where it stands.
    """
    children = draft.document.get("children", [])
    if About.ADDRESS in about:
        for at, child in enumerate(children):
            for number, _ in enumerate(child.get("addresses", ())):
                place = ("children", at, "addresses", number, "confidential")
                draft.put(place, value=True, origin=origin, confidence=LIKELY)
    if draft.field(("safetyWarnings",)) is None:
        return
    unsafe = "contact-unsafe" if _NO_CONTACT.search(text) else "other"
    warning = {
        "type": "address-must-not-be-disclosed" if About.ADDRESS in about else unsafe,
        "about": [child["id"] for child in children],
        "description": text if len(text) <= _LONGEST else "There is a long text: look at the form.",
    }
    steps = draft.entry("safetyWarnings")
    for name, value in warning.items():
        if value:
            draft.put((*steps, name), value, origin, LIKELY)


def _dangers(blocks: Iterable[Block]) -> Iterator[Origin]:
    """Yield where a cell beside a question about immediate risk says yes, or speaks of risk."""
    for table in (block for block in blocks if isinstance(block, Table)):
        for number, row in enumerate(table.rows, 1):
            for at, cell in enumerate(row[:-1]):
                signal = of_heading(cell.text) if len(cell.text) < _LONGEST_QUESTION else None
                if signal is None or signal.about is not About.RISK:
                    continue
                if _is_danger(row[at + 1], signal.dangerous):
                    yield Origin(part=f"table {table.number}", row=number, page=table.page)


def _is_danger(cell: Cell, dangerous: str) -> bool:
    content = content_of(cell.lines)
    ticked = [words for words, is_ticked in content.options if is_ticked]
    reply, _ = yes_or_no(" ".join((*ticked, content.text)))
    return reply == ("no" if dangerous == "no" else "yes") or About.RISK in of_text(content.text)

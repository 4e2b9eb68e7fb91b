"""The text of a message: without older messages, signature lines and small print."""

from __future__ import annotations

import re
from html import unescape
from typing import Final

from lxml import etree

_QUOTED: Final = re.compile(
    r"^\s*(>|-{3,} ?(original|forwarded) message|_{10,}\s*$|on .{5,80} wrote:\s*$"
    r"|begin forwarded message)"
    r"|^\*?(from|sent|to):\*? .*\n\*?(from|sent|date|to|subject):",
    re.IGNORECASE | re.MULTILINE,
)
_SMALL_PRINT: Final = re.compile(
    r"^.*(this (e-?mail|message|communication)\b.*\b(confidential|intended|privileged|meant)|"
    r"(please )?consider the environment|intended (only|solely) for|disclaimer"
    r"|received this (e-?mail|message) in error).*$",
    re.IGNORECASE | re.MULTILINE,
)
_SIGNATURE: Final = re.compile(r"^--\s*$", re.MULTILINE)
_FORWARDED: Final = re.compile(r"forwarded message", re.IGNORECASE)
_BREAKING: Final = frozenset({"p", "div", "br", "tr", "li", "h1", "h2", "h3", "h4", "table"})
_UNSEEN: Final = frozenset({"script", "style", "head", "title", "blockquote"})


def own_text(text: str) -> str:
    """Return what the sender wrote: what is quoted below or between is left out."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    for end in (_QUOTED, _SIGNATURE, _SMALL_PRINT):
        if match := end.search(text):
            before = text[: match.start()]
            text = before if before.strip() else _without_quoted_lines(text)
    return text.strip()


def _without_quoted_lines(text: str) -> str:
    """Return a text that begins with what is quoted, as when somebody answers below."""
    lines = [line for line in text.split("\n") if not re.match(r"\s*>|.* wrote:\s*$", line)]
    return "\n".join(lines)


def text_of_html(html: str) -> str:
    """Return the text of a message in HTML, a line for each block; nothing is fetched."""
    parser = etree.HTMLParser(no_network=True, huge_tree=False, remove_comments=True)
    root = etree.fromstring(html.encode("utf-8", "replace"), parser) if html.strip() else None
    if root is None:
        return ""
    parts: list[str] = []
    _gather(root, parts)
    lines = (" ".join(line.split()) for line in unescape("".join(parts)).split("\n"))
    return "\n".join(lines).strip()


def _gather(root: etree._Element, parts: list[str]) -> None:
    for event, one in etree.iterwalk(root, events=("start", "end")):
        name = str(one.tag)
        hidden = any(str(above.tag) in _UNSEEN for above in (one, *one.iterancestors()))
        if event == "start":
            if name in _BREAKING:
                parts.append("\n")
            elif name in {"td", "th"}:
                parts.append(" ")
            if one.text and not hidden:
                parts.append(" ".join(one.text.split("\n")))
        else:
            if name in _BREAKING:
                parts.append("\n")
            outside = any(str(above.tag) in _UNSEEN for above in one.iterancestors())
            if one.tail and not outside:
                parts.append(" ".join(one.tail.split("\n")))

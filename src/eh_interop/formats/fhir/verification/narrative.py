"""Narratives: text that somebody's browser will show, so it has to be well formed and safe.

FHIR R4 allows the basic formatting of XHTML, images and links, and no script, form,
frame, outside style sheet or event (txt-1), and wants something in it (txt-2).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from typing import TYPE_CHECKING, Any, Final

from eh_interop.formats.fhir.verification import r4
from eh_interop.formats.fhir.verification.issues import IssueKind, LocalIssue, sentence

if TYPE_CHECKING:
    from lxml import etree

_XHTML: Final = "{http://www.w3.org/1999/xhtml}"
_LINKS: Final = frozenset({"href", "src", "cite", "longdesc"})
_SCHEME: Final = re.compile(r"([a-z][a-z0-9+.\-]*):", re.IGNORECASE)
_SAFE: Final = frozenset({"http", "https", "mailto", "tel", "urn", "cid"})
_PICTURE: Final = re.compile(r"data:image/(png|jpeg|gif|svg\+xml);base64,", re.IGNORECASE)
_STYLE: Final = re.compile(r"url\s*\(|expression\s*\(|@import|behavior\s*:|\\", re.IGNORECASE)
_IGNORED: Final = re.compile(r"[\x00-\x20]")
_XML_LANG: Final = "{http://www.w3.org/XML/1998/namespace}lang"

_FORM = "a narrative is well-formed XHTML, in a div of the XHTML namespace"
_ALLOWED = "a narrative has only basic formatting, links and images"
_UNSAFE = "a narrative has no script, no event and no address that could run something"
_EMPTY = "a narrative has some text or a picture"


def issue(narrative: Mapping[str, Any], *_: object) -> LocalIssue | None:
    """Return what is wrong with the ``div`` of a narrative; nothing if it is in order."""
    div = narrative.get("div")
    if not isinstance(div, str):
        return None  # the schema says that it should be text
    if "<!" in div.replace("<!--", "") or "<?" in div:
        return _fault(_FORM, "txt-1")
    root = _parsed(div)
    if root is None or root.tag != f"{_XHTML}div":
        return _fault(_FORM, "txt-1")
    says = next((fault for element in root.iter() if (fault := _wrong(element))), None)
    if says:
        return _fault(says, "txt-1")
    if "".join(root.itertext("{*}*")).strip() or root.find(f".//{_XHTML}img") is not None:
        return None
    return _fault(_EMPTY, "txt-2")


def _fault(says: str, rule: str) -> LocalIssue:
    return LocalIssue(("div",), sentence(says, rule), IssueKind.UNSAFE, rule)


def _parsed(div: str) -> etree._Element | None:
    from lxml import etree

    try:
        return etree.fromstring(div.encode(), _parser())
    except (etree.XMLSyntaxError, UnicodeEncodeError):
        return None


@cache
def _parser() -> etree.XMLParser:
    from lxml import etree

    return etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)


def _wrong(node: etree._Element) -> str | None:
    if not isinstance(node.tag, str):
        return None  # a comment
    if node.tag.removeprefix(_XHTML) not in r4.xhtml()["elements"]:
        return _UNSAFE if node.tag.endswith(("script", "style", "object", "iframe")) else _ALLOWED
    for name, value in node.attrib.items():
        if says := _wrong_attribute(str(name), str(value)):
            return says
    return None


def _wrong_attribute(name: str, value: str) -> str | None:
    if name == _XML_LANG:
        return None
    if name.lower().startswith("on"):
        return _UNSAFE
    if name not in r4.xhtml()["attributes"]:
        return _ALLOWED
    if name == "style" and _STYLE.search(value):
        return _UNSAFE
    if name in _LINKS and not _is_safe(_IGNORED.sub("", value)):
        return _UNSAFE
    return None


def _is_safe(address: str) -> bool:
    scheme = _SCHEME.match(address)
    return not scheme or scheme[1].lower() in _SAFE or bool(_PICTURE.match(address))

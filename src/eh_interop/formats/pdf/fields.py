"""The fields of a PDF form: what was typed, ticked and chosen, and where each field lies."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from lxml import etree

_DEEPEST: Final = 20
_RADIO, _PUSH = 1 << 15, 1 << 16
_OFF: Final = "/Off"
_CAMEL: Final = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|[_.\-]+")


@dataclass(frozen=True, slots=True)
class PdfField:
    """One field, or one box of several, on a page.

    Attributes:
        name: its full name.
        hint: what it says of itself when one points at it; empty if it says nothing.
        value: what was typed or chosen.
        ticked: whether a box is ticked; None for other fields.
        left, top, right, bottom: where it lies, in points from the top left corner of the page.
    """

    name: str
    hint: str
    value: str
    ticked: bool | None
    left: float
    top: float
    right: float
    bottom: float


def fields_on(page: Any) -> Iterator[PdfField]:
    """Yield the fields of a page of pypdf."""
    box = page.mediabox
    for reference in page.get("/Annots") or ():
        widget = reference.get_object()
        if widget.get("/Subtype") != "/Widget" or "/Rect" not in widget:
            continue
        kind, flags = _inherited(widget, "/FT"), int(_inherited(widget, "/Ff") or 0)
        if kind not in {"/Tx", "/Ch", "/Btn"} or (kind == "/Btn" and flags & _PUSH):
            continue
        ticked = _is_ticked(widget, kind, flags)
        x0, y0, x1, y1 = (float(number) for number in widget["/Rect"])
        yield PdfField(
            name=_full_name(widget),
            hint=_text(_inherited(widget, "/TU")),
            value="" if ticked is not None else _value(_inherited(widget, "/V")),
            ticked=ticked,
            left=min(x0, x1) - float(box.left),
            right=max(x0, x1) - float(box.left),
            top=float(box.top) - max(y0, y1),
            bottom=float(box.top) - min(y0, y1),
        )


def _is_ticked(widget: Mapping[str, Any], kind: str, flags: int) -> bool | None:
    if kind != "/Btn":
        return None
    state = widget.get("/AS")
    if state is None:
        value = _inherited(widget, "/V")
        states = widget.get("/AP", {}).get("/N", {})
        return (
            value in states and value != _OFF if flags & _RADIO else value not in {None, _OFF, ""}
        )
    return str(state) != _OFF


def _inherited(widget: Mapping[str, Any], key: str) -> Any:
    at: Any = widget
    for _ in range(_DEEPEST):
        if key in at:
            return at[key].get_object() if hasattr(at[key], "get_object") else at[key]
        if "/Parent" not in at:
            return None
        at = at["/Parent"].get_object()
    return None


def _full_name(widget: Mapping[str, Any]) -> str:
    names: list[str] = []
    at: Any = widget
    for _ in range(_DEEPEST):
        if "/T" in at:
            names.append(_text(at["/T"]))
        if "/Parent" not in at:
            break
        at = at["/Parent"].get_object()
    return ".".join(reversed(names))


def _value(value: Any) -> str:
    if isinstance(value, list):
        return "\n".join(map(_text, value))
    return _text(value)


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bytes):
        value = value.decode("utf-8", "replace")
    text = value.get_data().decode("utf-8", "replace") if hasattr(value, "get_data") else str(value)
    return text.replace("\r\n", "\n").replace("\r", "\n").strip()


def name_as_label(name: str) -> str:
    """Return the name of a field as a label: ``childDateOfBirth`` as words."""
    last = name.rsplit(".", 1)[-1].partition("[")[0]
    return " ".join(_CAMEL.sub(" ", last).split())


def xfa_values(packets: Mapping[str, bytes]) -> list[tuple[str, str]]:
    """Return the names and values in the data of an XFA form, in order."""
    data = packets.get("datasets")
    if not data:
        return []
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False, recover=True)
    root = etree.fromstring(data, parser)
    if root is None:
        return []
    return [
        (name_as_label(str(one.tag).rpartition("}")[2]), (one.text or "").strip())
        for one in root.iter()
        if isinstance(one.tag, str) and len(one) == 0
    ]

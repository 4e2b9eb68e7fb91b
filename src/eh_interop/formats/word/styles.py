"""How text looks in a Word document: what its runs, paragraphs and styles say."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Final

from eh_interop.formats.word.package import Element, attribute, child, is_on, local

_GREY: Final = re.compile("([0-9a-f]{2})([0-9a-f]{2})([0-9a-f]{2})", re.IGNORECASE)
_LIGHT: Final = range(0x59, 0xD8)
_HEADING: Final = re.compile(r"(heading|title|subtitle)\s*\d*", re.IGNORECASE)
_DEEPEST: Final = 12


@dataclass(frozen=True, slots=True)
class Look:
    """How a run looks; ``hidden`` also for a placeholder, which nobody typed."""

    bold: bool = False
    faint: bool = False
    struck: bool = False
    marked: bool = False
    hidden: bool = False
    font: str = ""


@dataclass(frozen=True, slots=True)
class Styles:
    """The styles of a document, by their ids."""

    by_id: dict[str, Element] = field(default_factory=dict)

    @classmethod
    def of(cls, part: Element | None) -> Styles:
        """Read the part ``styles.xml``."""
        if part is None:
            return cls()
        return cls({attribute(one, "styleId"): one for one in part if local(one) == "style"})

    def is_heading(self, properties: Element | None) -> bool:
        """Return whether a paragraph is a heading."""
        if attribute(child(properties, "outlineLvl"), "val", "9") != "9":
            return True
        style = attribute(child(properties, "pStyle"), "val")
        for _ in range(_DEEPEST):
            element = self.by_id.get(style)
            name = attribute(child(element, "name"), "val", style)
            if _HEADING.fullmatch(name) or _HEADING.fullmatch(style):
                return True
            style = attribute(child(element, "basedOn"), "val")
            if not style:
                return False
        return False

    def look(self, run: Element | None, paragraph: Element | None) -> Look:
        """Return how a run looks: what it says itself, then its style, then its paragraph's."""
        style = attribute(child(run, "rStyle"), "val")
        chain = [
            run,
            *self._chain(style),
            *self._chain(attribute(child(paragraph, "pStyle"), "val")),
        ]
        return Look(
            bold=_first(chain, "b"),
            faint=_first(chain, "i") or any(_is_grey(one) for one in chain[:2]),
            struck=_first(chain, "strike") or _first(chain, "dstrike"),
            marked=_is_marked(run),
            hidden=_first(chain, "vanish") or "placeholder" in style.lower(),
            font=attribute(child(run, "rFonts"), "ascii"),
        )

    def _chain(self, style: str) -> list[Element]:
        chain: list[Element] = []
        while style and len(chain) < _DEEPEST and (element := self.by_id.get(style)) is not None:
            if (properties := child(element, "rPr")) is not None:
                chain.append(properties)
            else:
                chain.append(element)
            style = attribute(child(element, "basedOn"), "val")
        return chain


def _first(chain: list[Element | None], name: str) -> bool:
    """Return what the nearest of them says of a switch."""
    holder = next((one for one in chain if child(one, name) is not None), None)
    return is_on(holder, name)


def _is_grey(properties: Element | None) -> bool:
    match = _GREY.fullmatch(attribute(child(properties, "color"), "val"))
    if match is None:
        return False
    red, green, blue = (int(part, 16) for part in match.groups())
    return max(red, green, blue) - min(red, green, blue) < 0x10 and red in _LIGHT  # noqa: PLR2004


def _is_marked(properties: Element | None) -> bool:
    return any(
        attribute(child(properties, name), "val", "none") not in {"none", "clear", "nil"}
        for name in ("highlight", "u", "bdr")
    )

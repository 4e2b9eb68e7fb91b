"""Rows that somebody added to a repeating section: their controls get the number of their row.

Word copies a row with its controls, and their tags still name the row that was copied.
"""

from __future__ import annotations

from collections.abc import Iterator

from eh_interop.formats.word.package import Element, attribute, child, local

PREFIX = "eh:/"


def number_rows(body: Element) -> None:
    """Write the right number into the tags of every repeating section, outer sections first."""
    for section in body.iter():
        if local(section) == "sdt" and _is(section, "repeatingSection"):
            _number(section, _depth(section))


def _number(section: Element, depth: int) -> None:
    first: dict[str, int] = {}
    for row, item in enumerate(_items(section)):
        for tag in item.iter():
            if local(tag) != "tag" or not attribute(tag, "val").startswith(PREFIX):
                continue
            steps = attribute(tag, "val").split("/")
            numbers = [at for at, step in enumerate(steps) if step.isdigit()]
            if len(numbers) <= depth:
                continue
            at = numbers[depth]
            start = first.setdefault("/".join(steps[:at]), int(steps[at]))
            steps[at] = str(start + row)
            key = next(key for key in tag.attrib if str(key).rpartition("}")[2] == "val")
            tag.set(key, "/".join(steps))


def _items(section: Element) -> Iterator[Element]:
    content = child(section, "sdtContent")
    for one in content if content is not None else ():
        if local(one) == "sdt" and _is(one, "repeatingSectionItem"):
            yield one


def _depth(section: Element) -> int:
    return sum(
        local(one) == "sdt" and _is(one, "repeatingSectionItem") for one in section.iterancestors()
    )


def _is(control: Element, kind: str) -> bool:
    return child(child(control, "sdtPr"), kind) is not None

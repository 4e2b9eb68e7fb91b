"""What somebody answered on a form, with the label beside it, whatever the label means."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Final, TypeAlias

from eh_interop.core.findings import Origin
from eh_interop.formats._shared.forms.document import Line, Piece, line_text

NOWHERE: Final = Origin()
Options: TypeAlias = tuple[tuple[str, bool], ...]

PLACEHOLDER: Final = re.compile(
    r"(click|tap|press)( or (click|tap))? (here )?(to|and) (enter|type|add|select|choose)\b.*"
    r"|(choose|select|pick) an? (item|option|date|answer)\.?|[\[(<{] ?(please "
    r")?(select|choose|insert|enter|type|add)\b[^\])>}]*[\])>}]"
    r"|please (select|choose)( one)?\.?|(dd?|DD?)\W?(mm?|MM?)\W?(yy(yy)?|YY(YY)?)|--?"
    r"|\u2013|\u2014|\.+",
    re.IGNORECASE,
)
"""What a form shows where nobody has filled it in."""
_GUIDANCE: Final = re.compile(
    r"\W*(please|e\.?g\b|i\.?e\b|for example|such as|include|including|describe|say|note|list|tick|"
    r"give|think|write|use|see|state|consider|provide|continue|complete|enter|insert"
    r"|on a scale|if |"
    r"what|how|who|when|where|which|why|do|does|is|are|this|these|all|only|any|fields?|must|should)\b"
    r"|.*\?\s*$",
    re.IGNORECASE | re.DOTALL,
)
_CHOICE: Final = re.compile(
    r"(yes|no|not known|unknown|don'?t know|not sure|unsure|n/?k|n/?a|not applicable|y|n)(?![\w/])",
    re.IGNORECASE,
)
_ENDS_IN_CHOICE: Final = re.compile(
    r"(?P<before>.*?)(?P<choice>(?<![\w/])(yes|no|not known|unknown|don'?t know|not "
    r"sure|unsure|n/?k|n/?a"
    r"|not applicable|y|n))\W*$",
    re.IGNORECASE | re.DOTALL,
)
_ENDS_LABEL: Final = re.compile(r"(?P<before>.*[?:])(?P<choice>[^?:]*)$", re.DOTALL)


@dataclass(frozen=True, slots=True, kw_only=True)
class FormAnswer:
    """What stands beside one label.

    Attributes:
        label: the label, without guidance.
        section: the heading above it.
        text: what was written, guidance and placeholders left out.
        options: the boxes, each with its words and whether it is ticked.
        origin: where it stands.
        entry: which of several answers below each other to one label; 0 for the first.
        codes: what drop-downs and date controls call what was chosen.
    """

    label: str
    section: str = ""
    text: str = field(default="", repr=False)
    options: Options = ()
    origin: Origin = NOWHERE
    entry: int = 0
    code: str = field(default="", repr=False)

    @property
    def is_blank(self) -> bool:
        """Whether nobody answered."""
        return not self.text and not any(ticked for _, ticked in self.options)

    @property
    def ticked(self) -> tuple[str, ...]:
        """The words of the boxes that are ticked."""
        return tuple(words for words, ticked in self.options if ticked)

    @property
    def said(self) -> str:
        """What was answered in words: what is ticked, then what is written."""
        return " ".join(filter(None, (", ".join(self.ticked), self.text)))


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a table with a heading row: what one person, child or service is said to be."""

    section: str
    answers: tuple[FormAnswer, ...]
    number: int


Found: TypeAlias = FormAnswer | Row


@dataclass(frozen=True, slots=True)
class Content:
    """The answer in a cell or line: its text, its boxes, and what stands before its first box."""

    text: str = ""
    options: Options = ()
    before: str = ""
    code: str = ""


def content_of(lines: tuple[Line, ...]) -> Content:
    """Read what was answered: guidance and placeholders are left out, boxes get their words.

    Where there are controls or fields, what is printed beside them is no answer.
    """
    filled = any(piece.answer for line in lines for piece in line)
    texts: list[str] = []
    options: list[tuple[str, bool]] = []
    before, code = "", ""
    for line in _without_guidance(lines):
        if any(piece.ticked is not None for piece in line):
            head, boxes, rest = options_of(line)
            before = before or head
            options += boxes
            texts.append(rest)
        else:
            kept = tuple(piece for piece in line if piece.answer or not filled)
            texts.append(_chosen_of_alternatives(kept) or line_text(kept))
            code = code or next((piece.code for piece in kept if piece.code), "")
    text = "\n".join(text for text in texts if text and not PLACEHOLDER.fullmatch(text))
    return Content(text, tuple(options), before, code)


def _without_guidance(lines: tuple[Line, ...]) -> tuple[Line, ...]:
    kept = tuple(line for line in lines if not _is_guidance(line))
    others = any(line_text(line) for line in kept)
    return tuple(
        line for line in kept if not (others and _is_faint(line) and not _has_fields(line))
    )


def _is_guidance(line: Line) -> bool:
    return _is_faint(line) and not _has_fields(line) and bool(_GUIDANCE.match(line_text(line)))


def _has_fields(line: Line) -> bool:
    return any(piece.answer or piece.ticked is not None for piece in line)


def _is_faint(line: Line) -> bool:
    shown = [piece for piece in line if piece.text.strip() and not piece.struck]
    return bool(shown) and all(piece.faint for piece in shown)


_ALTERNATIVES: Final = re.compile(
    r"(yes|y) ?[/|] ?(no|n)( ?[/|] ?(n/?a|not known|unknown|n/?k))?", re.IGNORECASE
)


def _chosen_of_alternatives(line: Line) -> str:
    """Return which of *Yes / No* is marked or left; empty if it is not that kind of line."""
    whole = " ".join("".join(piece.text for piece in line).split())
    if not _ALTERNATIVES.fullmatch(whole):
        return ""
    left: list[str] = re.findall(r"[^\s/|]+", line_text(line))
    if len(left) == 1:
        return left[0]
    for marked in ([one for one in line if one.marked], [one for one in line if one.bold]):
        chosen = [text for piece in marked if (text := piece.text.strip(" /|"))]
        if len(chosen) == 1 and not re.search("[/|]", chosen[0]):
            return chosen[0]
    return "-"


def options_of(line: Line) -> tuple[str, list[tuple[str, bool]], str]:
    """Give each box of a line its words: they stand before all boxes, or after all.

    Returns:
        What stands before the first option, the options, what stands after the last.
    """
    texts, boxes = [""], list[bool]()
    for piece in line:
        if piece.struck:
            continue
        if piece.ticked is None:
            texts[-1] += piece.text
        else:
            boxes.append(piece.ticked)
            texts.append("")
    texts = [" ".join(text.split()) for text in texts]
    lead, last = texts[0], texts[-1]
    head, choice = _cut_choice(lead)
    if lead and ((choice and _CHOICE.match(choice)) or not all(texts[1:])):
        words = [choice or lead, *texts[1:-1]]
        words = [re.sub(r"^[\s,;|/]+", "", word) for word in words]
        return head if choice else "", list(zip(map(_bare, words), boxes, strict=True)), last
    labels, rest = texts[1:], ""
    if match := _CHOICE.match(labels[-1]):
        labels[-1], rest = match[0], labels[-1][match.end() :].strip(" \t,.;:-\u2013")
    return lead, list(zip(map(_bare, labels), boxes, strict=True)), rest


def _cut_choice(text: str) -> tuple[str, str]:
    """Cut *Interpreter needed? Yes* into the label and the option."""
    match = _ENDS_IN_CHOICE.fullmatch(text) or _ENDS_LABEL.fullmatch(text)
    return (match["before"].strip(), match["choice"].strip()) if match else ("", "")


def _bare(text: str) -> str:
    return text.strip(" \t,;:.|/")


def is_choice(text: str) -> bool:
    """Return whether it is *Yes*, *No* or *Not known*, and nothing else."""
    return bool(_CHOICE.fullmatch(text.strip()))


def visible(line: Line) -> list[Piece]:
    """Return the pieces of a line that show text."""
    return [piece for piece in line if piece.text.strip() and not piece.struck]

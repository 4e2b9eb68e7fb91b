"""Makes ``docs/traceability.md``: each clause, what carries it, and what shows that it does."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from tests.helpers.conformance import FOLDER, name_of
from tests.helpers.invalid_examples import path_of, requirements
from tests.helpers.support import ROOT

from eh_interop.checks.across.records import across_rules
from eh_interop.checks.rules.engine import all_rules
from eh_interop.standard.guidance import Clause, clauses, documents

PAGE = ROOT / "docs" / "traceability.md"
NOTHING = "none, because"
HEAD = """\
# What carries the guidance

Each clause of the guidance in our words, what in the standard carries it, and what shows that it
does: for a requirement the [example](../examples/README.md) with that fault, for a rule its
[conformance vectors](../schemas/conformance/README.md), for a rule across records its own file,
which holds its examples. Made by `pytest --regenerate`: do not edit.
"""


def page() -> str:
    """Return the page."""
    return "\n".join([HEAD, *_summary(), *_documents()]) + "\n"


def _of(document: str) -> list[Clause]:
    return [clause for clause in clauses().values() if clause.document == document]


def carriers(clause: Clause) -> list[str]:
    """Return what carries a clause. Context is carried by nothing."""
    return [part for part in clause.carried_by.split("; ") if not part.startswith(NOTHING)]


@cache
def shown_by(carrier: str) -> str | None:
    """Return the page or file that shows a check at work, relative to the project."""
    kind, _, code = carrier.partition(":")
    if kind == "requirement" and code in requirements():
        return path_of(requirements()[code]).relative_to(ROOT).as_posix()
    rules = {rule.code: rule for rule in all_rules()}
    across = {across_rule.code: across_rule for across_rule in across_rules()}
    if kind == "rule" and code in across:
        return f"src/eh_interop/checks/across/{across[code].family}.py"
    if kind == "rule":
        return (FOLDER / "rules" / f"{rules[code].family}.ndjson").relative_to(ROOT).as_posix()
    return None


def _summary() -> Iterator[str]:
    yield "| document | clauses | carried | by checks | shown | context |"
    yield "|---|---|---|---|---|---|"
    rows = [(each.title, _of(key)) for key, each in documents().items()]
    for title, held in [*rows, ("All", list(clauses().values()))]:
        carried = [carriers(each) for each in held]
        counts = (
            len(held),
            sum(map(bool, carried)),
            sum(any(_is_check(each) for each in found) for found in carried),
            sum(any(shown_by(each) for each in found) for found in carried),
            len(held) - sum(map(bool, carried)),
        )
        yield f"| {title} | {' | '.join(map(str, counts))} |"
    yield ""
    yield "*Shown* means that an example or a vector shows a check that answers to the clause."


def _is_check(carrier: str) -> bool:
    return carrier.startswith(("requirement:", "rule:", "pack:"))


def _documents() -> Iterator[str]:
    for key, document in documents().items():
        held = _of(key)
        if held:
            yield f"\n## {document.title}\n"
            yield f"{document.publisher}, {document.edition}. {len(held)} clauses.\n"
            yield "| clause | what it says | carried by | shown by |"
            yield "|---|---|---|---|"
            yield from map(_row, held)


def _row(clause: Clause) -> str:
    told = "<br>".join(_told(part) for part in clause.carried_by.split("; "))
    shown = "<br>".join(_link(carrier) for carrier in carriers(clause) if shown_by(carrier))
    return f"| {clause.id} | {_cell(clause.says)} | {told} | {shown} |"


def _told(carrier: str) -> str:
    kind, _, rest = carrier.partition(":")
    if kind in {"requirement", "rule", "pack", "codelist", "alias", "field", "area"}:
        return f"{kind} `{rest}`"
    return _cell(carrier)


def _link(carrier: str) -> str:
    code = carrier.partition(":")[2]
    target = f"../{shown_by(carrier)}"
    if code in requirements():
        name = f"invalid/{code}-{requirements()[code].name}"
    else:
        every = (*all_rules(), *across_rules())
        name = next(name_of(each) for each in every if each.code == code)
    return f"[{name}]({target})"


def _cell(words: str) -> str:
    return re.sub(r"\s+", " ", words).replace("|", "\\|")

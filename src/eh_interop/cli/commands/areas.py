"""``eh-interop areas``: the areas, their guidance and their settings."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Final

import click

from eh_interop.cli.options import AREA, format_option, show, table
from eh_interop.reports.words import wrap

if TYPE_CHECKING:
    from eh_interop.standard.areas import Area

_DOCUMENT_FACTS: Final = ("title", "publisher", "edition")


@click.command("areas")
@click.argument("area", type=AREA, required=False)
@format_option("text", "json")
def command(area: Area | None, form: str) -> None:
    """List the areas, or show one: guidance, settings, local words, what to do now."""
    from eh_interop.standard.areas import area_names, load_area

    if area is not None:
        facts = _facts(area)
        show(form, facts, lambda: "\n".join(_page(facts)))
        return
    every = [_facts(load_area(name)) for name in area_names()]
    rows = ((facts["area"], f"{facts['checks']} checks", facts["title"]) for facts in every)
    show(form, every, lambda: table(rows))


def _facts(area: Area) -> dict[str, Any]:
    from eh_interop.checks.catalogue import entries_of
    from eh_interop.standard.guidance import documents

    checks = entries_of(area)
    return {
        "area": area.key,
        "title": area.title,
        "extends": list(area.extends),
        "documents": [
            {"key": key, **{name: getattr(document, name) for name in _DOCUMENT_FACTS}}
            for key, document in {**documents(), **area.documents}.items()
            if key in area.follows
        ],
        "doNow": list(area.do_now),
        "settings": dict(area.settings),
        "labels": {name: dict(labels) for name, labels in area.labels.items()},
        "checks": len(checks),
        "checksByLayer": {
            layer.value: sum(check.layer is layer for check in checks)
            for layer in dict.fromkeys(check.layer for check in checks)
        },
        "waived": {
            code: {"why": waiver.why, "until": waiver.until.isoformat()}
            for code, waiver in sorted(area.waivers.items())
        },
        "clauses": {clause.id: clause.says for clause in area.clauses.values()},
        "facts": dict(area.facts),
        "raised": {code: severity.value for code, severity in sorted(area.severity.items())},
    }


def _page(facts: dict[str, Any]) -> Iterator[str]:
    yield f"{click.style(facts['area'], bold=True)}  {facts['title']}"
    if facts["extends"]:
        yield f"  builds on {', '.join(facts['extends'])}"
    for title, lines in _paragraphs(facts):
        if lines:
            yield f"\n  {click.style(title, bold=True)}"
            yield from (wrap(line, "    ", "      ") for line in lines)


def _paragraphs(facts: dict[str, Any]) -> Iterator[tuple[str, list[str]]]:
    yield "What to do now, if a child may be at immediate risk", facts["doNow"]
    yield (
        "Guidance",
        [
            f"{document['title']} ({document['publisher']}, {document['edition']})"
            for document in facts["documents"]
        ],
    )
    yield "Its own clauses", [f"{key}: {says}" for key, says in facts["clauses"].items()]
    yield "Settings", [f"{name} = {value}" for name, value in facts["settings"].items()]
    for name, fact in facts["facts"].items():
        yield name.replace("-", " ").capitalize(), list(_lines(fact))
    yield (
        "Local words",
        [
            f"{name}: {', '.join(f'{code} is {label}' for code, label in labels.items())}"
            for name, labels in facts["labels"].items()
        ],
    )
    layers = [f"{count} {layer}" for layer, count in facts["checksByLayer"].items()]
    yield "Checks", [f"{facts['checks']}: {', '.join(layers)}"]
    raised = [f"{code} {severity}" for code, severity in facts["raised"].items()]
    yield "Of which matter more here", [", ".join(raised)] if raised else []
    yield (
        "Of which are waived for a time",
        [f"{code} until {one['until']}: {one['why']}" for code, one in facts["waived"].items()],
    )


def _lines(fact: Any) -> Iterator[str]:
    """Yield a fact of an area file in words: an entry of a list, or of a table, is one line."""
    if isinstance(fact, dict):
        yield from (f"{key}: {_words(value)}" for key, value in fact.items())
    else:
        yield from map(_words, fact if isinstance(fact, list) else [fact])


def _words(value: Any) -> str:
    if isinstance(value, dict) and "title" in value:
        rest = {key: inner for key, inner in value.items() if key not in {"title", "code"}}
        return ": ".join(filter(None, (value["title"], _words(rest))))
    if isinstance(value, dict):
        return ", ".join(f"{key} {_words(inner)}" for key, inner in value.items())
    if isinstance(value, list):
        return ", ".join(map(_words, value))
    return {True: "yes", False: "no"}[value] if isinstance(value, bool) else str(value)

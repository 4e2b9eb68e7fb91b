"""``eh-interop areas``: the areas, their guidance and their settings."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import click

from eh_interop.cli.options import AreaType, format_option, json_text, table, wrapped

if TYPE_CHECKING:
    from eh_interop.areas import Area


@click.command("areas")
@click.argument("area", type=AreaType(), required=False)
@format_option("text", "json")
def command(area: Area | None, form: str) -> None:
    """List the areas, or show one: guidance, settings, local words, what to do now."""
    from eh_interop.areas import area_names, load_area  # noqa: PLC0415 (help needs no area)

    if area is not None:
        facts = _facts(area)
        click.echo(json_text(facts) if form == "json" else "\n".join(_page(facts)))
        return
    every = [_facts(load_area(name)) for name in area_names()]
    if form == "json":
        click.echo(json_text(every))
        return
    click.echo(table((each["area"], f"{each['checks']} checks", each["title"]) for each in every))


def _facts(area: Area) -> dict[str, Any]:
    from eh_interop.catalogue import entries_of  # noqa: PLC0415 (help needs no catalogue)
    from eh_interop.guidance import documents  # noqa: PLC0415 (help needs no guidance)

    checks = entries_of(area)
    return {
        "area": area.key,
        "title": area.title,
        "extends": list(area.extends),
        "documents": [
            {"key": key, "title": each.title, "publisher": each.publisher, "edition": each.edition}
            for key, each in documents().items()
            if key in area.follows
        ],
        "doNow": list(area.do_now),
        "settings": dict(area.settings),
        "labels": {name: dict(labels) for name, labels in area.labels.items()},
        "checks": len(checks),
        "checksByLayer": {
            layer.value: sum(each.layer is layer for each in checks)
            for layer in dict.fromkeys(each.layer for each in checks)
        },
        "raised": {code: severity.value for code, severity in sorted(area.severity.items())},
    }


def _page(facts: dict[str, Any]) -> Iterator[str]:
    yield f"{click.style(facts['area'], bold=True)}  {facts['title']}"
    if facts["extends"]:
        yield f"  builds on {', '.join(facts['extends'])}"
    for title, lines in _paragraphs(facts):
        if lines:
            yield f"\n  {click.style(title, bold=True)}"
            yield from (wrapped(line, "    ", "      ") for line in lines)


def _paragraphs(facts: dict[str, Any]) -> Iterator[tuple[str, list[str]]]:
    yield "What to do now, if a child may be at immediate risk", facts["doNow"]
    yield (
        "Guidance",
        [
            f"{each['title']} ({each['publisher']}, {each['edition']})"
            for each in facts["documents"]
        ],
    )
    yield "Settings", [f"{name} = {value}" for name, value in facts["settings"].items()]
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

"""``eh-interop explain``: what a check finds, why it matters, and what to ask for."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any, Final

import click

from eh_interop.cli.options import area_option, format_option, json_text
from eh_interop.core.findings import Layer
from eh_interop.reports.words import wrap

if TYPE_CHECKING:
    from eh_interop.checks.catalogue import CatalogueEntry
    from eh_interop.standard.areas import Area


@click.command("explain")
@click.argument("check", metavar="CODE|NAME")
@area_option("Include the checks of this area's own file.")
@format_option("text", "markdown", "json")
def command(check: str, area: Area | None, form: str) -> None:
    """Explain a check: what it finds, why, where it applies, with an example.

    Give its code, such as MRF-107, or its name, such as no-genogram.
    """
    from eh_interop.checks.catalogue import find, nearest

    entries = find(check, area)
    if not entries:
        near = nearest(check, area)
        hint = f" Did you mean {' or '.join(near)}?" if near else ""
        raise click.BadParameter(
            f"there is no check of this code or name.{hint} eh-interop rules lists them all.",
            param_hint="CODE|NAME",
        )
    if form == "json":
        pages = [_facts(entry, area) for entry in entries]
        click.echo(json_text(pages[0] if len(pages) == 1 else pages))
        return
    write = _FORMS[form]
    click.echo("\n\n".join("\n".join(write(_facts(entry, area))) for entry in entries))


def _facts(entry: CatalogueEntry, area: Area | None) -> dict[str, Any]:
    """Return everything that the standard says of a check."""
    from eh_interop.checks.catalogue import example_of

    example = example_of(entry)
    names = ("code", "name", "title", "layer", "severity", "why", "ask")
    return {
        **{name: getattr(entry, name) for name in names},
        "place": getattr(entry.source, "place", None),
        "condition": _condition(entry.source),
        "accepts": list(getattr(entry.source, "accepts", ())),
        "needs": list(getattr(entry.source, "needs", ())),
        "records": list(entry.records),
        "areas": dict(entry.areas),
        "since": entry.since,
        "cites": list(_cited(entry, area)),
        "above": _above(entry.code),
        "example": example
        and {
            **{name: getattr(example, name) for name in ("of", "passes", "fails")},
            "missing": list(example.missing),
        },
    }


def _above(code: str) -> dict[str, str] | None:
    """Return the law that stands above local practice in a check, and since when."""
    from eh_interop.standard.guidance import clauses, in_force_from, precedences

    law = precedences().get(code)
    return (
        None
        if law is None
        else {
            "clause": law.clause,
            "since": in_force_from(law.clause).isoformat(),
            "says": clauses()[law.clause].says,
        }
    )


def _condition(source: object) -> dict[str, Any]:
    """Say when a requirement applies, as it is stated."""
    return {
        name: {key: want if isinstance(want, str) else list(want) for key, want in stated.items()}
        for name in ("when", "unless")
        if (stated := getattr(source, name, None))
    }


def _cited(entry: CatalogueEntry, area: Area | None) -> Iterator[dict[str, str]]:
    from eh_interop.standard.guidance import clauses, documents

    register = {**clauses(), **(area.clauses if area else {})}
    titles = {**documents(), **(area.documents if area else {})}
    for cite in entry.cites:
        clause = register[cite]
        document = titles[clause.document]
        yield {
            "clause": cite,
            "says": clause.says,
            "document": document.title,
            "edition": document.edition,
            "textRead": document.text_read,
            "supersededBy": document.superseded_by,
        }


def _text(facts: dict[str, Any]) -> Iterator[str]:
    yield f"{click.style(facts['code'], bold=True)}  {facts['name']}"
    yield wrap(f"{facts['title']}. {facts['severity'].capitalize()}, {facts['layer']}.", "  ")
    for title, lines in _paragraphs(facts):
        yield f"\n  {click.style(title, bold=True)}"
        for line in lines:
            yield wrap(line, "    ")
    for title, fragment in _fragments(facts):
        yield f"\n  {click.style(title, bold=True)}"
        yield from (f"    {line}" for line in fragment.splitlines())


def _markdown(facts: dict[str, Any]) -> Iterator[str]:
    yield f"## {facts['code']} {facts['name']}\n"
    yield f"{facts['title']}. {facts['severity'].capitalize()}, {facts['layer']}."
    for title, lines in _paragraphs(facts):
        yield f"\n**{title}**\n"
        yield from (f"* {line}" for line in lines) if len(lines) > 1 else lines
    for title, fragment in _fragments(facts):
        yield f"\n**{title}**\n\n```json\n{fragment}\n```"


_FORMS: Final[dict[str, Callable[[dict[str, Any]], Iterator[str]]]] = {
    "text": _text,
    "markdown": _markdown,
}


def _paragraphs(facts: dict[str, Any]) -> Iterator[tuple[str, list[str]]]:
    yield "Why", [facts["why"]]
    if facts["ask"]:
        yield "Ask", [facts["ask"]]
    if facts["place"]:
        yield "Where", [facts["place"], *_when(facts["condition"])]
    if facts["accepts"]:
        yield "Reasons for absence that are enough", [", ".join(facts["accepts"])]
    if facts["cites"]:
        yield (
            "Guidance",
            [
                f"{cite['clause']}: {cite['says']} ({cite['document']}, {cite['edition']}"
                f"{_standing(cite)})"
                for cite in facts["cites"]
            ],
        )
    if law := facts["above"]:
        limit = (
            "What local guidance asks for here is at most a warning for what was shared on or "
            f"after {law['since']}. {law['clause']} stands above it: {law['says']}"
        )
        yield "By date", [limit]
    everything = "packs" if facts["layer"] is Layer.PACK else "every file"
    yield "Applies to", [", ".join(facts["records"]) or everything]
    yield "Areas", [_areas(facts)]
    yield "Since", [f"version {facts['since']} of the standard"]


def _standing(cite: dict[str, str]) -> str:
    """Say what has to be known of a document: whether it was read, and what took its place."""
    from eh_interop.standard.guidance import documents

    read = {"no": "; its text was not read", "second-hand": "; read in what others say of it"}
    later = documents().get(cite["supersededBy"])
    return f"{read.get(cite['textRead'], '')}{f'; now {later.title}' if later else ''}"


def _when(condition: dict[str, Any]) -> Iterator[str]:
    for word, stated in condition.items():
        for key, want in stated.items():
            values = want if isinstance(want, str) else " or ".join(map(str, want))
            yield f"{word} {key} is {values}"


def _areas(facts: dict[str, Any]) -> str:
    named = [
        area if severity == facts["severity"] else f"{area} ({severity} there)"
        for area, severity in facts["areas"].items()
    ]
    needs = f" Needs from the area {', '.join(facts['needs'])}." if facts["needs"] else ""
    return f"{', '.join(named) or 'none'}.{needs}"


def _fragments(facts: dict[str, Any]) -> Iterator[tuple[str, str]]:
    example = facts["example"]
    if example is None:
        return
    yield f"Passes (taken from {example['of']})", json_text(example["passes"])
    missing = f": missing {', '.join(example['missing'])}" if example["missing"] else ""
    yield f"Fails{missing}", json_text(example["fails"])

"""Parts of an HTML page: its head, lists and tables.

On a narrow screen a table is shown as a list of cards (see ``page.css``). Some
browsers then forget that it is a table, so every part states its role.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from html import escape
from pathlib import Path
from typing import Final

_POLICY: Final = "default-src 'none'; style-src 'unsafe-inline'"


def head(title: str, more_style: str = "") -> str:
    """Write the beginning of a page that stands by itself, up to its skip link.

    It has no scripts and loads nothing. Styles are in ``page.css``.
    """
    style = Path(__file__).with_name("page.css").read_text(encoding="utf-8")
    return (
        '<!DOCTYPE html>\n<html lang="en-GB">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(title)}</title>\n<style>\n{style}{more_style}</style>\n</head>\n<body>\n"
        '<a class="skip" href="#main">Skip to main content</a>\n'
    )


def bullets(items: Iterable[str], kind: str = "ul") -> Iterator[str]:
    """Yield a list of plain texts. ``kind`` is ``ul`` or ``ol``."""
    yield f"<{kind}>\n"
    for item in items:
        yield f"<li>{escape(item)}</li>\n"
    yield f"</{kind}>\n"


def table(
    caption: str, columns: Sequence[str], rows: Iterable[str], kind: str = "plain"
) -> Iterator[str]:
    """Yield a table with a caption and a heading for each column. ``kind`` names its style."""
    heads = "".join(
        f'<th scope="col" role="columnheader">{escape(column)}</th>' for column in columns
    )
    yield (
        f'<table role="table" class="{kind}">\n<caption>{escape(caption)}</caption>\n'
        f'<thead role="rowgroup"><tr role="row">{heads}</tr></thead>\n<tbody role="rowgroup">\n'
    )
    yield from rows
    yield "</tbody>\n</table>\n"


def row(columns: Sequence[str], cells: Sequence[str], name: str | None = None) -> str:
    """Write a row. Cells are HTML already; ``name`` is what a link can lead to.

    Each cell knows its column's heading, for screens where the headings are not shown.
    """
    anchor = f' id="{escape(name)}"' if name else ""
    told = "".join(
        f'<td role="cell" data-column="{escape(column)}">{cell}</td>'
        for column, cell in zip(columns, cells, strict=True)
    )
    return f'<tr role="row"{anchor}>{told}</tr>\n'

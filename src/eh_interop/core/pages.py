"""Pages: HTML and SVG, filled in from the templates that stand beside the modules that use them.

Templates are Jinja's. What stands in one between braces is escaped, unless it is markup already.
"""

from __future__ import annotations

from functools import cache
from html import escape
from pathlib import Path
from typing import Any


def page(template: str, **facts: Any) -> str:
    """Fill a template in.

    Args:
        template: its path below the package: ``letters/cover.jinja``.
        **facts: what it calls things by.
    """
    filled: str = _templates().get_template(template).render(facts)
    return filled


def parts(template: str) -> Any:
    """Return the macros of a template, which are called like functions and give markup."""
    return _templates().get_template(template).module


@cache
def _templates() -> Any:
    import jinja2  # noqa: PLC0415 (most commands write no page)
    from markupsafe import Markup  # noqa: PLC0415 (same)

    def finished(value: Any) -> Markup:
        """Escape as Python's own ``html`` does: the same text is the same page as ever."""
        return value if isinstance(value, Markup) else Markup(escape(str(value)))  # noqa: S704 (escaped)

    return jinja2.Environment(
        loader=jinja2.FileSystemLoader(Path(__file__).parents[1]),
        autoescape=True,
        finalize=finished,
        keep_trailing_newline=True,
        lstrip_blocks=True,
        trim_blocks=True,
        undefined=jinja2.StrictUndefined,
    )

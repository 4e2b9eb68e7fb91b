"""Text that FHIR holds in another form."""

from __future__ import annotations

from html import escape, unescape
from typing import Any, Final

from eh_interop.formats.fhir.values import Pair, Scene

_OPENS: Final = '<div xmlns="http://www.w3.org/1999/xhtml"><p>'
_CLOSES: Final = "</p></div>"
_BREAK: Final = "<br/>"


def _narrative(value: str, _: Scene) -> dict[str, str]:
    lines = _BREAK.join(escape(line, quote=False) for line in value.split("\n"))
    return {"status": "additional", "div": f"{_OPENS}{lines}{_CLOSES}"}


def _plain(value: dict[str, Any], _: Scene) -> str | None:
    div = value.get("div", "")
    if not (div.startswith(_OPENS) and div.endswith(_CLOSES)):
        return None
    return "\n".join(
        unescape(line) for line in div.removeprefix(_OPENS).removesuffix(_CLOSES).split(_BREAK)
    )


NARRATIVE = Pair(_narrative, _plain)
"""Text as a narrative: one paragraph, with its line breaks."""

"""Suggestions: the nearest right name for one that is misspelt ("Did you mean ...?").

Only names of our own are suggested, so nothing of a record is repeated.
"""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches


def nearest(wrong: str, right: Iterable[str]) -> str | None:
    """Return the nearest of the right names; None if none is near."""
    return next(iter(get_close_matches(wrong, list(right), 1)), None)


def did_you_mean(wrong: str, right: Iterable[str]) -> str:
    """Return ``". Did you mean NAME?"`` for the end of a sentence; empty if no name is near."""
    name = nearest(wrong, right)
    return f". Did you mean {name}?" if name else ""

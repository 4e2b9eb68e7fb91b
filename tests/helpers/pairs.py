"""Two records, one with a fault and one without, and nothing in them that matters to neither.

What stands alike in both is left out as long as the one still has its fault, the
other has not, and neither gets other findings. So what differs is the fault.
"""

from __future__ import annotations

import copy
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

from tests.helpers.invalid_examples import KEPT, put_back
from tests.helpers.support import Expected

Record = dict[str, Any]
See = Callable[[Record], list[Expected]]


def smallest_pair(failing: Record, passing: Record, code: str, see: See) -> tuple[Record, Record]:
    """Leave out of both records whatever is alike in them and matters to neither."""
    both = copy.deepcopy(failing), copy.deepcopy(passing)
    rests = _rests(both, code, see)
    assert rests is not None, code
    for holders, key in _alike(*both):
        kept = [(holder[key], _position(holder, key)) for holder in holders]
        for holder in holders:
            del holder[key]
        left = _rests(both, code, see)
        if left is None or any(new - old for new, old in zip(left, rests, strict=True)):
            for holder, (value, position) in zip(holders, kept, strict=True):
                put_back(holder, key, value, position)
        else:
            rests = left
    return both


def _rests(
    both: tuple[Record, Record], code: str, see: See
) -> tuple[Counter[str], Counter[str]] | None:
    """Count the other findings of both; None if they are no longer such a pair."""
    failing = Counter(each for each, _, _ in see(both[0]))
    if not failing[code] or any(each.startswith("SHP") for each in failing):
        return None
    passing = Counter(each for each, _, _ in see(both[1]))
    if passing[code] or any(each.startswith("SHP") for each in passing):
        return None
    return failing, passing


def _alike(left: Any, right: Any) -> Iterator[tuple[tuple[Any, Any], Any]]:
    """Yield what stands alike in both, from the outside in and from the end of lists."""
    if isinstance(left, dict) and isinstance(right, dict):
        for key in [key for key in left if key in right and key not in KEPT]:
            yield from _here_or_within(left, right, key)
    elif isinstance(left, list) and isinstance(right, list):
        for number in reversed(range(min(len(left), len(right)))):
            yield from _here_or_within(left, right, number)


def _here_or_within(left: Any, right: Any, key: Any) -> Iterator[tuple[tuple[Any, Any], Any]]:
    before = len(left)
    if left[key] == right[key]:
        yield (left, right), key
    if len(left) == before:
        yield from _alike(left[key], right[key])


def _position(holder: Any, key: Any) -> int:
    return list(holder).index(key) if isinstance(holder, dict) else key

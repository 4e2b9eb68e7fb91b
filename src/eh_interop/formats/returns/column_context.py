"""A record and one of its children, as the columns of a return look at them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from eh_interop.core.pointer import split

CHILD: Final = "/children/*"
"""How pointers into the child begin."""


@dataclass(frozen=True, slots=True)
class Scene:
    """What a column can look at.

    Attributes:
        record: the record, in the form of the standard.
        at: which of its children the row is about.
        as_of: the day on which ages are given.
        key: makes stand-ins for numbers that nobody else can work out; empty for none.
        say: takes the code of a remark, and the place that it is about.
    """

    record: Mapping[str, Any]
    at: int
    as_of: date
    key: bytes
    say: Callable[[str, str], None]

    @property
    def child(self) -> Mapping[str, Any]:
        """The child whom the row is about."""
        found: Mapping[str, Any] = self.record["children"][self.at]
        return found

    def place(self, pointer: str) -> str:
        """Return where a pointer of a table leads in this record."""
        if not pointer.startswith(CHILD):
            return pointer.removesuffix("/*")
        inside = pointer.removeprefix(CHILD).removesuffix("/*")
        return f"/children/{self.at}{inside}"

    def values(self, pointer: str) -> Sequence[Any]:
        """Return what stands at a pointer: every entry for one that ends with ``*``."""
        steps = split(self.place(pointer))
        value: Any = self.record
        for step in steps:
            value = _inside(value, step)
        if value is None:
            return ()
        return value if pointer.endswith("/*") and isinstance(value, list) else (value,)

    def reason(self, pointer: str) -> str | None:
        """Return why nothing stands at a pointer, if the record says so."""
        *above, name = split(self.place(pointer))
        holder: Any = self.record
        for step in above:
            holder = _inside(holder, step)
        said = holder.get("absent", {}).get(name) if isinstance(holder, Mapping) else None
        return str(said) if said else None


def _inside(value: Any, step: str) -> Any:
    if isinstance(value, list):
        return value[int(step)] if step.isdigit() and int(step) < len(value) else None
    return value.get(step) if isinstance(value, Mapping) else None

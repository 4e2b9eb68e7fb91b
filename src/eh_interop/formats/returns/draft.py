"""A record in the making, from the rows of a return."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

from eh_interop.core.pointer import split
from eh_interop.formats.returns.scene import CHILD
from eh_interop.standard.schemas import CURRENT

_LINE: Final = 500
"""Characters that one line of text may have."""


@dataclass(slots=True)
class Draft:
    """A record that grows as cells are read.

    Attributes:
        record: what there is so far.
        whose: the first name of its local data.
        heading: of the cell that is being read.
        origins: for each place that a cell filled, the heading of its column.
        said: codes of remarks about the cells, with their headings.
    """

    record: dict[str, Any]
    whose: str
    heading: str = ""
    origins: dict[str, str] = field(default_factory=dict)
    said: list[tuple[str, str]] = field(default_factory=list)

    @classmethod
    def of(cls, record_type: str, record_id: str, whose: str) -> Draft:
        """Begin a record about one child."""
        record = {
            "recordType": record_type,
            "standardVersion": CURRENT,
            "recordId": record_id,
            "children": [{"id": "c1"}],
        }
        return cls(record, whose)

    @property
    def child(self) -> dict[str, Any]:
        """The child."""
        found: dict[str, Any] = self.record["children"][0]
        return found

    def say(self, code: str) -> None:
        """Remark on the cell that is being read."""
        self.said.append((code, self.heading))

    def set(self, pointer: str, value: Any) -> None:
        """Put a value where a pointer of a table leads; a list grows. What is there stays."""
        place = pointer.replace(CHILD, "/children/0", 1)
        *above, last = split(place)
        holder: Any = self.record
        for at, step in enumerate(above):
            if isinstance(holder, list):
                holder = holder[int(step)]
            elif at == len(above) - 1 and last == "*":
                holder = holder.setdefault(step, [])
            else:
                holder = holder.setdefault(step, {})
        if last == "*":
            holder.append(value)
            place = f"{place.removesuffix('*')}{len(holder) - 1}"
        else:
            holder.setdefault(last, value)
        self.origins[place] = self.heading

    def identify(self, **identifier: str) -> None:
        """Give the child an identifier, once."""
        known = self.child.setdefault("identifiers", [])
        if identifier not in known:
            known.append(identifier)
            self.origins[f"/children/0/identifiers/{len(known) - 1}"] = self.heading

    def worker(self) -> dict[str, Any]:
        """Return the practitioner who leads the plan."""
        self.record.setdefault("leads", [{"practitioner": "w1"}])
        found: dict[str, Any] = self.record.setdefault("practitioners", [{"id": "w1"}])[0]
        return found

    def keep(self, value: Any, code: str = "RET-028") -> None:
        """Keep a cell as local data, in the words of the file, and say so."""
        text = value.isoformat() if isinstance(value, date) else str(value)
        mine = self.record.setdefault("localData", {}).setdefault(self.whose, {})
        name = self.heading.replace(".", " ")[:200]
        mine.setdefault(name, text)
        self.origins[f"/localData/{self.whose}/{name}"] = self.heading
        self.say(code)

    def line(self, pointer: str, text: str) -> None:
        """Put one line of text into the record; keep what is too long for a line."""
        plain = " ".join(text.split())
        if len(plain) <= _LINE:
            self.set(pointer, plain)
        else:
            self.keep(text)

"""A record that is being read from a form, and where each of its values stood."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from itertools import pairwise
from typing import Any, Final

from eh_interop.core.findings import Finding, Origin
from eh_interop.core.pointer import Steps, all_places, resolve
from eh_interop.formats._shared.forms.answers import FormAnswer
from eh_interop.reading.source_record import ReadPlace
from eh_interop.standard.fields import Field, Kind, fields_of
from eh_interop.standard.schemas import CURRENT

_LISTS: Final = {
    "children": "child", "people": "person", "practitioners": "practitioner",
    "organisations": "organisation",
}  # fmt: skip


@cache
def _fields(record_type: str) -> Mapping[str, Field]:
    return {one.link: one for one in fields_of(record_type).walk()}


@dataclass(slots=True)
class FormRecord:
    """A record under construction.

    Attributes:
        record_type: its type.
        document: the record.
        origins: where each value stood, with the confidence.
        unread: answers that no field was found for, each with where it may belong.
        findings: what was found on the way.
    """

    record_type: str
    document: dict[str, Any] = field(default_factory=dict)
    origins: dict[Steps, Origin] = field(default_factory=dict)
    unread: list[ReadPlace] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    _entries: dict[tuple[str, str], Steps] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.document |= {"recordType": self.record_type, "standardVersion": CURRENT}

    def field(self, steps: Steps) -> Field | None:
        """Return the field at a place; None if the record type has none."""
        link = ".".join(step for step in steps if isinstance(step, str) and step != "+")
        return _fields(self.record_type).get(link)

    def get(self, steps: Steps) -> Any:
        """Return the value at a place; None if there is none."""
        try:
            return resolve(self.document, steps)
        except LookupError:
            return None

    def entry(self, name: str, key: str = "") -> Steps:
        """Return the place of an entry of a list, and make it if there is none with this key.

        Args:
            name: of the list.
            key: by which the entry is found again; empty for a new one.
        """
        if key and (name, key) in self._entries:
            return self._entries[name, key]
        entries = self.document.setdefault(name, [])
        steps: Steps = (name, len(entries))
        listed = self.field((name,))
        with_id = any(one.name == "id" for one in listed.fields) if listed else False
        word = _LISTS.get(name, name.lower())
        entries.append({"id": f"{word}-{len(entries) + 1}"} if with_id else {})
        if key:
            self._entries[name, key] = steps
        return steps

    def id_of(self, steps: Steps) -> str:
        """Return the local id of an entry."""
        return str(self.get(steps)["id"])

    def place(self, pointer: str) -> Steps | None:
        """Return the first of several places that the record type has.

        ``{key}`` stands for the entry of a list by its key, ``+`` for a new entry.
        """
        for one in pointer.split():
            names = one.split("/")[1:]
            plain = tuple(name for name in names if not name.startswith(("{", "+")))
            if self.field(plain) is None:
                continue
            steps: Steps = ()
            for name in names:
                if name.startswith("{"):
                    steps = self.entry(str(steps[-1]), name[1:-1])
                else:
                    steps = (*steps, int(name) if name.isdigit() else name)
            return steps
        return None

    def put(self, steps: Steps, value: Any, origin: Origin, confidence: float) -> bool:
        """Put a value in its place. What stands there already is kept: text is added to text.

        ``+`` as the last step adds to a list.

        Returns:
            Whether it was put there.
        """
        at: Any = self.document
        for step, following in pairwise(steps):
            if isinstance(at, list):
                at += [{} for _ in range(int(step) + 1 - len(at))]
                at = at[int(step)]
            else:
                at = at.setdefault(
                    step, [] if isinstance(following, int) or following == "+" else {}
                )
        last = steps[-1]
        if isinstance(at, list):
            if value in at:
                return True
            if last != "+" and isinstance(last, int) and last < len(at):
                return False
            at.append(value)
            steps = (*steps[:-1], len(at) - 1)
        elif last in at and at[last] != value:
            held = self.field(steps)
            if held is None or held.kind is not Kind.TEXT:
                return False
            at[last] = f"{at[last]}\n{value}"
            return True
        else:
            at[last] = value
        self.origins.setdefault(steps, replace(origin, confidence=round(confidence, 2)))
        return True

    def copy(self, source: Steps, target: Steps, origin: Origin, confidence: float) -> bool:
        """Copy a value, with all that is in it, to a place where there is none."""
        if self.get(target) is not None:
            return False
        value = self.get(source)
        for steps in all_places(value) if isinstance(value, dict | list) else [()]:
            inner = resolve(value, steps) if steps else value
            if not isinstance(inner, dict | list):
                self.put((*target, *steps), inner, origin, confidence)
        return True

    def prune(self, name: str) -> None:
        """Leave out entries of a list in which nothing stands but an id, and number the rest."""
        entries = self.document.get(name, [])
        kept = [at for at, one in enumerate(entries) if set(one) - {"id"}]
        if len(kept) == len(entries):
            return
        self.document[name] = [entries[at] for at in kept]
        if not kept:
            del self.document[name]
        self.origins = {
            (name, kept.index(int(steps[1])), *steps[2:]) if steps[0] == name else steps: origin
            for steps, origin in self.origins.items()
        }

    def not_read(self, answer: FormAnswer, place: str = "") -> None:
        """Keep where an answer stands that was not read, or not whole.

        Args:
            answer: the answer.
            place: where it may belong.
        """
        read = ReadPlace(place, answer.origin)
        if read not in self.unread:
            self.unread.append(read)

"""Making the parts of a skeleton as their schemas say."""

from __future__ import annotations

from typing import Any, Final

from eh_interop.core.pointer import Steps
from eh_interop.samples.skeleton.blanks import FILL_IN, Json, kind_of
from eh_interop.standard.schemas import Schema, Standard

SOME: Final = 3
"""Fields that are offered of a group that nothing is required of."""
_PREFIXES: Final = {
    "actions": "ac",
    "attachments": "a",
    "children": "c",
    "concerns": "k",
    "consents": "cs",
    "goals": "g",
    "households": "h",
    "needs": "n",
    "organisations": "o",
    "people": "p",
    "practitioners": "w",
}
"""How local ids begin in the examples."""
_LEAVES: Final = frozenset({"string", "boolean", "integer", "number"})


class Builder:
    """Makes the parts of a skeleton as their schemas say."""

    def __init__(self, standard: Standard, record_type: str) -> None:
        """Keep what is needed to look schemas up."""
        self._standard = standard
        self._record_type = record_type
        self.pointed_to: list[str] = []
        """The lists that the ids in placeholders may point to."""

    def value(self, steps: Steps) -> Any:
        """Return what to put at a place."""
        schema = self._definition(steps)
        if "properties" in schema:
            return self.group(schema, steps)
        if schema.get("type") != "array":
            return self._hint(steps)
        item = (*steps, 0)
        return [self.value(item) if "properties" in self._definition(item) else self._hint(item)]

    def _definition(self, steps: Steps) -> Schema:
        return self._standard.definition(self._record_type, steps)

    def entry(self, steps: Steps, number: int) -> Json:
        """Return a new entry of a list of groups."""
        return self.group(self._definition((*steps, number)), (*steps, number))

    def group(self, schema: Schema, steps: Steps) -> Json:
        """Return a group with what its schema requires."""
        return {name: self._required(steps, name) for name in schema.get("required", ())}

    def _required(self, steps: Steps, name: str) -> Any:
        if name == "id" and steps:
            *_, listed, number = steps
            prefix = _PREFIXES.get(str(listed), f"{listed}-")
            return f"{prefix}{int(number) + 1}"
        return self.value((*steps, name))

    def offer(self, value: Any, steps: Steps) -> None:
        """Offer a few fields in each group that has none but its id."""
        if isinstance(value, list):
            for number, each in enumerate(value):
                self.offer(each, (*steps, number))
        if not isinstance(value, dict) or FILL_IN in value:
            return
        if not value.keys() - {"id"}:
            value |= {name: self.value((*steps, name)) for name in self._simple(steps)}
        for name, each in value.items():
            self.offer(each, (*steps, name))

    def _simple(self, steps: Steps) -> list[str]:
        simple = [
            name
            for name in self._definition(steps)["properties"]
            if name != "id" and self._is_simple((*steps, name))
        ]
        return simple[:SOME]

    def _is_simple(self, steps: Steps) -> bool:
        schema = self._definition(steps)
        if schema.get("type") == "array":
            schema = self._definition((*steps, 0))
        return schema.get("type") in _LEAVES

    def _hint(self, steps: Steps) -> Json:
        """Return a placeholder that says what belongs at a place, or in a list of values."""
        walked = [
            (stated, schema)
            for _, stated, schema in self._standard.fields(self._record_type, steps)
        ]
        stated, schema = walked[-1]
        named = walked[-2][0] if isinstance(steps[-1], int) else stated
        title = named.get("title") or schema["title"]
        targets = self._targets({**named, **stated})
        return {FILL_IN: f"{title}: {kind_of({**named, **stated}, schema, targets)}"}

    def _targets(self, stated: Schema) -> list[str]:
        """Return the lists that a local id may point to; the first one is then needed."""
        targets = stated.get("x-refersTo") or stated.get("items", {}).get("x-refersTo") or []
        for target in targets[:1]:
            if target in self._definition(())["properties"] and target not in self.pointed_to:
                self.pointed_to.append(target)
        return list(targets)

    def ordered(self, value: Any, steps: Steps) -> Any:
        """Put the fields in the order of the form."""
        if isinstance(value, list):
            return [self.ordered(each, (*steps, number)) for number, each in enumerate(value)]
        if not isinstance(value, dict) or FILL_IN in value:
            return value
        order = list(self._definition(steps)["properties"])
        if not steps:
            sections = self._standard.sections(self._record_type)
            order = [name for section in sections for name in section.holds]
        names = sorted(value, key=order.index)
        return {name: self.ordered(value[name], (*steps, name)) for name in names}

"""Skeletons: a record to fill in, with everything that an area requires of it.

What has to be filled in is a group with the one field ``FILL IN``, which says
what belongs there. No field of the standard allows such a group, so ``check``
and every other validator report exactly the places that are still to be done,
and a forgotten one can never pass for data.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from eh_interop.checks.engine import CompiledEngine
from eh_interop.core.pointer import Steps, resolve, split
from eh_interop.samples.invented import Json
from eh_interop.standard.areas import Area
from eh_interop.standard.requirements import Requirement
from eh_interop.standard.schemas import Schema, Standard

FILL_IN: Final = "FILL IN"
_FEW: Final = 12
"""Code lists up to this length are written out in the hint."""
_WORDS: Final = tomllib.loads(Path(__file__).with_name("skeleton.toml").read_text("utf-8"))
_ROUNDS: Final = 50
"""No record is so deep. Requirements that contradict each other would never be done."""
_SOME: Final = 3
"""Fields that are offered of a group that nothing is required of."""
_LEAVES: Final = frozenset({"string", "boolean", "integer", "number"})


def skeleton(standard: Standard, record_type: str, area: Area) -> Json:
    """Make a record to fill in.

    Everything is there that the area requires of every record of the type. What
    is required only in some cases (a reason, if consent was refused) is not: the
    check asks for it once the case is known. Local ids are given already.

    Raises:
        StandardError: there is no such record type.
    """
    requirements = area.requires(standard, record_type)
    builder = SkeletonBuilder(standard, record_type)
    record = builder.group(standard.record_schema(record_type), ())
    record |= {"recordType": record_type, "standardVersion": standard.version, "area": area.key}
    engine = CompiledEngine(standard, record_type, requirements)
    wanted: list[str] = []
    while True:
        record |= {name: builder.value((name,)) for name in wanted}
        _complete(builder, engine, requirements, record)
        builder.offer(record, ())
        wanted = [name for name in builder.pointed_to if name not in record]
        if not wanted:
            break
    ordered: Json = builder.ordered(record, ())
    return ordered


def placeholders(value: Any, steps: Steps = ()) -> Iterator[Steps]:
    """Yield the place of everything that is still to be filled in."""
    if isinstance(value, dict):
        if FILL_IN in value:
            yield steps
            return
        for name, inner in value.items():
            yield from placeholders(inner, (*steps, name))
    elif isinstance(value, list):
        for number, item in enumerate(value):
            yield from placeholders(item, (*steps, number))


def _complete(
    builder: SkeletonBuilder,
    engine: CompiledEngine,
    requirements: tuple[Requirement, ...],
    record: Json,
) -> None:
    """Put in what is required, then what that requires, until nothing is missing."""
    for _ in range(_ROUNDS):
        missing = list(_missing(engine, requirements, record))
        for steps, name, requirement in missing:
            _require(builder, record, steps, name, requirement)
        if not missing:
            return


def _missing(
    engine: CompiledEngine, requirements: tuple[Requirement, ...], record: Json
) -> Iterator[tuple[Steps, str, Requirement]]:
    """Yield what a requirement asks for that is not there: the group, the name and who asks."""
    asked = set()
    for violation in engine.violations(record):
        if violation.requirement is None:
            continue
        requirement = requirements[violation.requirement]
        *parents, name = split(requirement.place)
        group = violation.steps[: len(parents)]
        if (group, name, requirement.code) not in asked:
            asked.add((group, name, requirement.code))
            yield group, name, requirement


def _require(
    builder: SkeletonBuilder, record: Json, steps: Steps, name: str, requirement: Requirement
) -> None:
    group = resolve(record, steps)
    here = (*steps, name)
    if requirement.values:
        group[name] = requirement.values[0]
    elif requirement.document or requirement.entry:
        entries = group.setdefault(name, [])
        asked = _asked_of_entry(builder, here, requirement)
        open_ones = [entry for entry in entries if _is_open(entry, asked)]
        if not open_ones:
            open_ones = [builder.entry(here, len(entries))]
            entries += open_ones
        open_ones[0] |= asked
    else:
        group[name] = builder.value(here)


def _is_open(entry: Json, asked: Json) -> bool:
    """Return whether an entry has nothing settled yet of what another one is asked to have."""
    values = (value for name, value in entry.items() if name in asked)
    return all(next(placeholders(value), None) is not None for value in values)


def _asked_of_entry(builder: SkeletonBuilder, here: Steps, requirement: Requirement) -> Json:
    """Return what an entry must be like: the first value that is enough, or a placeholder."""
    if requirement.document:
        return {"type": requirement.document, "status": "attached"}
    asked: Json = {}
    for key, want in requirement.entry.items():
        name, *rest = split(f"/{key}")
        if want == "present":
            asked[name] = builder.value((*here, 0, name))
        elif want != "missing":
            asked[name] = [want[0]] if rest else want[0]
    return asked


class SkeletonBuilder:
    """Makes the parts of a skeleton as their schemas say."""

    def __init__(self, standard: Standard, record_type: str) -> None:
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
            prefix = _WORDS["prefixes"].get(str(listed), f"{listed}-")
            return f"{prefix}{int(number) + 1}"
        return self.value((*steps, name))

    def offer(self, value: Any, steps: Steps) -> None:
        """Offer a few fields in each group that has none but its id."""
        if isinstance(value, list):
            for number, item in enumerate(value):
                self.offer(item, (*steps, number))
        if not isinstance(value, dict) or FILL_IN in value:
            return
        if not value.keys() - {"id"}:
            value |= {name: self.value((*steps, name)) for name in self._simple(steps)}
        for name, inner in value.items():
            self.offer(inner, (*steps, name))

    def _simple(self, steps: Steps) -> list[str]:
        simple = [
            name
            for name in self._definition(steps)["properties"]
            if name != "id" and self._is_simple((*steps, name))
        ]
        return simple[:_SOME]

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
        return {FILL_IN: f"{title}: {_kind_of({**named, **stated}, schema, targets)}"}

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
            return [self.ordered(item, (*steps, number)) for number, item in enumerate(value)]
        if not isinstance(value, dict) or FILL_IN in value:
            return value
        order = list(self._definition(steps)["properties"])
        if not steps:
            sections = self._standard.sections(self._record_type)
            order = [name for section in sections for name in section.holds]
        names = sorted(value, key=order.index)
        return {name: self.ordered(value[name], (*steps, name)) for name in names}


def _kind_of(stated: Schema, schema: Schema, targets: list[str]) -> str:
    """Return what belongs in a field.

    Args:
        stated: what is written at the field.
        schema: the same after following references.
        targets: the lists that it may point to, if it holds a local id.
    """
    if targets:
        return f"the id of one of {' or '.join(targets)}"
    codes = schema.get("enum")
    if codes:
        listed = ", ".join(map(str, codes[:_FEW]))
        return f"one of {listed}" if len(codes) <= _FEW else f"a code, such as {listed}, …"
    kind = schema.get("format") or schema.get("type", "")
    written = _WORDS["kinds"].get(str(kind)) or stated.get("description")
    return str(written or schema["description"])

"""The engine: shape and completeness in one compiled validator.

One validator is compiled for each record type and area, from the schema of the
record type and the requirements that apply there. A record that is in order
costs one call; only a faulty one is asked for its violations.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Protocol

import jsonschema_rs

from eh_interop.checks.completeness import compile_requirement
from eh_interop.core.pointer import Steps
from eh_interop.standard.requirements import Requirement
from eh_interop.standard.schemas import Standard

DEPTH = "depth"
"""The keyword of a violation that JSON Schema has no word for: levels without end."""

DIALECT = "https://json-schema.org/draft/2020-12/schema"


@dataclass(frozen=True, slots=True)
class Violation:
    """What JSON Schema said, in a form that does not depend on the engine.

    Attributes:
        keyword: the JSON Schema keyword that failed, such as ``required``.
        wanted: the keyword's value in the schema.
        steps: where in the record.
        requirement: position of the requirement that failed; None for shape.
        names: for an unknown property, its names. They may be personal: never print them.
    """

    keyword: str
    wanted: Any
    steps: Steps
    requirement: int | None = None
    names: tuple[str, ...] = field(default=(), repr=False)

    @property
    def key_place(self) -> Steps | None:
        """Where the first unknown property is; None if the violation is not about one."""
        return (*self.steps, self.names[0]) if self.names else None


def combined_schema(
    standard: Standard, record_type: str, requirements: Iterable[Requirement]
) -> dict[str, Any]:
    """Return one schema for both: ``$ref`` says the shape, ``allOf`` the requirements."""
    schema: dict[str, Any] = {"$schema": DIALECT, "$ref": standard.record_id(record_type)}
    conditionals = [compile_requirement(requirement) for requirement in requirements]
    return {**schema, "allOf": conditionals} if conditionals else schema


class Engine(Protocol):
    """A compiled validator for one record type and a set of requirements."""

    def __init__(
        self, standard: Standard, record_type: str, requirements: Iterable[Requirement]
    ) -> None: ...

    def violations(self, document: Mapping[str, Any]) -> Iterator[Violation]:
        """Yield what is wrong with a record; nothing if it is in order."""
        ...


class CompiledEngine:
    """The engine for everyday use: ``jsonschema-rs``, compiled machine code."""

    def __init__(
        self, standard: Standard, record_type: str, requirements: Iterable[Requirement]
    ) -> None:
        self._validator = jsonschema_rs.Draft202012Validator(
            combined_schema(standard, record_type, requirements),
            registry=_registry(standard),
            validate_formats=True,
        )

    def violations(self, document: Mapping[str, Any]) -> Iterator[Violation]:
        """Ask for a yes or no first: most records are in order."""
        try:
            if self._validator.is_valid(document):
                return
            errors = list(self._validator.iter_errors(document))
        except ValueError:  # deeper than the engine goes, and so than any record
            yield Violation(keyword=DEPTH, wanted=None, steps=())
            return
        for error in errors:
            path = error.evaluation_path
            yield Violation(
                keyword=error.kind.name,
                wanted=error.kind.value,
                steps=tuple(error.instance_path),
                requirement=int(path[1]) if path[0] == "allOf" else None,
                names=tuple(getattr(error.kind, "unexpected", ())),
            )


@cache
def _registry(standard: Standard) -> jsonschema_rs.Registry:
    return jsonschema_rs.Registry([(key, dict(schema)) for key, schema in standard.schemas.items()])

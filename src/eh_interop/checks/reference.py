"""The second opinion: the same schemas through the ``jsonschema`` package.

It is much slower than the compiled engine and shares no code with it. A test
proves that both say the same, so either may be trusted.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime
from typing import Any, cast

from jsonschema import Draft202012Validator, FormatChecker, ValidationError
from jsonschema.protocols import Validator
from jsonschema.validators import extend
from referencing import Registry
from referencing.jsonschema import DRAFT202012

from eh_interop.checks.engine import DEPTH, Violation, combined_schema
from eh_interop.standard.requirements import Requirement
from eh_interop.standard.schemas import Schema, Standard

_FORMATS = FormatChecker(formats=())


@_FORMATS.checks("date", raises=ValueError)
def _is_date(value: object) -> bool:
    return not isinstance(value, str) or date.fromisoformat(value) is not None


@_FORMATS.checks("date-time", raises=ValueError)
def _is_date_time(value: object) -> bool:
    return not isinstance(value, str) or datetime.fromisoformat(value) is not None


def _pattern(
    validator: Validator, pattern: str, instance: Any, schema: Mapping[str, Any]
) -> Iterator[ValidationError]:
    """Match as JSON Schema means it: ``$`` is the very end, never before a last line break."""
    del schema
    strict = f"{pattern[:-1]}\\Z" if pattern.endswith("$") else pattern
    if validator.is_type(instance, "string") and not re.search(strict, instance):
        yield ValidationError("does not match")


_Strict = extend(  # type: ignore[no-untyped-call]  # the stubs say nothing about it
    Draft202012Validator, {"pattern": _pattern}
)


class ReferenceEngine:
    """Does what the compiled engine does, by other means."""

    def __init__(
        self, standard: Standard, record_type: str, requirements: Iterable[Requirement]
    ) -> None:
        registry: Registry[Any] = Registry().with_resources(
            (key, DRAFT202012.create_resource(_without_dialect(schema)))
            for key, schema in standard.schemas.items()
        )
        self._validator = _Strict(
            _without_dialect(combined_schema(standard, record_type, requirements)),
            registry=registry,
            format_checker=_FORMATS,
        )

    def violations(self, document: Mapping[str, Any]) -> Iterator[Violation]:
        """Yield what is wrong with a record; nothing if it is in order."""
        try:
            errors = list(self._validator.iter_errors(document))
        except RecursionError:
            yield Violation(keyword=DEPTH, wanted=None, steps=())
            return
        for error in errors:
            yield from _violations(error)


def _without_dialect(schema: Schema) -> Schema:
    """Leave out ``$schema``: the package would go back to its own class, which is not strict."""
    return {key: value for key, value in schema.items() if key != "$schema"}


def _violations(error: ValidationError) -> Iterator[Violation]:
    path = tuple(error.absolute_schema_path)
    requirement = int(path[1]) if path[0] == "allOf" else None
    keyword, wanted = error.validator, cast("Any", error.validator_value)
    instance, schema = cast("Any", error.instance), cast("Schema", error.schema)
    names: tuple[str, ...] = ()
    if "propertyNames" in path:
        keyword = "propertyNames"
    elif keyword == "additionalProperties":
        names = tuple(name for name in instance if name not in schema["properties"])
    elif keyword == "type" and isinstance(wanted, str):
        wanted = [wanted]
    missing = [wanted]
    if keyword == "required":
        missing = [name for name in wanted if name not in instance]
    for value in missing:
        yield Violation(str(keyword), value, tuple(error.absolute_path), requirement, names)

"""TOML files that people write, compared with a JSON Schema: the first fault, what was meant."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from eh_interop.core.suggestions import did_you_mean


class FormFault(NamedTuple):
    """The first thing that is wrong with a file.

    Attributes:
        at: where, with dots between names; empty for the file as a whole.
        message: what the schema says.
        word: a name that the schema does not have there; empty if it is something else.
        near: the end of a sentence that gives the nearest right name; empty if none is near.
    """

    at: str
    message: str
    word: str = ""
    near: str = ""

    @property
    def place(self) -> str:
        """Where, the name that is wrong included."""
        return ".".join(filter(None, (self.at, self.word))) or "the file"


def form_fault(content: Mapping[str, Any], schema: Path, *others: Path) -> FormFault | None:
    """Return what is wrong with a file; None if nothing is.

    Args:
        content: the file, read.
        schema: its schema.
        others: schemas that it refers to.
    """
    stated, validator = _validator(schema, *others)
    errors: list[Any] = list(validator.iter_errors(plain(content)))
    # A misspelt name often leaves out a required one: the misspelt name says more.
    error = min(errors, key=lambda error: not hasattr(error.kind, "unexpected"), default=None)
    if error is None:
        return None
    at = ".".join(map(str, error.instance_path))
    unexpected = getattr(error.kind, "unexpected", None)
    if not unexpected:
        return FormFault(at, error.message)
    known = _properties(stated, list(error.schema_path)[:-1])
    return FormFault(at, error.message, unexpected[0], did_you_mean(unexpected[0], known))


def plain(value: Any) -> Any:
    """Return a value of TOML with its dates as JSON has them."""
    if isinstance(value, dict):
        return {key: plain(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [plain(inner) for inner in value]
    return value.isoformat() if isinstance(value, date) else value


@cache
def _validator(*paths: Path) -> tuple[Any, Any]:
    import jsonschema_rs  # noqa: PLC0415 (it takes time to import, and many commands read no file)

    schemas = [json.loads(path.read_bytes()) for path in paths]
    registry = jsonschema_rs.Registry([(schema["$id"], schema) for schema in schemas[1:]])
    return schemas[0], jsonschema_rs.Draft202012Validator(
        schemas[0], registry=registry, validate_formats=True
    )


def _properties(schema: Any, path: list[str | int]) -> tuple[str, ...]:
    """Return the names that the schema at a path allows; none where it refers elsewhere."""
    for step in path:
        if isinstance(schema, list):
            schema = schema[int(step)]
        elif step in schema:
            schema = schema[step]
        else:
            return ()
    return tuple(schema.get("properties", ()))

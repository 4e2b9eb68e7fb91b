"""Bundles: shape and completeness of one record type and area as one JSON Schema.

A bundle refers to nothing outside itself, so any JSON Schema validator can make
both checks without this toolkit. Each member of its ``allOf`` is a requirement;
the ``$comment`` there begins with the code.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import urljoin

from eh_interop.checks.completeness import compile_requirement, in_words
from eh_interop.checks.engine import DIALECT
from eh_interop.core.errors import StandardError
from eh_interop.core.findings import Severity
from eh_interop.standard.areas import Area
from eh_interop.standard.requirements import Requirement
from eh_interop.standard.schemas import BASE, Schema, Standard

_OWN: Final = "x-"
"""How the names of our own keywords begin."""
_CODES: Final = "codes"
_COMMENT: Final = (
    "Standard {version}, {area}. Each member of allOf is a requirement: its $comment holds the "
    "code, the severity and the question to ask. When immediateRisk is true, act first: "
    "nothing that is missing may delay that. Turn on the checking of formats."
)


def bundle(
    standard: Standard,
    record_type: str,
    area: Area,
    *,
    least: Severity = Severity.INFO,
    keep_own: bool = False,
) -> dict[str, Any]:
    """Make the bundle of a record type in an area.

    Args:
        standard: the version of the standard.
        record_type: such as ``marf``.
        area: whose requirements to take.
        least: leave out requirements that matter less than this.
        keep_own: keep the keywords of our own, such as ``x-personal``.

    Raises:
        StandardError: there is no such record type.
    """
    record = standard.record_schema(record_type)
    requirements = [
        require
        for require in area.requires(standard, record_type)
        if require.severity.rank <= least.rank
    ]
    collected = _Definitions(standard, keep_own=keep_own)
    shape = collected.inlined(record, standard.record_id(record_type))
    head = {
        "$schema": DIALECT,
        "$id": bundle_id(standard, record_type, area, least),
        "$comment": _COMMENT.format(version=standard.version, area=area.title),
    }
    members = [_member(requirement) for requirement in requirements]
    return {
        **head,
        **{name: value for name, value in shape.items() if name not in head},
        **({"allOf": members} if members else {}),
        "$defs": collected.definitions(),
    }


def bundle_id(standard: Standard, record_type: str, area: Area, least: Severity) -> str:
    """Return the ``$id`` of a bundle. It is a name; nothing is fetched from there."""
    only = "" if least is Severity.INFO else f".{least}"
    return f"{BASE}{standard.version}/bundles/{area.key}/{record_type}{only}.schema.json"


def _member(requirement: Requirement) -> dict[str, Any]:
    cites = ", ".join(requirement.cites)
    return {
        "title": in_words(requirement.name),
        "description": requirement.why,
        "$comment": f"{requirement.code} {requirement.severity} [{cites}] {requirement.ask}",
        **compile_requirement(requirement),
    }


class _Definitions:
    """Gathers every schema that is reached, under a name of its own."""

    def __init__(self, standard: Standard, *, keep_own: bool) -> None:
        self._standard = standard
        self._keep_own = keep_own
        self._names: dict[str, str] = {}
        self._found: dict[str, dict[str, Any]] = {}

    def definitions(self) -> dict[str, Any]:
        """Return what was gathered, sorted by name."""
        return dict(sorted(self._found.items()))

    def inlined(self, schema: Schema, base: str) -> dict[str, Any]:
        """Copy a schema, with every ``$ref`` turned into a local one."""
        return {
            name: self._value(name, value, base)
            for name, value in schema.items()
            if self._keep_own or not name.startswith(_OWN)
        }

    def _value(self, name: str, value: Any, base: str) -> Any:
        if name == "$ref":
            return f"#/$defs/{self._gathered(urljoin(base, value))}"
        if isinstance(value, Mapping):
            return self.inlined(value, base)
        if isinstance(value, list):
            return [self.inlined(item, base) if isinstance(item, dict) else item for item in value]
        return value

    def _gathered(self, target: str) -> str:
        identifier, _, fragment = target.partition("#")
        name = _name(identifier, fragment)
        if self._names.setdefault(name, target) != target:
            raise StandardError(f"Two parts of the standard would both be called {name}.")
        if name not in self._found:
            schema = self._standard.schemas[identifier]
            for step in fragment.split("/")[1:]:
                schema = schema[step]
            self._found[name] = {}  # a type may hold itself
            inner = {key: part for key, part in schema.items() if key not in {"$schema", "$id"}}
            self._found[name] = self.inlined(inner, identifier)
        return name


def _name(identifier: str, fragment: str) -> str:
    """Name a definition: a type by its file, a shared form by its own name, ``code-sex``."""
    stem = identifier.rsplit("/", 1)[1].removesuffix(".schema.json")
    if not fragment:
        return stem
    last = fragment.rsplit("/", 1)[1]
    return f"code-{last}" if stem == _CODES else last

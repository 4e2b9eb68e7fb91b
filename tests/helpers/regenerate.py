"""Files of the project that are made from other files of the project.

``pytest --regenerate`` writes them; without the option, tests check that they
are current.
"""

from __future__ import annotations

import csv
import io
import keyword
from collections.abc import Callable, Iterable
from pathlib import Path

import orjson

from eh_interop.checks.across.records import across_rules
from eh_interop.checks.rules.engine import all_rules
from eh_interop.core.findings import Layer
from eh_interop.standard.schemas import BASE, Schema, Standard, load_standard

ROOT = Path(__file__).parents[2]


def codes_schema(standard: Standard) -> bytes:
    """Make the schema that holds every code list as an ``enum``."""
    definitions = {
        name: {
            "title": name.replace("-", " ").capitalize(),
            "type": "string",
            "enum": [row.code for row in standard.codes(name)],
        }
        for name in standard.codelists
    }
    schema = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"{BASE}{standard.version}/types/codes.schema.json",
        "title": "Codes",
        "description": "Every code list as an enum. Made from codelists/*.csv: edit those.",
        "$defs": definitions,
    }
    return orjson.dumps(schema, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)


# ---------------------------------------------------------------- typed parts

PYTHON_TYPES = {"boolean": "bool", "integer": "int", "number": "float", "string": "str"}
PYTHON_FORMATS = {"date": "date", "date-time": "datetime"}
ENVELOPE = "Record"


def class_name(identifier: str) -> str:
    """Turn the ``$id`` of a schema into the name of its class: ``LevelDecision``."""
    stem = identifier.rsplit("/", 1)[1].removesuffix(".schema.json")
    return "".join(word.capitalize() for word in stem.split("-"))


def attribute(name: str) -> str:
    """Turn a property's name into an attribute's: ``dateOfBirth`` gives ``date_of_birth``."""
    snake = "".join(f"_{char.lower()}" if char.isupper() else char for char in name)
    return f"{snake}_" if keyword.iskeyword(snake) else snake


def python_type(standard: Standard, stated: Schema, base: str) -> str:
    """Return the annotation for a property."""
    schema, where = standard.follow(stated, base)
    if "properties" in schema:
        return class_name(where)
    if schema.get("type") == "array":
        return f"tuple[{python_type(standard, schema['items'], where)}, ...]"
    if schema.get("type") == "object":
        inner = schema["additionalProperties"]
        return f"Mapping[str, {python_type(standard, inner, where)}]"
    if "anyOf" in schema:
        return " | ".join(python_type(standard, each, where) for each in schema["anyOf"])
    return PYTHON_FORMATS.get(schema.get("format", ""), PYTHON_TYPES[schema["type"]])


def field_line(standard: Standard, name: str, stated: Schema, base: str, *, required: bool) -> str:
    """Write one field of a class."""
    own = attribute(name)
    kind = python_type(standard, stated, base)
    renamed = f'name="{name}"' if own.endswith("_") else ""
    if required:
        default = f" = field({renamed})" if renamed else ""
    elif kind.startswith("tuple["):
        default = f" = field(default=(), {renamed})" if renamed else " = ()"
    else:
        kind += " | None"
        default = f" = field(default=None, {renamed})" if renamed else " = None"
    return f"    {own}: {kind}{default}"


def class_text(standard: Standard, schema: Schema, parent: str, skip: Iterable[str] = ()) -> str:
    """Write one class."""
    base = schema["$id"]
    properties = {
        name: stated
        for name, stated in schema["properties"].items()
        if name not in skip and "const" not in stated
    }
    required = schema.get("required", ())
    lines = [
        field_line(standard, name, stated, base, required=name in required)
        for name, stated in properties.items()
    ]
    head = f"class {class_name(base)}({parent}, frozen=True, kw_only=True):\n"
    head += f'    """{schema["description"]}"""'
    return "\n".join([head, "", *lines]) if lines else head


def model_module(standard: Standard) -> bytes:
    """Write ``model.py``: one class for each type and record type."""
    kinds = {key: value for key, value in standard.schemas.items() if "properties" in value}
    records = [standard.record_schema(name) for name in standard.record_types]
    shared = [
        name
        for name in records[0]["properties"]
        if all(name in record["properties"] for record in records)
    ]
    envelope = {
        **records[0],
        "$id": f"{BASE}{standard.version}/records/{ENVELOPE.lower()}.schema.json",
        "description": "What every record has.",
        "properties": {name: records[0]["properties"][name] for name in shared},
    }
    types = [kinds[key] for key in kinds if "/types/" in key]
    parts = [
        class_text(standard, kind, "Part")
        for kind in sorted(types, key=lambda kind: str(kind["$id"]))
    ]
    parts.append(class_text(standard, envelope, "Part"))
    parts += [class_text(standard, record, ENVELOPE, shared) for record in records]
    names = ",\n".join(
        f'    "{name}": {class_name(standard.record_id(name))}' for name in standard.record_types
    )
    return (MODEL_HEAD + "\n\n\n".join(parts) + MODEL_FOOT.format(names=names)).encode()


# ---------------------------------------------------------------- finding codes of rules


def rule_codes(_: Standard) -> bytes:
    """Write ``rules.csv``: what the rules say of themselves, for whoever does not import them."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(("code", "name", "layer", "severity", "title", "why", "ask", "cites"))
    for rule in sorted((*all_rules(), *across_rules()), key=lambda rule: rule.code):
        writer.writerow(
            (
                rule.code,
                rule.name,
                Layer.CONSISTENCY,
                rule.severity,
                rule.title,
                rule.why,
                rule.ask,
                " ".join(rule.cites),
            )
        )
    return out.getvalue().encode()


MODEL_HEAD = '''\
"""The standard as typed parts, for rules to read. Made from the schemas: do not edit.

Dates are dates, lists are tuples, and what is missing is None or empty. Parts
are read from records whose shape is sound; nothing is checked here.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Final

from msgspec import Struct, field


class Part(Struct, frozen=True, rename="camel"):
    """Anything that the standard has a type for. Its ``repr`` shows nothing of the record."""

    def __repr__(self) -> str:
        return f"<{type(self).__name__}>"


'''
MODEL_FOOT = '''


RECORDS: Final[Mapping[str, type[Record]]] = {{
{names},
}}
"""The class of each record type."""
'''


GENERATED: dict[Path, Callable[[Standard], bytes]] = {
    ROOT / "schemas" / "1.0" / "types" / "codes.schema.json": codes_schema,
    ROOT / "src" / "eh_interop" / "standard" / "model.py": model_module,
    ROOT / "schemas" / "1.0" / "findings" / "rules.csv": rule_codes,
}
"""Every generated file and what makes it. Later ones may need earlier ones."""


def main() -> None:
    """Write every generated file."""
    for path, make in GENERATED.items():
        load_standard.cache_clear()
        path.write_bytes(make(load_standard()))


if __name__ == "__main__":
    main()

"""Whether the description of a pack, and a value for it, are as the schemas of the standard say.

A record may be broken, and at immediate risk it is sent all the same: what is not valid
is left out of the description, and travels in the record.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any, Final

import orjson

from eh_interop.core.pointer import join
from eh_interop.packs.safety import refuse
from eh_interop.standard.schemas import BASE, CURRENT, load_standard

ATTACHMENT: Final = "types/attachment.schema.json"
LOCAL_ID: Final = "types/common.schema.json#/$defs/localId"
ORGANISATION: Final = "types/organisation.schema.json"
LAWFUL_BASIS: Final = "types/codes.schema.json#/$defs/lawful-basis"
LEGAL_GATEWAY: Final = "types/codes.schema.json#/$defs/legal-gateway"
_PACK: Final = "pack.schema.json"


def is_valid_part(name: str, value: object) -> bool:
    """Return whether a value is as a schema of the standard says."""
    return bool(_validator(name).is_valid(value))


def check_description(description: Mapping[str, Any]) -> None:
    """Compare a description with its schema.

    Raises:
        PackError: it names the place, and quotes nothing.
    """
    for error in _validator(_PACK).iter_errors(description):
        steps = [step for step in error.instance_path if _is_ours(step)]
        where = f" at {join(tuple(steps))}" if steps else ""
        refuse("PCK-010", f"The description of the pack is not as its schema says{where}.")


@cache
def _validator(name: str) -> Any:
    import jsonschema_rs

    url = f"{BASE}{CURRENT}/"
    schema = _pack_schema() if name == _PACK else {"$ref": url + name}
    resources: list[tuple[str, Any]] = list(load_standard(CURRENT).schemas.items())
    registry = jsonschema_rs.Registry(resources)
    return jsonschema_rs.Draft202012Validator(
        schema, registry=registry, base_uri=url + _PACK, validate_formats=True
    )


def _is_ours(step: str | int) -> bool:
    """Return whether a step is a number or a name of ours: any other name could be a value."""
    return isinstance(step, int) or step in _property_names()


@cache
def _property_names() -> frozenset[str]:
    pack = _pack_schema()
    schemas = [pack, *pack["$defs"].values(), *load_standard(CURRENT).schemas.values()]
    return frozenset(name for schema in schemas for name in schema.get("properties", ()))


def _pack_schema() -> dict[str, Any]:
    schema: dict[str, Any] = orjson.loads((load_standard(CURRENT).root / _PACK).read_bytes())
    return schema

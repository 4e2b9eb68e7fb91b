"""Whether a value from a record is sound enough to stand in the description of a pack.

A record may be broken, and at immediate risk it is sent all the same: what is not sound
is left out of the description, and travels in the record.
"""

from __future__ import annotations

from functools import cache
from typing import Any, Final

from eh_interop.standard.schemas import BASE, CURRENT, load_standard

ATTACHMENT: Final = "types/attachment.schema.json"
LOCAL_ID: Final = "types/common.schema.json#/$defs/localId"
ORGANISATION: Final = "types/organisation.schema.json"
LAWFUL_BASIS: Final = "types/codes.schema.json#/$defs/lawful-basis"
LEGAL_GATEWAY: Final = "types/codes.schema.json#/$defs/legal-gateway"


def is_sound(name: str, value: object) -> bool:
    """Tell whether a value is as a schema of the standard says."""
    return bool(_validator(name).is_valid(value))


@cache
def _validator(name: str) -> Any:
    import jsonschema_rs

    resources: list[tuple[str, Any]] = list(load_standard(CURRENT).schemas.items())
    registry = jsonschema_rs.Registry(resources)
    return jsonschema_rs.Draft202012Validator(
        {"$ref": f"{BASE}{CURRENT}/{name}"}, registry=registry, validate_formats=True
    )

"""The example records that come with the standard, as Bundles."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

import orjson

from eh_interop.core.resources import folder
from eh_interop.formats.fhir.bundle import to_bundle

_BROKEN: Final = "invalid"
"""The folder of examples that are wrong on purpose."""

Example = tuple[str, dict[str, Any]]
"""The name of an example record and its Bundle."""


def load_examples() -> Iterator[Example]:
    """Yield each example that is in order, named after its folder and file.

    Raises:
        MappingError: a mapping table is broken.
        StandardError: an example is of a type that there is not.
    """
    for path in sorted(folder("examples").glob("*/*.json")):
        if path.parent.name == _BROKEN:
            continue
        document = orjson.loads(path.read_bytes())
        if "recordType" in document:  # and not FHIR of somebody else's
            yield f"{path.parent.name}/{path.stem}", to_bundle(document)

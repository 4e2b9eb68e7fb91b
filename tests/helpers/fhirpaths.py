"""FHIRPath in its simple form, read as steps into a FHIR document."""

import re
from itertools import chain

from eh_interop.formats.fhir.files.r4 import ElementCursor, member_at

_SEGMENT = re.compile(r"([A-Za-z][A-Za-z0-9]*)((?:\[[0-9]+\])*)")


def steps_of_fhirpath(document, path):
    """Read FHIRPath as steps into the document. A list without an index means its first entry.

    Raises:
        ValueError: it is not in the simple form, or begins with another type.
    """
    root, *names = path.split(".")
    at = ElementCursor(document)
    if not at.type or root != at.type:
        raise ValueError("the path begins with another type than that of the document")
    segments = [_SEGMENT.fullmatch(name) for name in names]
    steps = []
    for segment, following in zip(segments, chain(segments[1:], [None]), strict=False):
        if segment is None:
            raise ValueError("only element names and indexes can be followed")
        indexes = [int(number) for number in re.findall("[0-9]+", segment[2])]
        for step in _meant(at, segment[1], indexes, following[1] if following else ""):
            steps.append(step)
            at.follow(step)
    return tuple(steps)


def origins_of_paths(read, paths):
    """Find where elements of a file stand that are named by FHIRPath."""
    if read.document is None:
        return {}
    steps = {path: steps_of_fhirpath(read.document, path) for path in paths}
    found = read.origins(steps.values())
    return {path: found[place] for path, place in steps.items()}


def _meant(at, name, indexes, following):
    """Return the property that a name means, and which entry of it."""
    keys = _keys(at, name)
    beside = next((key for key in keys if key.startswith("_")), None)
    key = next((key for key in keys if not key.startswith("_")), beside) or name
    if beside and following in {"id", "extension"}:
        key = beside
    if isinstance(member_at(at.value, key), list) and following and not indexes:
        return [key, 0]
    return [key, *indexes]


def _keys(at, name):
    """Return the properties that a name in a path may mean."""
    keys = list(at.value) if isinstance(at.value, dict) else []
    return [key for key in keys if key.removeprefix("_") == name] or [
        key for key in keys if (element := at.element(key)) and element.path == name
    ]

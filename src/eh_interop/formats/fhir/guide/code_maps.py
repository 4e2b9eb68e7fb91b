"""Code maps, as ``mappings/codes/*.csv`` has them.

A map is named after the code list that it begins with, or ``maps.csv`` beside the maps
says from which list it is.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from eh_interop.core.errors import StandardError
from eh_interop.core.resources import folder
from eh_interop.formats.fhir.guide.reading import rows
from eh_interop.standard.schemas import load_standard

_INDEX = "maps"


@dataclass(frozen=True, slots=True)
class CodeRow:
    """One pair of a code map.

    ``theirs`` is empty if there is no such code there. ``preferred`` is the row that is used
    on the way from our code to theirs.
    """

    ours: str
    theirs: str
    system: str
    display: str
    relationship: str
    preferred: bool
    comment: str


@dataclass(frozen=True, slots=True)
class CodeMap:
    """How the codes of one of our lists are said in other code systems."""

    name: str
    code_list: str
    rows: tuple[CodeRow, ...]
    title: str = ""


def load_code_maps() -> tuple[CodeMap, ...]:
    """Read every code map.

    Raises:
        StandardError: a file is broken, or nothing says which code list a map is from.
    """
    place = folder("mappings") / "codes"
    index = {row["name"]: row for row in rows(place / f"{_INDEX}.csv")}
    paths = [path for path in sorted(place.glob("*.csv")) if path.stem != _INDEX]
    unknown = sorted(index.keys() - {path.stem for path in paths})
    if unknown:
        raise StandardError(f"{_INDEX}.csv lists maps that there are not: {', '.join(unknown)}.")
    return tuple(_code_map(path, index.get(path.stem, {})) for path in paths)


def _code_map(path: Path, said: dict[str, str]) -> CodeMap:
    code_list = said.get("code-list", path.stem)
    if code_list not in load_standard().codelists:
        raise StandardError(
            f"Say in {_INDEX}.csv from which code list the map {path.stem} is: "
            f"there is no list {code_list}."
        )
    try:
        pairs = tuple(
            CodeRow(
                ours=row["ours"],
                theirs=row["theirs"],
                system=row["system"],
                display=row["display"],
                relationship=row["relationship"],
                preferred=row["preferred"] in {"both", "there"},
                comment=row["comment"],
            )
            for row in rows(path)
        )
    except KeyError as problem:
        raise StandardError(f"The code map {path.name} has no column {problem}.") from None
    return CodeMap(path.stem, code_list, pairs, said.get("title", ""))

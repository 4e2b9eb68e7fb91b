"""The genogram: a family drawn from the relationships of a record.

Standard symbols are used: a square for a male, a circle for a female, a
diamond where the sex is not known, a triangle for a baby not born yet, a cross
through somebody who has died, a double outline for the children of the record.
Everything that is drawn is also said in words.
"""

from __future__ import annotations

from datetime import date

from eh_interop.core.lenient import Record
from eh_interop.genogram.drawing import draw
from eh_interop.genogram.family import Family, Names, read_family

__all__ = ["Family", "Names", "draw", "genogram", "read_family"]


def genogram(
    record: Record, *, as_of: date, names: Names = "first", title: str = "Genogram"
) -> str:
    """Draw the family of a record as SVG.

    Args:
        record: a record of any type; it may be half filled in.
        as_of: the day on which ages are counted.
        names: ``first`` names or ``initials``.
        title: the accessible name of the drawing.

    Returns:
        One SVG document, without scripts and without anything to load.
    """
    return draw(read_family(record, names=names, as_of=as_of), title=title)

"""The genogram: a family drawn from the relationships of a record.

Standard symbols are used: a square for a male, a circle for a female, a
diamond where the sex is not known, a triangle for a baby not born yet, a cross
through somebody who has died, a double outline for the children of the record.
Everything that is drawn is also said in words.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from eh_interop.core.errors import ProtectedError
from eh_interop.core.lenient import Record
from eh_interop.genogram.drawing import draw
from eh_interop.genogram.family import Family, Names, read_family
from eh_interop.genogram.initials import with_initials
from eh_interop.genogram.marks import marked, names_for_marks
from eh_interop.protection import Audience, Given, protections

__all__ = [
    "Family",
    "Names",
    "draw",
    "genogram",
    "marked",
    "names_for_marks",
    "read_family",
    "with_initials",
]


def genogram(
    record: Record,
    *,
    as_of: date,
    names: Names = "first",
    title: str = "Genogram",
    for_family: bool = False,
    given: Sequence[Given] = (),
) -> str:
    """Draw the family of a record as SVG.

    What the record protects is marked, or left out of a drawing for the family.

    Args:
        record: a record of any type; it may be half filled in.
        as_of: the day on which ages are counted.
        names: ``first`` names or ``initials``.
        title: the accessible name of the drawing.
        for_family: it is for somebody of the family.
        given: the records that were handed over with it, itself among them: one may protect
            what another holds open.

    Returns:
        One SVG document, without scripts and without anything to load.

    Raises:
        ProtectedError: it cannot be drawn for the family without telling what is protected.
    """
    answer = protections(given or [record])
    view = answer.view(record, Audience.FAMILY if for_family else Audience.AGENCY)
    if view.refused:
        raise ProtectedError(view.refused)
    shown: Record = view.document
    if names == "initials":
        shown = with_initials(answer, shown).document
    family = read_family(shown, names=names, as_of=as_of)
    family, notes = marked(family, record, view.marks, names_for_marks(answer, names))
    return draw(family, title=title, notes=notes)

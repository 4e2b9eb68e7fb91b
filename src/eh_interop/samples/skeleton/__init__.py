"""Skeletons: a record to fill in, with everything that an area requires of it.

What has to be filled in is a group with the one field ``FILL IN``, which says
what belongs there. No field of the standard allows such a group, so ``check``
and every other validator report exactly the places that are still to be done,
and a forgotten one can never pass for data.
"""

from __future__ import annotations

from eh_interop.checks.engine import CompiledEngine
from eh_interop.samples.skeleton.blanks import FILL_IN, Json, placeholders
from eh_interop.samples.skeleton.builder import Builder
from eh_interop.samples.skeleton.filling import complete
from eh_interop.standard.areas import Area
from eh_interop.standard.schemas import Standard

__all__ = ["FILL_IN", "placeholders", "skeleton"]


def skeleton(standard: Standard, record_type: str, area: Area) -> Json:
    """Make a record to fill in.

    Everything is there that the area requires of every record of the type. What
    is required only in some cases (a reason, if consent was refused) is not: the
    check asks for it once the case is known. Local ids are given already.

    Raises:
        StandardError: there is no such record type.
    """
    requirements = area.requires(standard, record_type)
    builder = Builder(standard, record_type)
    record = builder.group(standard.record_schema(record_type), ())
    record |= {
        "recordType": record_type,
        "standardVersion": standard.version,
        "area": area.key,
    }
    engine = CompiledEngine(standard, record_type, requirements)
    wanted: list[str] = []
    while True:
        record |= {name: builder.value((name,)) for name in wanted}
        complete(builder, engine, requirements, record)
        builder.offer(record, ())
        wanted = [name for name in builder.pointed_to if name not in record]
        if not wanted:
            break
    ordered: Json = builder.ordered(record, ())
    return ordered

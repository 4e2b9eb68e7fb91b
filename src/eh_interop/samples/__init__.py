"""Samples: invented records, as many as are wanted, the same for the same seed.

They are for trying out systems: varied, realistic, and about nobody. Numbers
come from the ranges that are kept for tests and drama.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from eh_interop.samples.early_help import make_assessment, make_consent_record, make_plan
from eh_interop.samples.marf import make_marf
from eh_interop.samples.planted_faults import PlantedFault, plant
from eh_interop.samples.pseudonymise import pseudonymised
from eh_interop.samples.record_parts import Setup
from eh_interop.samples.seeded_random import SeededRandom
from eh_interop.standard.areas import Area, area_names, load_area

__all__ = ["PlantedFault", "Sample", "samples"]

_MAKERS: Final[Mapping[str, Callable[[Setup], dict[str, Any]]]] = {
    "consent-record": make_consent_record,
    "early-help-assessment": make_assessment,
    "marf": make_marf,
    "plan": make_plan,
}
"""Record types that are made up from the ground. The others are pseudonymised examples."""

FAULTY: Final = 1 / 3
"""The share of records that get faults, if faults are wanted."""


@dataclass(frozen=True, slots=True)
class Sample:
    """An invented record, and the faults that were planted in it."""

    record: dict[str, Any]
    planted: tuple[PlantedFault, ...] = ()


def samples(
    record_type: str,
    count: int,
    *,
    seed: int,
    as_of: date,
    area: Area | None = None,
    faults: bool = False,
) -> Iterator[Sample]:
    """Make records up, one at a time.

    Args:
        record_type: such as ``marf``.
        count: how many.
        seed: the same seed, day and area give the same records.
        as_of: the day on which they are to be judged; all dates fit to it.
        area: whose guidance they follow. By default one is chosen at random for each record.
        faults: plant one to three faults in about one record of three.
    """
    areas = [area] if area else [load_area(name) for name in area_names()]
    for number in range(1, count + 1):
        random = SeededRandom(seed, number)
        setup = Setup(random, random.pick(areas), f"sample-{seed}-{number:06}", as_of)
        make = _MAKERS.get(record_type)
        record = make(setup) if make else pseudonymised(record_type, setup)
        faulty = faults and random.chance(FAULTY)
        yield Sample(record, plant(record, setup.area, random, as_of) if faulty else ())

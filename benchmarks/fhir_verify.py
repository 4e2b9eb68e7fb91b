"""Measures verification of FHIR against the floor: the library's own ``model_validate``.

Ratios are taken within one run, in alternating rounds of many documents, because
machines are noisy. The documents are the invented ones of the tests.
"""

from __future__ import annotations

import argparse
import copy
import json
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from fhir.resources.R4B.bundle import Bundle

from eh_interop.fhir.verification.verify import verify

sys.path.append(str(Path(__file__).parents[1] / "tests" / "fhir"))
from verify_sample import document

PER_ROUND = 20
LARGE = 7
"""How many copies of the sixteen resources make the large document."""


def large() -> dict[str, Any]:
    """Return a document of about a hundred resources: the small one again and again."""
    bundle = document()
    once = json.dumps(bundle["entry"][1:])
    for number in range(1, LARGE):
        bundle["entry"] += json.loads(once.replace("urn:uuid:00000000", f"urn:uuid:{number:08}"))
    return bundle


def seconds(work: Callable[[Any], object], documents: list[Any]) -> float:
    """Return the processor time that ``work`` takes on all documents."""
    start = time.process_time()
    for each in documents:
        work(each)
    return time.process_time() - start


def measure(bundle: dict[str, Any], rounds: int) -> dict[str, dict[str, float]]:
    """Measure each way in alternating rounds: milliseconds a document, and times the models."""
    documents = [copy.deepcopy(bundle) for _ in range(PER_ROUND)]
    work: dict[str, Callable[[Any], object]] = {
        "model_validate": Bundle.model_validate,
        "full": verify,
        "fast": lambda each: verify(each, "fast"),
    }
    for each in work.values():
        seconds(each, documents[:3])
    found: dict[str, list[float]] = {name: [] for name in work}
    for _ in range(rounds):
        for name, each in work.items():
            found[name].append(seconds(each, documents) / len(documents))
    return {
        name: {
            "milliseconds": round(statistics.median(times) * 1e3, 3),
            "timesModels": ratio(times, found["model_validate"]),
            "fullIsTimes": ratio(found["full"], times),
        }
        for name, times in found.items()
    }


def ratio(ones: list[float], others: list[float]) -> float:
    """Return the median ratio, round by round."""
    return round(statistics.median(one / other for one, other in zip(ones, others, strict=True)), 2)


def main() -> None:
    """Measure a small and a large document and print a table."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--rounds", type=int, default=15)
    chosen = options.parse_args()
    for bundle in (document(), large()):
        if verify(bundle):
            raise SystemExit("The sample is not in order, so nothing is measured.")
        print(f"{len(bundle['entry'])} resources, {len(json.dumps(bundle))} bytes")
        for name, figures in measure(bundle, chosen.rounds).items():
            print(
                f"  {name:15} {figures['milliseconds']:9.3f} ms"
                f"  {figures['timesModels']:6.2f} x model_validate"
                f"  full takes {figures['fullIsTimes']:6.1f} x as long"
            )


if __name__ == "__main__":
    main()

"""Measures FHIR both ways, each step against a floor, in alternating rounds of one run.

Records are invented MARFs. The floor of projection is the writing of the finished Bundle as
JSON; the floor of verification is the library's own ``model_validate`` of that Bundle.
"""

from __future__ import annotations

import argparse
import json
import statistics
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import orjson
from fhir.resources.R4B.bundle import Bundle

from eh_interop.formats.fhir.bundle import to_bundle
from eh_interop.formats.fhir.form_items import encode
from eh_interop.formats.fhir.questionnaire_response import disagreements, find_forms
from eh_interop.formats.fhir.record_from_bundle import record_from_bundle
from eh_interop.formats.fhir.verification import verify
from eh_interop.samples import samples

RECORDS = 20
AS_OF = date(2026, 11, 1)
FLOORS = {
    "to Bundle": "dump",
    "verify in full": "model_validate",
    "verified build": "model_validate",
}
"""What is compared with what; everything is also given in milliseconds."""


def _whole(bundle: dict[str, Any]) -> None:
    form = next(iter(find_forms(bundle)), None)
    if form is None or disagreements(bundle, form.record()):
        raise SystemExit("A Bundle did not come back as its record.")


def _decoded(bundle: dict[str, Any]) -> None:
    form = next(iter(find_forms(bundle)), None)
    if form is not None:
        form.record()


def measure(records: list[dict[str, Any]], rounds: int) -> dict[str, Any]:
    """Measure each way in alternating rounds: processor time in milliseconds a record."""
    bundles = [to_bundle(record) for record in records]
    work: dict[str, tuple[Callable[[Any], object], list[Any]]] = {
        "dump": (orjson.dumps, bundles),
        "form only": (lambda each: encode(each, "marf"), records),
        "to Bundle": (to_bundle, records),
        "model_validate": (Bundle.model_validate, bundles),
        "verify in full": (verify, bundles),
        "verified build": (lambda each: verify(to_bundle(each)), records),
        "fast gate": (lambda each: verify(each, "fast"), bundles),
        "back: decode": (_decoded, bundles),
        "back: decode and compare": (_whole, bundles),
        "back: typed resources only": (lambda each: record_from_bundle(each, "marf"), bundles),
    }
    found: dict[str, list[float]] = {name: [] for name in work}
    for _ in range(rounds + 1):
        for name, (do, things) in work.items():
            start = time.process_time()
            for thing in things:
                do(thing)
            found[name].append((time.process_time() - start) / len(things) * 1e3)
    times = {name: each[1:] for name, each in found.items()}  # the first round warms up
    return {
        "records": len(records),
        "recordBytes": round(statistics.mean(len(orjson.dumps(record)) for record in records)),
        "bundleBytes": round(statistics.mean(len(orjson.dumps(bundle)) for bundle in bundles)),
        "resources": round(statistics.mean(len(bundle["entry"]) for bundle in bundles), 1),
        "milliseconds": {name: round(statistics.median(each), 3) for name, each in times.items()},
        "ratios": {
            **{
                f"{name} / {floor}": ratio(times[name], times[floor])
                for name, floor in FLOORS.items()
            },
            "verify in full / fast gate": ratio(times["verify in full"], times["fast gate"]),
        },
    }


def ratio(ones: list[float], others: list[float]) -> float:
    """Return the median ratio, round by round."""
    return round(statistics.median(one / other for one, other in zip(ones, others, strict=True)), 2)


def main() -> None:
    """Measure, print, and keep the result."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--rounds", type=int, default=9)
    rounds = options.parse_args().rounds
    records = [sample.record for sample in samples("marf", RECORDS, seed=1, as_of=AS_OF)]
    result = measure(records, rounds)
    told = json.dumps(result, indent=2)
    (Path(__file__).parent / "fhir_r4.json").write_text(f"{told}\n", "utf-8")
    print(told)


if __name__ == "__main__":
    main()

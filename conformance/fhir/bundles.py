"""Writes the Bundle of each valid example and of 20 generated records of each type."""

import sys
from datetime import date
from pathlib import Path

import orjson

from eh_interop import load_standard
from eh_interop.formats.fhir.bundle import to_bundle
from eh_interop.formats.fhir.guide.inputs import load_examples
from eh_interop.samples import samples

EACH = 20
SEED = 20261101
AS_OF = date(2026, 11, 1)


def main(out: Path) -> None:
    """Write the Bundles as files named after what they are made from."""
    out.mkdir(parents=True)
    for name, bundle in load_examples():
        (out / f"{name.replace('/', '-')}.json").write_bytes(orjson.dumps(bundle))
    for record_type in load_standard().record_types:
        made = samples(record_type, EACH, seed=SEED, as_of=AS_OF)
        for number, each in enumerate(made, 1):
            path = out / f"sample-{record_type}-{number:02}.json"
            path.write_bytes(orjson.dumps(to_bundle(each.record)))


if __name__ == "__main__":
    main(Path(sys.argv[1]))

"""Lets fhirkit-rs (Rust) judge every file of some folders: 1 if it finds an error."""

import sys
import time
from collections.abc import Iterator
from pathlib import Path

import fhirkit


def _errors(text: str) -> Iterator[str]:
    return (each for each in map(str, fhirkit.validate(text)) if each.startswith("error"))


def main(folders: list[str]) -> int:
    """Print each error that it finds, and how many there are."""
    if not any(_errors('{"resourceType": "Composition"}')):
        sys.stderr.write("fhirkit does not see the fault that was planted for it.\n")
        return 2
    began = time.monotonic()
    paths = [path for name in folders for path in sorted(Path(name).glob("*.json"))]
    paths = [path for path in paths if path.name not in {"package.json", ".index.json"}]
    errors = 0
    for path in paths:
        for issue in _errors(path.read_text(encoding="utf-8")):
            errors += 1
            print(f"{path.name}: fhirkit: {issue}")
    spent = time.monotonic() - began
    print(f"fhirkit: {len(paths)} resources and Bundles, {errors} errors, {spent:.0f} s")
    return int(errors > 0)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

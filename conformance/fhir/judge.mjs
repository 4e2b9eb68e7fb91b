// Lets every engine in engines/ judge the definitions of our package and the Bundles of a folder.
// Usage: node judge.mjs PACKAGE BUNDLES UKCORE      (UKCORE may be empty)
import fs from 'node:fs';
import path from 'node:path';
import { definitions, jsonFiles } from './definitions.mjs';

const [ours, bundles, ukcore] = process.argv.slice(2);
const known = await definitions(ours, ukcore);
const read = (file) => JSON.parse(fs.readFileSync(file, 'utf8'));
const example = jsonFiles(bundles)[0];
const files = [...jsonFiles(ours), ...jsonFiles(bundles)];
console.log(`${files.length} resources and Bundles, ${known.profiles.size} profiles, ${known.ukcore} of them UK Core's`);

let errors = 0;
const here = path.join(import.meta.dirname, 'engines');
for (const name of fs.readdirSync(here).sort()) {
  const { make, plant } = await import(path.join(here, name));
  const engine = make(known);
  // An engine that finds nothing wrong with what is broken on purpose proves nothing.
  const broken = plant(read(example), known);
  if (![...engine(broken)].some(({ where }) => where)) {
    console.error(`${name} does not see the fault that was planted for it.`);
    process.exit(2);
  }
  const began = performance.now();
  let found = 0;
  const skipped = new Set();
  for (const file of files)
    for (const { where, message, skipped: why } of engine(read(file))) {
      if (why) {
        skipped.add(why);
        continue;
      }
      found += 1;
      console.log(`${path.basename(file)}: ${path.parse(name).name}: ${where}: ${message}`);
    }
  console.log(`${path.parse(name).name}: ${files.length} resources and Bundles, ${found} errors, ${Math.round((performance.now() - began) / 1000)} s`);
  for (const why of skipped) console.log(`  not looked at: ${why}`);
  errors += found;
}
process.exit(errors ? 1 : 0);

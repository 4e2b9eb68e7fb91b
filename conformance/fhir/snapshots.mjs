// Snapshots of profiles and extensions, by npm fhir-snapshot-generator. It wants a cache of FHIR packages and a
// registry: both are made here, the registry on this machine, so that nothing is fetched.
import fs from 'node:fs';
import http from 'node:http';
import os from 'node:os';
import path from 'node:path';
import { FhirPackageExplorer } from 'fhir-package-explorer';
import { FhirSnapshotGenerator } from 'fhir-snapshot-generator';

const CORE = 'hl7.fhir.r4.core';
const VERSIONS = { [CORE]: '4.0.1', 'hl7.terminology.r4': '5.5.0', 'hl7.fhir.uv.extensions.r4': '5.1.0' };

function put(cache, name, version, resources) {
  const folder = path.join(cache, `${name}#${version}`, 'package');
  fs.mkdirSync(folder, { recursive: true });
  const dependencies = name === CORE ? {} : { [CORE]: VERSIONS[CORE] };
  fs.writeFileSync(path.join(folder, 'package.json'), JSON.stringify({ name, version, fhirVersions: ['4.0.1'], dependencies }));
  for (const each of resources) fs.writeFileSync(path.join(folder, `${each.resourceType}-${each.id}.json`), JSON.stringify(each));
}

export async function snapshots(hl7, derived) {
  const cache = fs.mkdtempSync(path.join(os.tmpdir(), 'fhir-cache-'));
  for (const [name, version] of Object.entries(VERSIONS)) put(cache, name, version, name === CORE ? hl7 : []);
  put(cache, 'derived', '1.0.0', derived);
  const registry = http.createServer((request, response) => {
    const name = decodeURIComponent(request.url.slice(1).split('/')[0]);
    const version = VERSIONS[name] ?? '1.0.0';
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify({ name, 'dist-tags': { latest: version }, versions: { [version]: { name, version } } }));
  });
  await new Promise((ready) => { registry.listen(0, '127.0.0.1', ready); });
  const logger = { info() {}, warn() {}, error(message) { console.error(String(message)); } };
  try {
    const fpe = await FhirPackageExplorer.create({
      context: ['derived@1.0.0'], cachePath: cache, fhirVersion: '4.0.1', skipExamples: true, logger,
      registryUrl: `http://127.0.0.1:${registry.address().port}`, allowHttp: true,
    });
    const generator = await FhirSnapshotGenerator.create({ fpe, fhirVersion: '4.0.1', cacheMode: 'none', logger });
    const made = [];
    for (const each of derived) made.push(withSlicedExtensions(await generator.getSnapshot(each.url)));
    return made;
  } finally {
    registry.close();
    fs.rmSync(cache, { recursive: true, force: true });
  }
}

// R4 leaves it unsaid that extensions are sliced by URL, and that a slice has its profile's URL: say it.
function withSlicedExtensions(definition) {
  const elements = definition.snapshot.element;
  const isExtension = (each) => /\.(modifierE|e)xtension$/.test(each.path);
  definition.snapshot.element = elements.flatMap((each) => {
    if (!isExtension(each)) return [each];
    if (!each.sliceName) {
      const sliced = elements.some((other) => other.path === each.path && other.sliceName);
      return [sliced && !each.slicing ? { ...each, slicing: { discriminator: [{ type: 'value', path: 'url' }], rules: 'open' } } : each];
    }
    const profile = each.type?.[0]?.profile?.[0];
    if (!profile || elements.some((other) => other.id === `${each.id}.url`)) return [each];
    const url = { id: `${each.id}.url`, path: `${each.path}.url`, min: 1, max: '1', base: { path: 'Extension.url', min: 1, max: '1' } };
    return [each, { ...url, type: [{ code: 'http://hl7.org/fhirpath/System.String' }], fixedUri: profile.split('|')[0] }];
  });
  return definition;
}

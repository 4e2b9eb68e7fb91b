// @medplum/core: structure, cardinality, invariants, profiles and extensions. Each resource is held to the profiles
// that it claims, and to UK Core's and ours for its type, claimed or not.
import { OperationOutcomeError, indexStructureDefinitionBundle, validateResource, validateTypedValue } from '@medplum/core';
import { UK_CORE } from '../definitions.mjs';
import { parts, withTypedReferences } from '../bundle_parts.mjs';

const OURS = 'https://w3id.org/eh-interop/';
const NO_ANSWER = /^Constraint ras-2 /; // it says no where there is no probability to judge; fhirpath judges it

function errorsOf(judge) {
  try {
    return judge().filter((issue) => issue.severity === 'error');
  } catch (error) {
    if (error instanceof OperationOutcomeError) return error.outcome.issue.filter((issue) => issue.severity !== 'warning');
    throw error;
  }
}

function* extensionsIn(value, where) {
  if (value === null || typeof value !== 'object') return;
  for (const [key, inner] of Object.entries(value)) {
    const at = Array.isArray(value) ? `${where}[${key}]` : `${where}.${key}`;
    if (key === 'extension') for (const each of inner) if (/^https?:/.test(each.url)) yield [each, at];
    yield* extensionsIn(inner, at);
  }
}

export function make({ bundles, profiles, isLeftOut }) {
  const always = {};
  for (const { url, type, kind } of profiles.values())
    if (kind === 'resource' && (url.startsWith(OURS) || url === `${UK_CORE}StructureDefinition/UKCore-${type}`)) (always[type] ??= []).push(url);
  bundles.slice(0, 2).forEach(indexStructureDefinitionBundle);
  const told = (issues, where) => issues
    .map((issue) => ({ where: `${where} ${issue.expression ?? ''}`, message: issue.details?.text ?? '' }))
    .filter(({ message }) => !NO_ANSWER.test(message));

  function* held(url, where, kind, validate) {
    const profile = profiles.get(url);
    if (profile) yield* told(errorsOf(() => validate(profile)), `${where} as ${url}`);
    else if (!isLeftOut(url)) yield { where, message: `${kind} ${url} is not known` };
  }

  return function* judge(root) {
    const document = withTypedReferences(root);
    yield* told(errorsOf(() => validateResource(document)), '');
    const whole = root.resourceType === 'Bundle' ? [{ resource: document, where: 'Bundle' }] : [];
    for (const { resource, where } of [...whole, ...parts(document)]) {
      for (const url of new Set([...(resource.meta?.profile ?? []), ...(always[resource.resourceType] ?? [])])) yield* held(url, where, 'its profile', (profile) => validateResource(resource, { profile }));
    }
    for (const [extension, where] of extensionsIn(document, root.resourceType))
      yield* held(extension.url, where, 'the extension', (profile) => validateTypedValue({ type: 'Extension', value: extension }, { profile }));
  };
}

// our profile of Composition asks for an identifier, R4 does not; without UK Core, R4's status stands for it
export const plant = (bundle, { ukcore }) => {
  delete bundle.entry[0].resource[ukcore ? 'identifier' : 'status'];
  return bundle;
};

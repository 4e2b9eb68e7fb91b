// fhirpath (US National Library of Medicine): every invariant of HL7's definitions whose severity is error. The walk
// here only finds which elements each is about.
import fhirpath from 'fhirpath';
import r4 from 'fhirpath/fhir-context/r4/index.js';

const EVERYWHERE = new Set(['ele-1']); // an element has a value or children: the other engines see that
const INSIDE = new Set(['BackboneElement', 'Element']);
const capital = (text) => text[0].toUpperCase() + text.slice(1);

export function make({ base }) {
  const elements = Object.fromEntries(Object.entries(base).map(([type, definition]) =>
    [type, new Map(definition.snapshot.element.flatMap((each) => (each.path.endsWith('[x]')
      ? each.type.map((one) => [each.path.slice(0, -3) + capital(one.code), { ...each, type: [one] }])
      : [[each.path, each]])))]));
  const compiled = new Map();

  return function judge(root) {
    const byUrl = new Map((root.entry ?? []).map((entry) => [entry.fullUrl, entry.resource]));
    const resolve = { fn: (input) => input.map((each) => byUrl.get((each?.data ?? each)?.reference ?? each)).filter(Boolean), arity: { 0: [] } };
    const options = { userInvocationTable: { resolve }, traceFn() {} };
    const found = [];

    function check(element, node, where, resource, context) {
      for (const { key, severity, expression, human } of element.constraint ?? []) {
        if (severity !== 'error' || !expression || EVERYWHERE.has(key)) continue;
        const name = `${context}|${expression}`;
        const variables = { resource, rootResource: resource, context: node, ucum: 'http://unitsofmeasure.org' };
        try {
          if (!compiled.has(name)) compiled.set(name, fhirpath.compile({ base: context, expression }, r4, options));
          const said = compiled.get(name)(node, variables);
          if (said.some((each) => each === false)) found.push({ where, message: `${key}: ${human}` });
        } catch (error) { // it has no word for some expressions of HL7's: that is told, and is no error of ours
          found.push({ skipped: `${key} of ${context}: ${error.message}` });
        }
      }
    }

    function walk(node, type, at, where, resource) {
      for (const [key, value] of Object.entries(node)) {
        const element = elements[type]?.get(`${at}.${key}`);
        if (!element || value === null) continue;
        const inside = element.contentReference?.slice(1) ?? `${at}.${key}`;
        const kind = element.type?.[0].code;
        [value].flat().forEach((each, number) => {
          const place = `${where}.${key}${Array.isArray(value) ? `[${number}]` : ''}`;
          if (kind === 'Resource') return begin(each, each.resourceType, place, key === 'contained' ? resource : each);
          const own = element.contentReference || INSIDE.has(kind);
          check(element, each, place, resource, own ? inside : kind.startsWith('http') ? 'string' : kind);
          if (typeof each !== 'object') return undefined;
          return own ? walk(each, type, inside, place, resource) : begin(each, kind, place, resource);
        });
      }
    }

    function begin(node, type, where, resource) {
      if (!elements[type]) return;
      check(elements[type].get(type), node, where, resource, type);
      walk(node, type, type, where, resource);
    }

    begin(root, root.resourceType, root.resourceType, root);
    return found;
  };
}

// bdl-9: a document has an identifier
export const plant = ({ identifier, ...bundle }) => bundle;

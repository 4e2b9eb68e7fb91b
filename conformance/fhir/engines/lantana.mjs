// fhir (Lantana Consulting Group): structure, required codes, types of what references lead to.
import lantana from 'fhir';
import { parts, withTypedReferences } from '../bundle_parts.mjs';

export function make() {
  const validator = new lantana.Fhir();
  return function* judge(root) {
    for (const { resource, where } of parts(withTypedReferences(root))) {
      for (const { location, message, severity } of validator.validate(resource, { errorOnUnexpected: true }).messages) {
        if (severity !== 'info' && severity !== 'warning' && !location.endsWith('[x]')) // it does not see value[x] of any type
          yield { where: `${where} ${location}`, message };
      }
    }
  };
}

// a Composition has a status
export const plant = (bundle) => {
  delete bundle.entry[0].resource.status;
  return bundle;
};

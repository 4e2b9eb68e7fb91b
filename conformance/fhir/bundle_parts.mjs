// The resources of a Bundle one by one, with references in the one form whose target types these engines see.

export function parts(root) {
  if (root.resourceType !== 'Bundle') return [{ resource: root, where: root.resourceType }];
  return root.entry.map((entry, at) => ({ resource: entry.resource, where: `Bundle.entry[${at}].resource` }));
}

// urn:uuid:... becomes Type/uuid
export function withTypedReferences(root) {
  const named = new Map((root.entry ?? []).map((entry) => [entry.fullUrl, `${entry.resource.resourceType}/${entry.resource.id}`]));
  const walk = (value) => {
    if (Array.isArray(value)) return value.map(walk);
    if (value === null || typeof value !== 'object') return value;
    return Object.fromEntries(Object.entries(value).map(([key, each]) =>
      [key, key === 'reference' && named.has(each) ? named.get(each) : walk(each)]));
  };
  return walk(root);
}

import { models } from './manifest';

/**
 * What the API server would refuse in this object, as one line each; empty when it would take it. Fields
 * that the schema does not know count too: `kubectl apply` refuses a misspelt probe, a JSON schema does not.
 */
export function schemaProblems(object: { apiVersion?: string; kind?: string }): string[] {
  const model = Object.values(models).find(
    ({ kind, apiVersion }) => kind === object.kind && apiVersion === object.apiVersion,
  );
  if (!model) return [`no schema known for ${object.apiVersion} ${object.kind}`];

  const unread = new Set<string>();
  try {
    model.prototype.validate.call(watched(object, '', unread));
  } catch (error) {
    return [(error as Error).message];
  }
  return [...unread].map((path) => `unknown field ${path}`);
}

/** The compiled validators read each field that they know, so a field that no one has read is unknown. */
function watched(value: unknown, path: string, unread: Set<string>): unknown {
  if (Array.isArray(value)) return value.map((item, index) => watched(item, `${path}/${index}`, unread));
  if (value === null || typeof value !== 'object') return value;
  const fields = Object.entries(value).map(([key, field]) => {
    unread.add(`${path}/${key}`);
    return [key, watched(field, `${path}/${key}`, unread)];
  });
  return new Proxy(Object.fromEntries(fields), {
    get(target, key) {
      unread.delete(`${path}/${String(key)}`);
      return Reflect.get(target, key);
    },
  });
}

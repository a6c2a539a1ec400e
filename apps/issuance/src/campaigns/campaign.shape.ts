import { CampaignInput, faultsOf, type FieldError } from '@tearoff/contracts';

interface Schema {
  properties?: Record<string, Schema>;
  items?: Schema;
  anyOf?: Schema[];
}

/** Faults of the shape, unknown members included: a misspelt rule must not be quietly without effect. */
export function shapeFaults(input: unknown): FieldError[] {
  return [...(faultsOf(CampaignInput, input) ?? []), ...unknownMembers(CampaignInput as Schema, input, '')];
}

function unknownMembers(schema: Schema, value: unknown, path: string): FieldError[] {
  if (typeof value !== 'object' || value === null) return [];
  if (schema.anyOf) {
    const object = schema.anyOf.find((choice) => choice.properties);
    return object ? unknownMembers(object, value, path) : [];
  }
  if (Array.isArray(value)) {
    const { items } = schema;
    return items ? value.flatMap((item, index) => unknownMembers(items, item, `${path}/${index}`)) : [];
  }
  const { properties } = schema;
  if (!properties) return [];
  return Object.entries(value).flatMap(([name, member]) =>
    Object.hasOwn(properties, name)
      ? unknownMembers(properties[name], member, `${path}/${name}`)
      : [{ path: `${path}/${name}`, message: 'is not a known field' }],
  );
}

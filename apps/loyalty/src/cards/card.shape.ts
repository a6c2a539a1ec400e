import { CardInput, EarningRule, faultsOf, type FieldError } from '@tearoff/contracts';

interface Schema {
  const?: unknown;
  properties?: Record<string, Schema>;
  items?: Schema;
  anyOf?: Schema[];
}

const earningRules = (EarningRule as Schema).anyOf!;

/** Faults of the shape, unknown members included: a misspelt rule must not be quietly without effect. */
export function shapeFaults(input: unknown): FieldError[] {
  const { earning, ...rest } = input as { earning?: unknown };
  return [
    ...(faultsOf(CardInput, rest) ?? []),
    ...unknownMembers(CardInput as Schema, rest, ''),
    ...earningFaults(earning),
  ];
}

/** Each by the one form that its `on` names: faults of all three would tell nothing. */
function earningFaults(earning: unknown): FieldError[] {
  if (earning === undefined) return [];
  const path = '/earning';
  if (!Array.isArray(earning) || earning.length > 50)
    return [{ path, message: 'must be a list of at most 50 rules' }];
  return earning.flatMap((rule: unknown, index) => {
    const on = (rule as { on?: unknown } | null)?.on;
    const form = earningRules.find(({ properties }) => properties?.on.const === on);
    if (!form) return [{ path: `${path}/${index}/on`, message: 'must be one of redemption, amount, event' }];
    const faults = faultsOf(form as typeof EarningRule, rule) ?? [];
    return [
      ...faults.map((fault) => ({ ...fault, path: `${path}/${index}${fault.path}` })),
      ...unknownMembers(form, rule, `${path}/${index}`),
    ];
  });
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

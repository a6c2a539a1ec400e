import type { PipeTransform } from '@nestjs/common';
import { Type, type Static, type TSchema } from '@sinclair/typebox';
import {
  CardInput,
  CardPatch,
  DomainError,
  EarningRule,
  faultsOf,
  type FieldError,
} from '@tearoff/contracts';
import { strict } from '../http/hot-route';

export const CardBody = strict(CardInput);
export const CardPatchBody = strict(CardPatch);

const someRules = { earning: Type.Optional(Type.Array(Type.Unknown(), { maxItems: 50 })) };
const shapes = {
  card: strict(Type.Object({ ...CardInput.properties, ...someRules })),
  patch: strict(Type.Object({ ...CardPatch.properties, ...someRules })),
};
const ruleKinds = EarningRule.anyOf.map((rule) => ({
  on: rule.properties.on.const as string,
  schema: strict(rule as (typeof EarningRule.anyOf)[0]) as TSchema,
}));

/**
 * A card as given. Each earning rule is held against the schema of its own kind: against all three at once, a wrong
 * member would be told three times, twice wrongly.
 */
export class CardPipe<T extends CardInput | CardPatch> implements PipeTransform<unknown, T> {
  constructor(private readonly shape: keyof typeof shapes) {}

  transform(body: unknown): T {
    const card = body === undefined ? {} : body;
    const errors = [...(faultsOf(shapes[this.shape], card) ?? []), ...faultsOfRules(card)];
    if (errors.length === 0) return card as T;
    throw new DomainError('request.invalid', 'invalid', 'The body is not valid.', {
      errors: errors.slice(0, 20),
    });
  }
}

function faultsOfRules(card: unknown): FieldError[] {
  const { earning } = (card ?? {}) as { earning?: unknown };
  if (!Array.isArray(earning)) return [];
  return earning.slice(0, 50).flatMap((rule: Partial<Static<typeof EarningRule>> | null, index) => {
    const kind = ruleKinds.find(({ on }) => on === rule?.on);
    const faults = kind
      ? (faultsOf(kind.schema, rule) ?? [])
      : [{ path: '/on', message: `must be one of ${ruleKinds.map(({ on }) => on).join(', ')}` }];
    return faults.map(({ path, message }) => ({ path: `/earning/${index}${path}`, message }));
  });
}

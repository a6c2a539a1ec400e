import { Type, type Static } from '@sinclair/typebox';
import { EventType, Nullable } from '@tearoff/contracts';

const Param = Type.Object({
  // As a member of an object this one would be no param, but what the object is.
  name: Type.String({ minLength: 1, maxLength: 100, pattern: '^(?!__proto__$)' }),
  value: Type.Optional(Type.Unknown()),
});
const Params = Type.Optional(Nullable(Type.Array(Param, { maxItems: 200 })));

/** A text, or an integer in its place: one that JSON can carry whole, or two of them would be one key. */
export const TextOrInteger = (maxLength: number) =>
  Type.Unsafe<string | number | null>({
    type: ['string', 'integer', 'null'],
    maxLength,
    minimum: Number.MIN_SAFE_INTEGER,
    maximum: Number.MAX_SAFE_INTEGER,
  });

/** Members that are not named here are let pass, as the vendor does. */
export const EventBody = Type.Object({
  eventTypeKey: EventType,
  keyValue: Type.Optional(TextOrInteger(300)),
  params: Params,
  /** What some clients call `params`. */
  parameters: Params,
});
export type EventBody = Static<typeof EventBody>;

/** The params by name, in the caller's own spelling; of a name that comes twice the last counts. */
export function paramsOf({ params, parameters }: EventBody): Record<string, unknown> {
  const given = params ?? parameters ?? [];
  return Object.fromEntries(given.map(({ name, value }) => [name, value ?? null]));
}

/** Undefined when left out or empty. */
export const textOf = (value: string | number | null | undefined): string | undefined =>
  value === null || value === undefined || value === '' ? undefined : String(value);

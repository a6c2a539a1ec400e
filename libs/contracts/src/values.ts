import { Type, type TSchema, type TUnsafe } from '@sinclair/typebox';
import type { Bounds } from './bounds';
import { idPattern, type IdKind } from './ids';

/** An id of that kind, as `newId` makes it. */
export const Id = (kind: IdKind) => Type.String({ pattern: idPattern(kind), maxLength: 48 });
/** UTC instant, ISO 8601 with a zone. */
export const Instant = (options = {}) => Type.String({ format: 'date-time', maxLength: 40, ...options });
export const Nullable = <T extends TSchema>(schema: T) => Type.Union([schema, Type.Null()]);
/** Integer minor units of a currency (cents). */
export const MinorUnits = (options = {}) =>
  Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER, ...options });
/** ISO 4217. */
export const Currency = (options = {}) => Type.String({ pattern: '^[A-Z]{3}$', ...options });

/** ISO 4217, a code that exists; for what callers send. */
export const KnownCurrency = (options = {}) =>
  Currency({ format: 'currency', 'x-form': 'an ISO 4217 currency code such as EUR', ...options });

/** ISO 3166-1 alpha-2, a country with a numbering plan: how to read a phone number that is written without its own. */
export const PhoneCountry = (options = {}) =>
  Type.String({
    format: 'phone-country',
    'x-form': 'an ISO 3166-1 alpha-2 country code such as GB',
    ...options,
  });

/** A person's first or last name. U+FFFD stands where a character was lost: it must not reach a message. */
export const PersonName = (options = {}) =>
  Type.String({
    maxLength: 200,
    pattern: '^[^\\uFFFD]*$',
    'x-form': 'a string without U+FFFD',
    ...options,
  });

/** A closed set as a JSON Schema enum, from an `as const` array. */
export const OneOf = <const T extends readonly string[]>(values: T, options = {}): TUnsafe<T[number]> =>
  Type.Unsafe<T[number]>({ type: 'string', enum: [...values], ...options });

/** Free JSON of the caller's; `FreeObject` where it enters. */
export const JsonObject = (options = {}) =>
  Type.Record(Type.String({ maxLength: 100 }), Type.Unknown(), options);

/** Free JSON of the caller's where it enters: with at most `members` of its own, and bounds on what is in them. */
export const FreeObject = (members: number, bounds: Bounds) =>
  JsonObject({
    maxProperties: members,
    'x-bounds': bounds,
    description:
      `At most ${members} members, ${bounds.members} with those inside of them, nested ` +
      `${bounds.depth} levels deep, and ${bounds.bytes} bytes as JSON.`,
  });

/** Cursor paging: `nextCursor` is null on the last page. */
export const Page = <T extends TSchema>(item: T) =>
  Type.Object({ data: Type.Array(item), nextCursor: Nullable(Type.String()) });
export const PageRequest = {
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 500 })),
  cursor: Type.Optional(Type.String({ maxLength: 500 })),
};

export const channels = ['sms', 'email'] as const;
export type Channel = (typeof channels)[number];

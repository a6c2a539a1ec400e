import { Type, type Static } from '@sinclair/typebox';
import { dataBounds } from './bounds';
import { ContactInput } from './contacts';
import { defineCommand, defineEvent } from './definitions';
import { FreeObject, Id, Instant, JsonObject, Nullable, Page, PageRequest } from './values';

/** A name of the caller's: up to 100 characters, not all blank, none of `` < > ; ' " \ / | ` ^ ? ! , `` nor control characters. */
export const EventType = Type.String({
  minLength: 1,
  maxLength: 100,
  pattern: '^(?!\\s*$)[^<>;\'"\\\\/|`^?!,\\u0000-\\u001f\\u007f-\\u009f]+$',
  'x-form': 'a name that is not blank, without control characters and < > ; \' " \\ / | ` ^ ? ! ,',
});

/** What the system itself tells under these public names; no caller's event has one of them, nor one that begins like them. */
export const systemEvents = [
  'coupon.issued',
  'coupon.redeemed',
  'coupon.redemption_reversed',
  'coupon.voided',
  'delivery.sent',
  'delivery.delivered',
  'delivery.failed',
  'delivery.suppressed',
  'member.enrolled',
  'points.awarded',
  'points.spent',
  'points.expired',
  'points.not_awarded',
  'tier.changed',
  'reward.issued',
  'codes.low_stock',
  'redemption.guessing_suspected',
] as const;
export type SystemEvent = (typeof systemEvents)[number];

const reservedStarts = [...new Set(systemEvents.map((name) => name.slice(0, name.indexOf('.') + 1)))];
export const isReservedEvent = (type: string): boolean =>
  reservedStarts.some((start) => type.startsWith(start));
export const reservedEventMessage = `What begins with ${reservedStarts.join(', ')} is told by the system itself.`;

/**
 * The body of `POST /v1/events`. `key` says what is the same event: without it the contact does, by externalId,
 * e-mail or phone, in that order; without either each event is one of its own.
 */
export const EventRequest = Type.Object({
  type: EventType,
  key: Type.Optional(Type.String({ minLength: 1, maxLength: 300 })),
  contact: Type.Optional(ContactInput),
  params: Type.Optional(FreeObject(200, dataBounds)),
});
export type EventRequest = Static<typeof EventRequest>;

/**
 * Something happened at the caller's. The same `eventId` again = no change. `repeated`: an event of this type and key
 * was there before; `id` is the first one's, and workflows decide by their `repeat` whether they start again. A type
 * that no one named before is remembered. Fails with `event.missing_params` where the type demands some,
 * `event.reserved_type` for a name of the system's own.
 */
export const RecordEvent = defineCommand('automation', 'event.record', {
  batch: true,
  deadlineMs: 10_000,
  request: Type.Object({ accountId: Id('account'), eventId: Id('event'), ...EventRequest.properties }),
  reply: Type.Object({ id: Id('event'), repeated: Type.Boolean() }),
});

/** `requiredParams`: names without which an event of this type is refused. */
export const EventTypeView = Type.Object({
  type: Type.String(),
  requiredParams: Type.Array(Type.String()),
  /** How many came; told now and then, not to the last one. */
  count: Type.Integer(),
  firstSeenAt: Instant(),
  lastSeenAt: Nullable(Instant()),
});
export type EventTypeView = Static<typeof EventTypeView>;
/** By name. Fails with `request.invalid_cursor`. */
export const ListEventTypes = defineCommand('automation', 'event-type.list', {
  request: Type.Object({ accountId: Id('account'), ...PageRequest }),
  reply: Page(EventTypeView),
});
/** Makes the type where it is new. */
export const SaveEventType = defineCommand('automation', 'event-type.save', {
  request: Type.Object({
    accountId: Id('account'),
    type: EventType,
    requiredParams: Type.Array(Type.String({ minLength: 1, maxLength: 100 }), { maxItems: 50 }),
  }),
  reply: EventTypeView,
});

/**
 * Fires once for each event that was recorded, with the transaction that recorded it. `key`: the caller's or the
 * contact's, else the event's own id. `contactId`: of the contact that was named, as it is kept.
 */
export const EventRecorded = defineEvent(
  'automation',
  'event.recorded.v1',
  Type.Object({
    eventId: Id('event'),
    accountId: Id('account'),
    type: Type.String(),
    key: Type.String(),
    repeated: Type.Boolean(),
    contactId: Nullable(Type.String()),
    contact: Nullable(ContactInput),
    params: JsonObject(),
    at: Instant(),
  }),
);
export type EventRecordedItem = Static<(typeof EventRecorded)['item']>;

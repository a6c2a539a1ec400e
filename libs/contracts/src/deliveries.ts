import { Type, type Static } from '@sinclair/typebox';
import { defineCommand, defineEvent } from './definitions';
import { channels, Id, Instant, Nullable, OneOf, Page, PageRequest } from './values';

export const deliveryStatuses = ['queued', 'sending', 'sent', 'delivered', 'failed', 'suppressed'] as const;
export type DeliveryStatus = (typeof deliveryStatuses)[number];
/** States that will not change for a caller who waits: the provider took it, or it will never go. */
export const settledDeliveryStatuses: readonly DeliveryStatus[] = [
  'sent',
  'delivered',
  'failed',
  'suppressed',
];

/** One message to one address. `to`: E.164 or e-mail address. `segments`: SMS only. */
export const Delivery = Type.Object({
  id: Id('delivery'),
  accountId: Id('account'),
  couponId: Nullable(Type.String()),
  campaignId: Nullable(Type.String()),
  channel: OneOf(channels),
  to: Type.String(),
  status: OneOf(deliveryStatuses),
  attempts: Type.Integer(),
  error: Nullable(Type.String()),
  provider: Nullable(Type.String()),
  providerMessageId: Nullable(Type.String()),
  segments: Nullable(Type.Integer()),
  createdAt: Instant(),
  sentAt: Nullable(Instant()),
  deliveredAt: Nullable(Instant()),
});
export type Delivery = Static<typeof Delivery>;

/** The delivery, or null while notification has not heard of it yet. */
export const GetDelivery = defineCommand('notification', 'delivery.get', {
  batch: true,
  request: Type.Object({ accountId: Id('account'), deliveryId: Type.String({ maxLength: 48 }) }),
  reply: Nullable(Delivery),
});
export const ListDeliveries = defineCommand('notification', 'delivery.list', {
  request: Type.Object({
    accountId: Id('account'),
    couponId: Type.Optional(Type.String({ maxLength: 48 })),
    campaignId: Type.Optional(Type.String({ maxLength: 48 })),
    status: Type.Optional(OneOf(deliveryStatuses)),
    ...PageRequest,
  }),
  reply: Page(Delivery),
});

/** Fires when a delivery reached `sent`, `delivered`, `failed` or `suppressed`. */
export const DeliverySettled = defineEvent(
  'notification',
  'delivery.settled.v1',
  Type.Object({
    deliveryId: Id('delivery'),
    accountId: Id('account'),
    couponId: Nullable(Type.String()),
    campaignId: Nullable(Type.String()),
    channel: OneOf(channels),
    status: OneOf(deliveryStatuses),
    error: Nullable(Type.String()),
    at: Instant(),
  }),
);

/**
 * Work, not news: deliveries that are due, put on their channel's own queue for whichever worker is free. `bulk`:
 * of a list, and from that one's queue.
 */
export const DeliveryDue = defineEvent(
  'notification',
  'delivery.due.v1',
  Type.Object({
    deliveryId: Id('delivery'),
    channel: OneOf(channels),
    bulk: Type.Optional(Type.Boolean()),
  }),
);

/** Who carries each channel's messages in this installation; null = no one: what is sent over it fails. */
export const GetProviders = defineCommand('notification', 'providers.get', {
  deadlineMs: 2_000,
  request: Type.Object({}),
  reply: Type.Object({ sms: Nullable(Type.String()), email: Nullable(Type.String()) }),
});

export const suppressionReasons = ['opt_out', 'bounce', 'complaint', 'manual'] as const;
export const Suppression = Type.Object({
  id: Id('suppression'),
  accountId: Id('account'),
  channel: OneOf(channels),
  address: Type.String(),
  reason: OneOf(suppressionReasons),
  note: Nullable(Type.String()),
  createdAt: Instant(),
});
export type Suppression = Static<typeof Suppression>;

/** `address` in any spelling. Again = the one that stands. Fails with `recipient.invalid_phone|invalid_email`. */
export const AddSuppression = defineCommand('notification', 'suppression.add', {
  request: Type.Object({
    accountId: Id('account'),
    channel: OneOf(channels),
    address: Type.String({ minLength: 1, maxLength: 320 }),
    reason: Type.Optional(OneOf(suppressionReasons)),
    note: Type.Optional(Type.String({ maxLength: 500 })),
  }),
  reply: Suppression,
});
/** Fails with `suppression.not_found`. */
export const RemoveSuppression = defineCommand('notification', 'suppression.remove', {
  request: Type.Object({
    accountId: Id('account'),
    channel: OneOf(channels),
    address: Type.String({ minLength: 1, maxLength: 320 }),
  }),
  reply: Type.Object({}),
});
export const ListSuppressions = defineCommand('notification', 'suppression.list', {
  request: Type.Object({
    accountId: Id('account'),
    channel: Type.Optional(OneOf(channels)),
    address: Type.Optional(Type.String({ maxLength: 320 })),
    ...PageRequest,
  }),
  reply: Page(Suppression),
});
/** Whether an address (E.164 or folded e-mail) must not be written to. */
export const CheckAddress = defineCommand('notification', 'suppression.check', {
  batch: true,
  deadlineMs: 2_000,
  request: Type.Object({ accountId: Id('account'), channel: OneOf(channels), address: Type.String() }),
  reply: Type.Object({ suppressed: Type.Boolean() }),
});

/**
 * Which of these message templates cannot be parsed, in the parser's words; `path` is the asker's own and comes
 * back with the fault. None = all can.
 */
export const CheckMessages = defineCommand('notification', 'message.check', {
  batch: true,
  deadlineMs: 2_000,
  request: Type.Object({
    texts: Type.Array(Type.Object({ path: Type.String({ maxLength: 200 }), text: Type.String() }), {
      maxItems: 20,
    }),
  }),
  reply: Type.Object({
    faults: Type.Array(Type.Object({ path: Type.String(), message: Type.String() })),
  }),
});

/** What the sandbox provider "sent", newest first. */
export const SandboxMessage = Type.Object({
  id: Type.String(),
  deliveryId: Nullable(Type.String()),
  channel: OneOf(channels),
  to: Type.String(),
  from: Type.String(),
  subject: Nullable(Type.String()),
  text: Type.String(),
  html: Nullable(Type.String()),
  headers: Type.Record(Type.String(), Type.String()),
  at: Instant(),
});
export type SandboxMessage = Static<typeof SandboxMessage>;
/** Fails with `sandbox.off` when neither channel uses the sandbox provider. */
export const ListSandboxMessages = defineCommand('notification', 'sandbox.list', {
  request: Type.Object({
    accountId: Type.Optional(Id('account')),
    to: Type.Optional(Type.String({ maxLength: 320 })),
    ...PageRequest,
  }),
  reply: Page(SandboxMessage),
});

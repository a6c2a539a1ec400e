import { Type, type Static } from '@sinclair/typebox';
import { defineCommand, defineEvent } from './definitions';
import { EventType } from './events';
import { Id, Instant, Nullable, OneOf, Page, PageRequest } from './values';

/** What a webhook tells of: a system event's or a custom type's name, `coupon.*` (all that begin so), `*` (everything). */
export const WebhookEvents = Type.Array(EventType, { minItems: 1, maxItems: 100, uniqueItems: true });
const Url = Type.String({ minLength: 1, maxLength: 2_000 });

export const webhookStatuses = ['active', 'paused'] as const;

export const WebhookInput = Type.Object({ url: Url, events: WebhookEvents });
export type WebhookInput = Static<typeof WebhookInput>;

/** JSON merge patch (RFC 7396). `active` takes a webhook up again that its endpoint, or someone, has paused. */
export const WebhookPatch = Type.Object({
  url: Type.Optional(Url),
  events: Type.Optional(WebhookEvents),
  status: Type.Optional(OneOf(webhookStatuses)),
});
export type WebhookPatch = Static<typeof WebhookPatch>;

/** While paused nothing is kept for it. */
export const Webhook = Type.Object({
  id: Id('webhook'),
  accountId: Id('account'),
  url: Type.String(),
  events: Type.Array(Type.String()),
  status: OneOf(webhookStatuses),
  /** Why it was paused, when no one asked for that: its endpoint answered 410. */
  note: Nullable(Type.String()),
  /** Until then the secret before the last signs as well, and those before it, each for 24 hours after it was replaced. */
  previousSecretUntil: Nullable(Instant()),
  createdAt: Instant(),
});
export type Webhook = Static<typeof Webhook>;

/** `secret`: `whsec_` and base64 (Standard Webhooks 1.0.0); told here and never again. */
export const WebhookWithSecret = Type.Object({ ...Webhook.properties, secret: Type.String() });
export type WebhookWithSecret = Static<typeof WebhookWithSecret>;

const one = { accountId: Id('account'), webhookId: Type.String({ maxLength: 48 }) };

/** Fails with `webhook.invalid_url`, `webhook.unknown_event`, `webhook.too_many`. */
export const CreateWebhook = defineCommand('automation', 'webhook.create', {
  request: Type.Object({ accountId: Id('account'), webhook: WebhookInput }),
  reply: WebhookWithSecret,
});
/** Fails with `webhook.not_found`, and as `CreateWebhook`. */
export const UpdateWebhook = defineCommand('automation', 'webhook.update', {
  request: Type.Object({ ...one, patch: WebhookPatch }),
  reply: Webhook,
});
/** What was not delivered yet never will be. Fails with `webhook.not_found`. */
export const DeleteWebhook = defineCommand('automation', 'webhook.delete', {
  request: Type.Object(one),
  reply: Type.Object({}),
});
/** Fails with `webhook.not_found`. */
export const GetWebhook = defineCommand('automation', 'webhook.get', {
  request: Type.Object(one),
  reply: Webhook,
});
/** Newest first. Fails with `request.invalid_cursor`. */
export const ListWebhooks = defineCommand('automation', 'webhook.list', {
  request: Type.Object({ accountId: Id('account'), ...PageRequest }),
  reply: Page(Webhook),
});
/**
 * Every secret signs until 24 hours after it was replaced. Fails with `webhook.not_found`, and with
 * `webhook.too_many_secrets` while five sign.
 */
export const RotateWebhookSecret = defineCommand('automation', 'webhook.rotate_secret', {
  request: Type.Object(one),
  reply: WebhookWithSecret,
});

export const webhookAttemptStatuses = ['pending', 'delivered', 'failed'] as const;

/** One message to one webhook, and every time that it was tried; kept for 30 days. */
export const WebhookAttempt = Type.Object({
  /** What the receiver sees as `webhook-id`: the same each time. */
  id: Id('webhookAttempt'),
  webhookId: Id('webhook'),
  event: Type.String(),
  status: OneOf(webhookAttemptStatuses),
  /** Of a pending one: not before then. */
  nextTryAt: Nullable(Instant()),
  /** How often it was tried, and the last twenty of these, oldest first. */
  tries: Type.Integer(),
  history: Type.Array(
    Type.Object({
      at: Instant(),
      /** Of HTTP; null where no answer came. */
      status: Nullable(Type.Integer()),
      error: Nullable(Type.String()),
      /** The beginning of what was answered. */
      response: Type.Optional(Type.String()),
      ms: Type.Integer(),
    }),
  ),
  createdAt: Instant(),
  settledAt: Nullable(Instant()),
});
export type WebhookAttempt = Static<typeof WebhookAttempt>;

/** Newest first. Fails with `webhook.not_found`, `request.invalid_cursor`. */
export const ListWebhookAttempts = defineCommand('automation', 'webhook.attempts', {
  request: Type.Object({ ...one, status: Type.Optional(OneOf(webhookAttemptStatuses)), ...PageRequest }),
  reply: Page(WebhookAttempt),
});

/**
 * Sends again, now and with the whole schedule before it: one attempt, whatever became of it, or all that failed and
 * were made at or after `since`. Fails with `webhook.not_found`, `webhook_attempt.not_found`, `webhook.paused`.
 */
export const ReplayWebhook = defineCommand('automation', 'webhook.replay', {
  deadlineMs: 30_000,
  request: Type.Object({
    ...one,
    attemptId: Type.Optional(Type.String({ maxLength: 48 })),
    since: Type.Optional(Instant()),
  }),
  reply: Type.Object({ replayed: Type.Integer() }),
});

/** Of automation to itself: something is, or at that time was, due at this webhook. */
export const WebhookDue = defineEvent(
  'automation',
  'webhook.due.v1',
  Type.Object({ accountId: Id('account'), webhookId: Id('webhook') }),
);

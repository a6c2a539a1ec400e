import { Type } from '@sinclair/typebox';
import {
  Id,
  Instant,
  ReplayWebhook,
  Webhook,
  WebhookAttempt,
  WebhookInput,
  WebhookPatch,
  WebhookWithSecret,
} from '@tearoff/contracts';
import { strict } from '../../http/validation/hot-route';
import { mergePatchOf, withoutAccount } from '../../http/openapi/shapes';

export const WebhookBody = strict(WebhookInput);
export const WebhookPatchBody = strict(WebhookPatch);
export const ReplayBody = strict(
  Type.Object({ attemptId: Type.Optional(Id('webhookAttempt')), since: Type.Optional(Instant()) }),
);

/** The shapes of webhooks, by their names in the OpenAPI document. */
export const webhookSchemas = {
  WebhookInput: WebhookBody,
  WebhookPatch: mergePatchOf(WebhookPatchBody),
  Webhook: withoutAccount(Webhook),
  NewWebhook: withoutAccount(WebhookWithSecret),
  WebhookAttempt,
  WebhookReplay: ReplayBody,
  WebhookReplayed: ReplayWebhook.reply,
};

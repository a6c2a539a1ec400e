import { Type } from '@sinclair/typebox';
import { Id, Instant, WebhookInput, WebhookPatch } from '@tearoff/contracts';
import { strict } from '../http/hot-route';

export const WebhookBody = strict(WebhookInput);
export const WebhookPatchBody = strict(WebhookPatch);
export const ReplayBody = strict(
  Type.Object({ attemptId: Type.Optional(Id('webhookAttempt')), since: Type.Optional(Instant()) }),
);

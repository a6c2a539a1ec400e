import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Post, Query, Req } from '@nestjs/common';
import type { Static } from '@sinclair/typebox';
import {
  CreateWebhook,
  DeleteWebhook,
  GetWebhook,
  ListWebhooks,
  RotateWebhookSecret,
  systemEvents,
  UpdateWebhook,
} from '@tearoff/contracts';
import { CommandClient } from '@tearoff/messaging';
import type { FastifyRequest } from 'fastify';
import { QueryPipe } from '../../http/validation/dto.pipe';
import { PagingQuery } from '../../http/validation/paging.dto';
import { PathId } from '../../http/validation/path-id.pipe';
import { SchemaPipe } from '../../http/validation/schema.pipe';
import { sendForCaller } from '../../http/send-for-caller';
import { pageOf, withoutAccount } from '../../http/views';
import { Operation } from '../../http/openapi/operation.decorator';
import { webhookExamples, webhookPatchExamples } from './webhook.examples';
import { WebhookBody, WebhookPatchBody } from './webhook.schema';

const scopes = ['marketing'] as const;
const tag = 'Webhooks';
const refusals = ['webhook.invalid_url', 'webhook.unknown_event'] as const;
const unknown = { 404: ['webhook.not_found'] } as const;

@Controller('v1/webhooks')
export class WebhooksController {
  constructor(private readonly commands: CommandClient) {}

  @Post()
  @Operation({
    tag,
    summary: 'Be told of what happens',
    description:
      'Each event that `events` names is POSTed to `url` as `{type, timestamp, key, contact, contactId, data}`, signed as ' +
      'Standard Webhooks 1.0.0 says with the `secret` of this answer, which is shown now and never again. ' +
      `Of the system: ${systemEvents.map((event) => `\`${event}\``).join(', ')}; besides these the types of your own ` +
      'events, `coupon.*` (all that begin so) and `*`. 2xx is success, 410 pauses the webhook, anything else is tried ' +
      'again for three days under the same `webhook-id`. A message may come twice, and in any order. https only, and ' +
      'no private address.',
    scopes,
    body: { schema: 'WebhookInput', examples: webhookExamples },
    answers: { 201: { description: 'The webhook and its secret.', schema: 'NewWebhook' } },
    problems: { 409: ['webhook.too_many'], 422: refusals },
  })
  async create(
    @Req() request: FastifyRequest,
    @Body(new SchemaPipe(WebhookBody)) webhook: Static<typeof WebhookBody>,
  ) {
    return withoutAccount(await sendForCaller(this.commands, request, CreateWebhook, { webhook }));
  }

  @Get()
  @Operation({
    tag,
    summary: 'List webhooks, newest first',
    scopes,
    query: PagingQuery,
    answers: { 200: { description: 'A page of webhooks.', schema: 'Webhook', page: true } },
  })
  async list(@Req() request: FastifyRequest, @Query(new QueryPipe(PagingQuery)) query: PagingQuery) {
    return pageOf(await sendForCaller(this.commands, request, ListWebhooks, query), withoutAccount);
  }

  @Get(':id')
  @Operation({
    tag,
    summary: 'Read a webhook',
    scopes,
    answers: { 200: { description: 'The webhook, without its secret.', schema: 'Webhook' } },
    problems: unknown,
  })
  async get(@Req() request: FastifyRequest, @Param('id', new PathId('webhook')) webhookId: string) {
    return withoutAccount(await sendForCaller(this.commands, request, GetWebhook, { webhookId }));
  }

  @Patch(':id')
  @Operation({
    tag,
    summary: 'Change, pause or take up a webhook',
    description: 'A JSON merge patch (RFC 7396). What happens while it is paused it will not be told of.',
    scopes,
    body: { schema: 'WebhookPatch', examples: webhookPatchExamples },
    answers: { 200: { description: 'The webhook as it is now.', schema: 'Webhook' } },
    problems: { ...unknown, 422: refusals },
  })
  async update(
    @Req() request: FastifyRequest,
    @Param('id', new PathId('webhook')) webhookId: string,
    @Body(new SchemaPipe(WebhookPatchBody)) patch: Static<typeof WebhookPatchBody>,
  ) {
    return withoutAccount(await sendForCaller(this.commands, request, UpdateWebhook, { webhookId, patch }));
  }

  @Delete(':id')
  @HttpCode(204)
  @Operation({
    tag,
    summary: 'Delete a webhook',
    description: 'With its attempts: what was not delivered yet never will be.',
    scopes,
    answers: { 204: { description: 'It is gone.' } },
    problems: unknown,
  })
  async remove(@Req() request: FastifyRequest, @Param('id', new PathId('webhook')) webhookId: string) {
    await sendForCaller(this.commands, request, DeleteWebhook, { webhookId });
  }

  @Post(':id/rotate-secret')
  @HttpCode(200)
  @Operation({
    tag,
    summary: 'Give a webhook another secret',
    description:
      'Every secret signs until 24 hours after it was replaced, so that none is refused while receivers change over; ' +
      'at most five at a time: a rotation that would make it six is refused, and says `until` when.',
    scopes,
    answers: { 200: { description: 'The webhook and its new secret.', schema: 'NewWebhook' } },
    problems: { ...unknown, 409: ['webhook.too_many_secrets'] },
  })
  async rotateSecret(@Req() request: FastifyRequest, @Param('id', new PathId('webhook')) webhookId: string) {
    return withoutAccount(await sendForCaller(this.commands, request, RotateWebhookSecret, { webhookId }));
  }
}

import { Body, Controller, Get, HttpCode, Param, Post, Query, Req } from '@nestjs/common';
import type { Static } from '@sinclair/typebox';
import {
  ListWebhookAttempts,
  ReplayWebhook,
  webhookAttemptStatuses,
  type WebhookAttempt,
} from '@tearoff/contracts';
import { CommandClient } from '@tearoff/messaging';
import { IsIn } from 'class-validator';
import type { FastifyRequest } from 'fastify';
import { Optional } from '../../http/validation/dto.decorators';
import { QueryPipe } from '../../http/validation/dto.pipe';
import { PagingQuery } from '../../http/validation/paging.dto';
import { PathId } from '../../http/validation/path-id.pipe';
import { SchemaPipe } from '../../http/validation/schema.pipe';
import { Operation } from '../../http/openapi/operation.decorator';
import { replayExamples } from './webhook.examples';
import { ReplayBody } from './webhook.schema';

const scopes = ['marketing'] as const;
const tag = 'Webhooks';

class AttemptsQuery extends PagingQuery {
  @Optional() @IsIn(webhookAttemptStatuses) status?: WebhookAttempt['status'];
}

@Controller('v1/webhooks/:id')
export class WebhookAttemptsController {
  constructor(private readonly commands: CommandClient) {}

  @Get('attempts')
  @Operation({
    tag,
    summary: 'What a webhook was told, and how its endpoint answered',
    description: 'Newest first, of the last 30 days. `id` is the `webhook-id` that the endpoint sees.',
    scopes,
    query: AttemptsQuery,
    answers: { 200: { description: 'A page of attempts.', schema: 'WebhookAttempt', page: true } },
    problems: { 404: ['webhook.not_found'] },
  })
  list(
    @Req() { caller, messageContext: context }: FastifyRequest,
    @Param('id', new PathId('webhook')) webhookId: string,
    @Query(new QueryPipe(AttemptsQuery)) query: AttemptsQuery,
  ) {
    const asked = { accountId: caller.accountId, webhookId, ...query };
    return this.commands.send(ListWebhookAttempts, asked, { context });
  }

  @Post('replay')
  @HttpCode(200)
  @Operation({
    tag,
    summary: 'Tell a webhook again',
    description:
      'Either one attempt (`attemptId`), whatever became of it, or all that failed and were made at or after `since`. ' +
      'They keep their `webhook-id`.',
    scopes,
    body: { schema: 'WebhookReplay', examples: replayExamples },
    answers: { 200: { description: 'How many are sent again.', schema: 'WebhookReplayed' } },
    problems: { 404: ['webhook.not_found', 'webhook_attempt.not_found'], 409: ['webhook.paused'] },
  })
  replay(
    @Req() { caller, messageContext: context }: FastifyRequest,
    @Param('id', new PathId('webhook')) webhookId: string,
    @Body(new SchemaPipe(ReplayBody)) body: Static<typeof ReplayBody>,
  ) {
    const asked = { accountId: caller.accountId, webhookId, ...body };
    return this.commands.send(ReplayWebhook, asked, { context });
  }
}

import { Injectable } from '@nestjs/common';
import {
  invalid,
  WebhookDue,
  type ListWebhookAttempts,
  type ReplayWebhook,
  type ReplyOf,
  type RequestOf,
} from '@tearoff/contracts';
import { Outbox } from '@tearoff/messaging';
import { decodeIdCursor, toPage } from '@tearoff/service-kit';
import { DataSource, LessThan } from 'typeorm';
import { attemptView, WebhookAttemptEntity } from './webhook-attempt.entity';
import { WebhookEntity } from './webhook.entity';
import { attemptNotFound, webhookNotFound, webhookPaused } from './webhooks.errors';

export const webhookQueue = 'automation.webhooks';

@Injectable()
export class WebhookAttempts {
  constructor(
    private readonly dataSource: DataSource,
    private readonly outbox: Outbox,
  ) {}

  async list({
    accountId,
    webhookId,
    status,
    cursor,
    limit = 50,
  }: RequestOf<typeof ListWebhookAttempts>): Promise<ReplyOf<typeof ListWebhookAttempts>> {
    const before = decodeIdCursor(cursor, 'webhookAttempt');
    if (!(await this.dataSource.manager.existsBy(WebhookEntity, { accountId, id: webhookId })))
      throw webhookNotFound();
    const rows = await this.dataSource.getRepository(WebhookAttemptEntity).find({
      where: { webhookId, ...(status && { status }), ...(before && { id: LessThan(before) }) },
      order: { id: 'DESC' },
      take: limit + 1,
    });
    return toPage(rows, limit, attemptView);
  }

  /** How many will be sent again. */
  replay({ accountId, webhookId, attemptId, since }: RequestOf<typeof ReplayWebhook>): Promise<number> {
    if ((attemptId === undefined) === (since === undefined))
      throw invalid('request.invalid', 'Tell either attemptId or since.', {
        errors: [{ path: '', message: 'must hold either attemptId or since' }],
      });
    const from = since === undefined ? null : instantOf(since);
    return this.outbox.transaction(async (tx) => {
      const webhook = await tx.findOne(WebhookEntity, {
        where: { accountId, id: webhookId },
        lock: { mode: 'pessimistic_read' },
      });
      if (!webhook) throw webhookNotFound();
      if (webhook.status === 'paused') throw webhookPaused();
      const [, replayed] = (await tx.query(
        `update webhook_attempt
         set status = 'pending', due_at = now(), tries_before = tries, settled_at = null
         where webhook_id = $1
           and case when $2::text is null then status = 'failed' and created_at >= $3 else id = $2 end`,
        [webhookId, attemptId ?? null, from],
      )) as [unknown, number];
      if (attemptId !== undefined && replayed === 0) throw attemptNotFound();
      if (replayed > 0)
        await this.outbox.add(tx, WebhookDue, [{ accountId, webhookId }], { queue: webhookQueue });
      return replayed;
    });
  }
}

/** RFC 3339 knows the year 0, zones of sixteen hours and leap seconds; of these a date lacks only the last. */
function instantOf(since: string): Date {
  const from = new Date(since);
  if (!Number.isNaN(from.getTime())) return from;
  throw invalid('request.invalid', 'The body is not valid.', {
    errors: [{ path: '/since', message: 'must be an instant such as 2027-01-31T23:00:00Z' }],
  });
}

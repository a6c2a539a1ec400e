import { Injectable } from '@nestjs/common';
import {
  newId,
  type ListWebhooks,
  type ReplyOf,
  type RequestOf,
  type Webhook,
  type WebhookInput,
  type WebhookPatch,
  type WebhookWithSecret,
} from '@tearoff/contracts';
import { decodeIdCursor, toPage } from '@tearoff/service-kit';
import { DataSource, LessThan, type EntityManager } from 'typeorm';
import { HttpCaller } from '../outbound/http-caller';
import { failWaiting } from './attempt-outcome';
import { checkPatterns } from './event-patterns';
import { newSecret } from './signature';
import { WebhookAttemptEntity } from './webhook-attempt.entity';
import { WebhookEntity, webhookView, type EarlierSecret } from './webhook.entity';
import { invalidUrl, tooManySecrets, tooManyWebhooks, webhookNotFound } from './webhooks.errors';

/** Each of them may be told of everything that happens. */
const most = 50;
/** That sign at a time: the headers of a message grow with each. */
const maxSecrets = 5;

@Injectable()
export class WebhooksService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly caller: HttpCaller,
  ) {}

  async create(accountId: string, { url, events }: WebhookInput): Promise<WebhookWithSecret> {
    this.check({ url, events });
    const secret = newSecret();
    const row = await this.dataSource.transaction(async (tx) => {
      await tx.query(`select pg_advisory_xact_lock(hashtext('webhook'), hashtext($1))`, [accountId]);
      if ((await tx.countBy(WebhookEntity, { accountId })) >= most) throw tooManyWebhooks(most);
      const id = newId('webhook');
      await tx.insert(WebhookEntity, { id, accountId, url, events, secret });
      return tx.findOneByOrFail(WebhookEntity, { id });
    });
    return { ...webhookView(row), secret };
  }

  async update(accountId: string, id: string, patch: WebhookPatch): Promise<Webhook> {
    this.check(patch);
    return this.dataSource.transaction(async (tx) => {
      const row = await lockedRow(tx, accountId, id);
      const { url = row.url, events = row.events, status = row.status } = patch;
      const note = status === 'active' ? null : row.note;
      await tx.update(WebhookEntity, { id }, { url, events, status, note });
      if (status === 'paused') await failWaiting(tx, id);
      return webhookView({ ...row, url, events, status, note });
    });
  }

  remove(accountId: string, id: string): Promise<void> {
    return this.dataSource.transaction(async (tx) => {
      const { affected } = await tx.delete(WebhookEntity, { accountId, id });
      if (!affected) throw webhookNotFound();
      // Afterwards: anyone who was adding some held the row until they were there.
      await tx.delete(WebhookAttemptEntity, { webhookId: id });
    });
  }

  async rotateSecret(accountId: string, id: string): Promise<WebhookWithSecret> {
    const secret = newSecret();
    return this.dataSource.transaction(async (tx) => {
      const earlierSecrets = stillSigning(await lockedRow(tx, accountId, id));
      if (earlierSecrets.length > maxSecrets - 2)
        throw tooManySecrets(maxSecrets, earlierSecrets.at(-1)!.until);
      await tx.query(
        `update webhook set previous_secret = secret, previous_until = now() + interval '24 hours', secret = $2,
                            earlier_secrets = $3::jsonb
         where id = $1`,
        [id, secret, JSON.stringify(earlierSecrets)],
      );
      return { ...webhookView(await tx.findOneByOrFail(WebhookEntity, { id })), secret };
    });
  }

  async get(accountId: string, id: string): Promise<Webhook> {
    const row = await this.dataSource.getRepository(WebhookEntity).findOneBy({ accountId, id });
    if (!row) throw webhookNotFound();
    return webhookView(row);
  }

  async list({
    accountId,
    cursor,
    limit = 50,
  }: RequestOf<typeof ListWebhooks>): Promise<ReplyOf<typeof ListWebhooks>> {
    const before = decodeIdCursor(cursor, 'webhook');
    const rows = await this.dataSource.getRepository(WebhookEntity).find({
      where: { accountId, ...(before && { id: LessThan(before) }) },
      order: { id: 'DESC' },
      take: limit + 1,
    });
    return toPage(rows, limit, webhookView);
  }

  private check({ url, events }: Partial<WebhookInput>): void {
    const fault = url === undefined ? null : this.caller.faultOf(url);
    if (fault) throw invalidUrl(fault);
    if (events) checkPatterns(events);
  }
}

/** Of the secrets before the present one those that are not over, newest first. */
function stillSigning({ previousSecret, previousUntil, earlierSecrets }: WebhookEntity): EarlierSecret[] {
  const previous =
    previousSecret && previousUntil ? [{ secret: previousSecret, until: previousUntil.toISOString() }] : [];
  return [...previous, ...earlierSecrets].filter(({ until }) => Date.parse(until) > Date.now());
}

async function lockedRow(tx: EntityManager, accountId: string, id: string): Promise<WebhookEntity> {
  const row = await tx.findOne(WebhookEntity, {
    where: { accountId, id },
    lock: { mode: 'pessimistic_write' },
  });
  if (!row) throw webhookNotFound();
  return row;
}

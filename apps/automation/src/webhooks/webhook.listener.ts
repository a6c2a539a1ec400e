import { Injectable } from '@nestjs/common';
import { newId, WebhookDue } from '@tearoff/contracts';
import { Outbox, type Transaction } from '@tearoff/messaging';
import { prepared } from '@tearoff/service-kit';
import type { DomainEvent, DomainEventListener } from '../domain-events/domain-event';
import { tells } from './event-patterns';
import { webhookQueue } from './webhook-attempts.service';

interface Subscription extends Record<string, unknown> {
  id: string;
  accountId: string;
  events: string[];
}

/** Writes down what each webhook is to be told, with the event itself: none is lost, none comes twice. */
@Injectable()
export class WebhookListener implements DomainEventListener {
  constructor(private readonly outbox: Outbox) {}

  async happened(tx: Transaction, happenings: readonly DomainEvent[]): Promise<void> {
    const accountIds = [...new Set(happenings.map(({ accountId }) => accountId))];
    const webhooks = await prepared<Subscription>(tx, subscriptions, [accountIds]);
    if (webhooks.length === 0) return;
    const messages = happenings.flatMap((happening) => {
      const told = webhooks.filter(
        ({ accountId, events }) => accountId === happening.accountId && tells(events, happening.event),
      );
      const body = told.length > 0 ? bodyOf(happening) : '';
      return told.map(({ id }) => ({
        id: newId('webhookAttempt'),
        webhookId: id,
        event: happening.event,
        body,
      }));
    });
    if (messages.length === 0) return;
    const due = await prepared<{ accountId: string; webhookId: string }>(tx, attempts, [
      messages.map(({ id }) => id),
      messages.map(({ webhookId }) => webhookId),
      messages.map(({ event }) => event),
      messages.map(({ body }) => body),
    ]);
    if (due.length > 0) await this.outbox.add(tx, WebhookDue, due, { queue: webhookQueue });
  }
}

/** `data` is what the event says, `contact` whom it is about as far as it says so. */
const bodyOf = ({ event, at, key, contact, contactId = null, params }: DomainEvent): string =>
  JSON.stringify({ type: event, timestamp: at, key, contact, contactId, data: params });

/**
 * Asked each time, by the batch: a copy in memory would be stale in some process for a while after a webhook is made,
 * and miss what happens then. By its index, for an account without webhooks, it costs 0.1 ms a batch.
 */
const subscriptions = {
  name: 'webhook-subscriptions',
  text: `select id, account_id as "accountId", events from webhook
         where account_id = any($1) and status = 'active'`,
};

/** Those of webhooks that are there and active until this commits: none is left behind by a deletion or a pause. */
const attempts = {
  name: 'webhook-attempts',
  text: `
    with hook as (
      select id, account_id from webhook where id = any($2) and status = 'active' order by id for share
    ), added as (
      insert into webhook_attempt (id, account_id, webhook_id, event, body)
      select message.id, hook.account_id, hook.id, event, body
      from unnest($1::text[], $2::text[], $3::text[], $4::text[]) as message (id, webhook_id, event, body)
      join hook on hook.id = message.webhook_id
      returning account_id, webhook_id)
    select distinct account_id as "accountId", webhook_id as "webhookId" from added`,
};

import { setTimeout as pause } from 'node:timers/promises';
import type { Channel, DeliveryStatus, MessageContext } from '@tearoff/contracts';
import type { Outbox } from '@tearoff/messaging';
import { isDatabaseUnavailable, prepared } from '@tearoff/service-kit';
import type { DataSource } from 'typeorm';
import { publishSettled } from '../deliveries/settled-events';
import { suppressBounced } from '../suppressions/bounces';
import { Batcher } from './batcher';
import { isFinal, settle } from './settle';
import { enqueue } from './work-queue';

/**
 * How an attempt ended. `queued`: to be tried again at `dueAt`. `released`: taken and never begun, so it is
 * for anyone who is free, and does not count.
 */
export interface Outcome {
  id: string;
  /** The attempt that this is the outcome of; an outcome that comes late changes nothing. */
  attempt: number;
  status: 'sent' | 'failed' | 'suppressed' | 'queued' | 'released';
  error: string | null;
  providerMessageId: string | null;
  dueAt: Date | null;
  /** Failed because there is no one at the address, which is suppressed then. */
  bounced?: boolean;
  context: MessageContext | null;
}

interface WrittenRow {
  deliveryId: string;
  accountId: string;
  couponId: string | null;
  campaignId: string | null;
  channel: Channel;
  status: DeliveryStatus;
  error: string | null;
  bulk: boolean;
}

const update = {
  name: 'delivery-outcomes',
  text: `
    with outcome as (
      select * from unnest($1::text[], $2::int[], $3::text[], $4::text[], $5::text[], $6::timestamptz[])
        as outcome (id, attempt, status, error, provider_message_id, due_at)
    ), written as (
      update delivery d
      set status = case outcome.status when 'released' then 'queued' else outcome.status end,
          attempts = d.attempts - case outcome.status when 'released' then 1 else 0 end,
          error = case outcome.status when 'released' then d.error else outcome.error end,
          sending_since = null,
          provider_message_id = outcome.provider_message_id,
          due_at = coalesce(outcome.due_at, d.due_at),
          sent_at = case when outcome.status = 'sent' then clock_timestamp() end
      from outcome
      where d.id = outcome.id and d.status = 'sending' and d.attempts = outcome.attempt
      returning d.id, d.account_id, d.coupon_id, d.campaign_id, d.channel, d.status, d.error, d.bulk
    ), cleared as (
      delete from message where delivery_id in (select id from written where status <> 'queued')
    )
    select id as "deliveryId", account_id as "accountId", coupon_id as "couponId",
           campaign_id as "campaignId", channel, status, error, bulk
    from written`,
};

const batchWindowMs = 20;

/** Records how attempts ended, many at a time, together with the news of it and with the next attempts' items. */
export class Outcomes {
  private readonly writer = new Batcher<Outcome, undefined>(
    (outcomes) => this.writeWithRetry(outcomes),
    500,
    // A worker that dies loses sight of what was sent meanwhile: short against a provider's answer.
    batchWindowMs,
  );
  private closed = false;

  constructor(
    private readonly dataSource: DataSource,
    private readonly outbox: Outbox,
  ) {}

  /** Resolves when it is committed. */
  record(outcome: Outcome): Promise<void> {
    return this.writer.add(outcome);
  }

  close(): void {
    this.closed = true;
  }

  /** What was sent and not recorded would count as unknown: waits for a database that is away. */
  private async writeWithRetry(outcomes: readonly Outcome[]): Promise<undefined[]> {
    for (let wait = 100; ; wait = Math.min(wait * 2, 5_000)) {
      try {
        await this.write(outcomes);
        return outcomes.map(() => undefined);
      } catch (error) {
        if (this.closed || !isDatabaseUnavailable(error)) throw error;
        await pause(wait);
      }
    }
  }

  private async write(outcomes: readonly Outcome[]): Promise<void> {
    if (outcomes.every(isFinal)) return settle(this.dataSource, this.outbox, outcomes);
    const given = new Map(outcomes.map((outcome) => [outcome.id, outcome]));
    const contextOf = (id: string): MessageContext | null => given.get(id)!.context;
    await this.outbox.transaction(async (tx) => {
      const rows = await prepared<WrittenRow>(tx, update, [
        outcomes.map(({ id }) => id),
        outcomes.map(({ attempt }) => attempt),
        outcomes.map(({ status }) => status),
        outcomes.map(({ error }) => error),
        outcomes.map(({ providerMessageId }) => providerMessageId),
        outcomes.map(({ dueAt }) => dueAt),
      ]);
      const settled = rows.filter(({ status }) => status !== 'queued');
      await publishSettled(
        this.outbox,
        tx,
        settled.map(({ bulk: _bulk, ...delivery }) => delivery),
        contextOf,
      );
      await suppressBounced(
        tx,
        settled.flatMap(({ deliveryId: id }) => (given.get(id)!.bounced ? [id] : [])),
      );
      const again = rows.filter(({ status }) => status === 'queued');
      await enqueue(
        this.outbox,
        tx,
        again.map(({ deliveryId: id, channel, bulk }) => ({
          id,
          channel,
          bulk,
          context: contextOf(id),
          dueAt: given.get(id)!.dueAt,
        })),
      );
    });
  }
}

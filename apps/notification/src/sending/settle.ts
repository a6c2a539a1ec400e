import { DeliverySettled, newId } from '@tearoff/contracts';
import { broadcastQueue, type Outbox } from '@tearoff/messaging';
import { prepared } from '@tearoff/service-kit';
import type { DataSource } from 'typeorm';
import type { Outcome } from './outcomes';

/**
 * Outcomes, the end of their messages, and the news of it in one statement, which is a transaction by itself:
 * one round trip where the statements apart took four. An outcome that comes late changes and tells nothing.
 */
const statement = {
  name: 'delivery-settle',
  text: `
    with outcome as (
      select * from unnest($1::text[], $2::int[], $3::text[], $4::text[], $5::text[], $6::text[])
        as outcome (id, attempt, status, error, provider_message_id, context)
    ), written as (
      update delivery d
      set status = outcome.status, error = outcome.error, sending_since = null,
          provider_message_id = outcome.provider_message_id,
          sent_at = case when outcome.status = 'sent' then clock_timestamp() end
      from outcome
      where d.id = outcome.id and d.status = 'sending' and d.attempts = outcome.attempt
      returning d.id, d.account_id, d.coupon_id, d.campaign_id, d.channel, d.status, d.error, outcome.context
    ), cleared as (
      delete from message where delivery_id in (select id from written)
    )
    insert into outbox (id, type, queue, data, account)
    select $7, $8, $10,
           json_build_object(
             'items', json_agg(json_build_object(
               'deliveryId', id, 'accountId', account_id, 'couponId', coupon_id, 'campaignId', campaign_id,
               'channel', channel, 'status', status, 'error', error, 'at', $9::text) order by id),
             'contexts', json_agg(context::json order by id)),
           case when min(account_id) = max(account_id) then min(account_id) end
    from written having count(*) > 0`,
};

/** Of outcomes that are final and change nothing else. At most as many as an event may hold. */
export async function settle(
  dataSource: DataSource,
  outbox: Outbox,
  outcomes: readonly Outcome[],
): Promise<void> {
  await prepared(dataSource, statement, [
    outcomes.map(({ id }) => id),
    outcomes.map(({ attempt }) => attempt),
    outcomes.map(({ status }) => status),
    outcomes.map(({ error }) => error),
    outcomes.map(({ providerMessageId }) => providerMessageId),
    outcomes.map(({ context }) => context && JSON.stringify(context)),
    newId('event'),
    DeliverySettled.type,
    new Date().toISOString(),
    broadcastQueue(DeliverySettled.type),
  ]);
  outbox.wake(DeliverySettled);
}

/** Whether it ends the delivery and that is all: a bounce also suppresses the address. */
export const isFinal = ({ status, bounced }: Outcome): boolean =>
  status !== 'queued' && status !== 'released' && !bounced;

import type { Channel } from '@tearoff/contracts';
import { prepared } from '@tearoff/service-kit';
import type { DataSource } from 'typeorm';
import type { Barcode } from '../rendering/barcode';

/** A delivery found for a work item: taken by this worker, or in the hands of another. */
export interface ClaimedRow {
  id: string;
  accountId: string;
  couponId: string | null;
  campaignId: string | null;
  channel: Channel;
  address: string;
  attempts: number;
  subject: string | null;
  text: string;
  html: string | null;
  barcode: Barcode | null;
  suppressed: boolean;
  /** The provider of an earlier attempt of which no one recorded how it ended; null when there is none. */
  abandonedWith: string | null;
  /** Null when taken; else when the worker that has it must have let go of it. */
  busyUntil: Date | null;
}

/**
 * One statement, committed before anything is sent: anyone who comes second finds `sending`. Rows are locked in
 * the order of their ids, so two workers with the same items wait for each other instead of deadlocking. The
 * list of suppressions is read again, because hours may have gone by; only the answer to their own STOP or HELP
 * goes out all the same. Settled deliveries give no row.
 */
const statement = {
  name: 'delivery-claim',
  text: `
    with due as materialized (
      select *, status = 'queued' or lease_end < clock_timestamp() as free
      from (
        select id, status, case when status = 'sending' then provider end as was_with,
               sending_since + $3::int * interval '1 millisecond' as lease_end,
               d.reply is null and exists (select from suppression s
                       where s.account_id = d.account_id and s.channel = d.channel and s.address = d.address) as suppressed
        from delivery d
        where id = any($1) and status in ('queued', 'sending')
        order by id for update
      ) held
    ), taken as (
      update delivery d
      set status = 'sending', sending_since = clock_timestamp(), provider = $2::jsonb ->> d.channel,
          attempts = d.attempts + case when due.suppressed then 0 else 1 end
      from due
      where d.id = due.id and due.free
      returning d.id, d.account_id, d.coupon_id, d.campaign_id, d.channel, d.address, d.attempts,
                due.suppressed, due.was_with
    )
    select id, account_id as "accountId", coupon_id as "couponId", campaign_id as "campaignId", channel, address,
           attempts, message.subject, message.text, message.html, message.barcode, suppressed,
           was_with as "abandonedWith", null::timestamptz as "busyUntil"
    from taken left join message on message.delivery_id = id
    union all
    select id, null, null, null, null, null, null, null, null, null, null, suppressed, was_with, lease_end
    from due where not free`,
};

/** Takes those of the deliveries that wait, and those whose worker has been gone for `leaseMs`. */
export function claim(
  dataSource: DataSource,
  ids: readonly string[],
  providerNames: Readonly<Record<Channel, string>>,
  leaseMs: number,
): Promise<ClaimedRow[]> {
  return prepared<ClaimedRow>(dataSource, statement, [ids, JSON.stringify(providerNames), leaseMs]);
}

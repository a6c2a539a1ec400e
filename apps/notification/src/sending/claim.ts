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
  /** The provider of an earlier attempt of which nobody recorded how it ended; null when there is none. */
  abandonedWith: string | null;
  /** Null when taken; else when the worker that has it must have let go of it. */
  busyUntil: Date | null;
}

/**
 * One statement, committed before anything is sent: whoever comes second finds `sending`. Rows are locked in
 * the order of their ids, so two workers with the same items wait for each other instead of deadlocking. The
 * list of suppressions is read again, because hours may have gone by; only the answer to her own STOP or HELP
 * goes out all the same. Settled deliveries give no row.
 */
const statement = {
  name: 'delivery-claim',
  text: `
    with due as (
      select id, status = 'sending' as was_sending, sending_since, provider as was_with,
             sending_since + $3::int * interval '1 millisecond' as lease_end,
             d.reply is null and exists (select from suppression s
                     where s.account_id = d.account_id and s.channel = d.channel and s.address = d.address) as suppressed
      from delivery d
      where id = any($1) and status in ('queued', 'sending')
      order by id for update
    ), taken as (
      update delivery d
      set status = 'sending', sending_since = clock_timestamp(), provider = $2::jsonb ->> d.channel,
          attempts = d.attempts + case when due.suppressed then 0 else 1 end
      from due
      where d.id = due.id and (not due.was_sending or due.lease_end < clock_timestamp())
      returning d.id, d.account_id, d.coupon_id, d.campaign_id, d.channel, d.address, d.attempts
    )
    select due.id, taken.account_id as "accountId", taken.coupon_id as "couponId",
           taken.campaign_id as "campaignId", taken.channel, taken.address, taken.attempts, message.subject,
           message.text, message.html, message.barcode, due.suppressed,
           case when due.was_sending then due.was_with end as "abandonedWith",
           case when taken.id is null then due.lease_end end as "busyUntil"
    from due left join taken using (id) left join message on message.delivery_id = taken.id`,
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

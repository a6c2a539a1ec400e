import { prepared } from '@tearoff/service-kit';
import type { DataSource } from 'typeorm';

/** A message that this worker has for the time of its lease. */
export interface ClaimedAttempt extends Record<string, unknown> {
  id: string;
  accountId: string;
  webhookId: string;
  body: string;
  /** Ever, this one included. */
  tries: number;
  /** Since it was made or last replayed, this one included. */
  turn: number;
  url: string;
  secret: string;
  /** Those before it that still sign, newest first. */
  previousSecrets: string[];
}

/** Committed before anything is sent: anyone who comes second takes others, until the lease is over. */
const statement = {
  name: 'webhook-claim',
  text: `
    with due as (
      select id from webhook_attempt
      where webhook_id = $1 and status = 'pending' and due_at <= now()
        and (lease_until is null or lease_until <= now())
      order by due_at, id limit $2 for update skip locked)
    update webhook_attempt attempt
    set tries = tries + 1, lease_until = clock_timestamp() + $3::int * interval '1 millisecond'
    from due, webhook
    where attempt.id = due.id and webhook.id = attempt.webhook_id and webhook.status = 'active'
    returning attempt.id, attempt.account_id as "accountId", webhook_id as "webhookId", body, tries,
              tries - tries_before as turn, url, secret,
              case when previous_until > now() then array[previous_secret] else '{}' end || array(
                select value ->> 'secret' from jsonb_array_elements(earlier_secrets) with ordinality
                where (value ->> 'until')::timestamptz > now() order by ordinality) as "previousSecrets"`,
};

export const claim = (
  dataSource: DataSource,
  webhookId: string,
  most: number,
  leaseMs: number,
): Promise<ClaimedAttempt[]> => prepared<ClaimedAttempt>(dataSource, statement, [webhookId, most, leaseMs]);

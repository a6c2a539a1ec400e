import { prepared } from '@tearoff/service-kit';
import type { EntityManager } from 'typeorm';
import type { CampaignEntity } from '../campaigns/campaign.entity';
import type { IssueRequest } from '../coupons/issue-request';

/**
 * Whether the campaign's own limit already gives a person one coupon of a list, however often it names them.
 * Elsewhere the list has to remember whom it has served; a period may also turn while it runs.
 */
export const limitSuffices = ({ limits: { perRecipient } }: CampaignEntity): boolean =>
  perRecipient?.count === 1 && perRecipient.per === 'campaign';

/** Which of these keys the list has served. */
export async function servedKeys(
  tx: EntityManager,
  jobId: string,
  issueRequests: readonly IssueRequest[],
): Promise<Set<string>> {
  const rows = await prepared<{ key: string }>(
    tx,
    { name: 'list-served', text: `select key from list_served where job_id = $1 and key = any($2::text[])` },
    [jobId, issueRequests.flatMap(({ keys }) => keys)],
  );
  return new Set(rows.map(({ key }) => key));
}

/** The list is over. */
export async function forgetServed(tx: EntityManager, jobId: string): Promise<void> {
  await tx.query(`delete from list_served where job_id = $1`, [jobId]);
}

export async function rememberServed(
  tx: EntityManager,
  jobId: string,
  issueRequests: readonly IssueRequest[],
): Promise<void> {
  await prepared(
    tx,
    {
      name: 'list-remember',
      text: `insert into list_served (job_id, key)
             select distinct $1, key from unnest($2::text[]) as key order by key on conflict do nothing`,
    },
    [jobId, issueRequests.flatMap(({ keys }) => keys)],
  );
}

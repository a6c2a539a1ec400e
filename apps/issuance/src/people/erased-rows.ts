import type { ListRow, PersonRef } from '@tearoff/contracts';
import type { Transaction } from '@tearoff/messaging';
import { identify } from '../recipients/identity';
import type { PersonKey } from './person-keys';

interface Line {
  jobId: string;
  line: number;
  text: string;
}

/**
 * Rows of lists, and what was said of them, name people as their sender wrote them. What may name them is found by the
 * digits of their number, or by their name in any case. A row that is still to be served is read, and if it is theirs served
 * to no one, and so counts as refused; of an error only the name goes, and it does no harm if that was another's.
 */
export async function forgetInLists(
  tx: Transaction,
  accountId: string,
  person: PersonRef,
  keys: readonly PersonKey[],
): Promise<void> {
  const theirs = new Set(keys.map(({ key }) => key));
  const named = (recipient: ListRow['recipient']): boolean => {
    const identity = identify(recipient, {});
    return typeof identity !== 'string' && identity.keys.some((key) => theirs.has(key));
  };
  const rows = await mentions(tx, accountId, person, 'list_row', 'content');
  for (const { jobId, line, text } of rows) {
    const { metadata: _, recipient, ...row } = JSON.parse(text) as ListRow;
    if (!named(recipient)) continue;
    const content = JSON.stringify({ ...row, recipient: {} });
    await tx.query(`update list_row set content = $3 where job_id = $1 and line = $2`, [
      jobId,
      line,
      content,
    ]);
  }
  for (const { jobId, line } of await mentions(tx, accountId, person, 'job_error', 'recipient'))
    await tx.query(`update job_error set recipient = '' where job_id = $1 and line = $2`, [jobId, line]);
  await tx.query(
    `delete from list_served where key = any($2::text[]) and job_id in (
       select id from job where account_id = $1 and kind = 'distribution' and finished_at is null)`,
    [accountId, [...theirs]],
  );
}

/** Digits behind a country's code, so that a number that is written without one is found as well. */
const digitsCompared = 7;

const mentions = (
  tx: Transaction,
  accountId: string,
  { phone, email, externalId }: PersonRef,
  table: 'list_row' | 'job_error',
  column: string,
): Promise<Line[]> =>
  tx.query<Line[]>(
    `select row.job_id as "jobId", row.line, row.${column} as text
     from job join ${table} row on row.job_id = job.id
     where job.account_id = $1 and job.kind = 'distribution'
       and (position($2 in regexp_replace(row.${column}, '[^0-9]', '', 'g')) > 0 or position($3 in lower(row.${column})) > 0)
     order by row.job_id, row.line`,
    [
      accountId,
      phone?.slice(-digitsCompared) ?? null,
      (
        email ?? (externalId === undefined ? undefined : JSON.stringify(externalId).slice(1, -1))
      )?.toLowerCase() ?? null,
    ],
  );

import type { JobWarning } from '@tearoff/contracts';
import type { EntityManager } from 'typeorm';

/** Adds to the job what its owner should look at before codes go out, of the codes that are staged. */
export async function warnOfCodes(tx: EntityManager, jobId: string): Promise<void> {
  const [found] = (await tx.query(
    `select bool_and(code ~ '^[0-9]+$') as digits, min(length(code)) as shortest, max(length(code)) as longest,
            count(*)::int as codes
     from code_import where job_id = $1`,
    [jobId],
  )) as { digits: boolean | null; shortest: number; longest: number; codes: number }[];
  if (!found.digits || found.shortest === found.longest) return;
  const warning: JobWarning = {
    code: 'codes.lengths_differ',
    message:
      `All codes are digits, of ${found.shortest} to ${found.longest} characters: a spreadsheet may have dropped ` +
      'leading zeros. Compare them with what is printed before they go out.',
  };
  await tx.query(`update job set warnings = warnings || $2::jsonb where id = $1`, [
    jobId,
    JSON.stringify([warning]),
  ]);
}

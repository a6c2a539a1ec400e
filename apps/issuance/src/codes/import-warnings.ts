import type { JobWarning } from '@tearoff/contracts';
import type { EntityManager } from 'typeorm';
import { guessabilityOf } from './guessability';

/** Enough to see how codes were made: what makes them easy to guess shows in all of them. */
const sampleSize = 10_000;

/** Adds to the job what its owner should look at before codes go out, of the codes that are staged. */
export async function warnOfCodes(tx: EntityManager, jobId: string): Promise<void> {
  const warnings = [await differentLengths(tx, jobId), await guessable(tx, jobId)].filter(
    (warning) => warning !== null,
  );
  if (warnings.length > 0)
    await tx.query(`update job set warnings = warnings || $2::jsonb where id = $1`, [
      jobId,
      JSON.stringify(warnings),
    ]);
}

async function differentLengths(tx: EntityManager, jobId: string): Promise<JobWarning | null> {
  const [found] = (await tx.query(
    `select bool_and(code ~ '^[0-9]+$') as digits, min(length(code)) as shortest, max(length(code)) as longest
     from code_import where job_id = $1`,
    [jobId],
  )) as { digits: boolean | null; shortest: number; longest: number }[];
  if (!found.digits || found.shortest === found.longest) return null;
  return {
    code: 'codes.lengths_differ',
    message:
      `All codes are digits, of ${found.shortest} to ${found.longest} characters: a spreadsheet may have dropped ` +
      'leading zeros. Compare them with what is printed before they go out.',
  };
}

async function guessable(tx: EntityManager, jobId: string): Promise<JobWarning | null> {
  const rows = await tx.query<{ code: string }[]>(
    `select code from code_import where job_id = $1 order by line limit ${sampleSize}`,
    [jobId],
  );
  return guessabilityOf(rows.map(({ code }) => code));
}

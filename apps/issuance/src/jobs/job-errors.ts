import { prepared } from '@tearoff/service-kit';
import type { JobError } from '@tearoff/contracts';
import type { DataSource, EntityManager } from 'typeorm';

/** Keeps what was refused, however much it is; a line that is known already stays as it is. */
export async function recordErrors(
  tx: EntityManager,
  jobId: string,
  errors: readonly JobError[],
): Promise<void> {
  if (errors.length === 0) return;
  await tx.query(
    `insert into job_error (job_id, line, recipient, code, message)
     select $1, line, recipient, code, message
     from unnest($2::int[], $3::text[], $4::text[], $5::text[]) as error (line, recipient, code, message)
     on conflict do nothing`,
    [
      jobId,
      errors.map(({ line }) => line),
      errors.map(({ recipient }) => recipient),
      errors.map(({ code }) => code),
      errors.map(({ message }) => message),
    ],
  );
}

/** In the order of lines, after line `after`. */
export const readErrors = (
  dataSource: DataSource,
  jobId: string,
  after: number,
  limit: number,
): Promise<JobError[]> =>
  prepared<JobError & { [column: string]: unknown }>(
    dataSource,
    {
      name: 'job-errors',
      text: `select line, recipient, code, message from job_error
             where job_id = $1 and line > $2 order by line limit $3`,
    },
    [jobId, after, limit],
  );

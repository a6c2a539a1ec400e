import type { FieldError } from '@tearoff/contracts';
import type { DataSource, EntityManager } from 'typeorm';

/** A worker that has said nothing for so long is taken for dead, and another takes its job up. */
export const leaseSeconds = 30;

const errorsKept = 100;

export const keptErrors = (known: readonly FieldError[], more: readonly FieldError[]): FieldError[] =>
  [...known, ...more].slice(0, errorsKept);

/** Takes up, of the jobs that no one works on, the one that has waited longest; its id, or null. */
export async function claimJob(dataSource: DataSource, worker: string): Promise<string | null> {
  const [rows] = (await dataSource.query(
    `update job set worker = $1, status = 'running', lease_until = now() + make_interval(secs => $2)
     where id = (select id from job where finished_at is null and ready and status <> 'paused'
                   and coalesce(lease_until < now(), true)
                 order by touched_at, id limit 1 for update skip locked)
     returning id`,
    [worker, leaseSeconds],
  )) as [{ id: string }[], number];
  return rows[0]?.id ?? null;
}

/** Locks the job for this step and renews the lease; null when it is another's by now, or halted. */
export async function holdJob(
  tx: EntityManager,
  jobId: string,
  worker: string,
): Promise<{ done: number; total: number | null } | null> {
  const [rows] = (await tx.query(
    `update job set lease_until = now() + make_interval(secs => $3), touched_at = now()
     where id = $1 and worker = $2 and finished_at is null and status = 'running' returning done, total`,
    [jobId, worker, leaseSeconds],
  )) as [{ done: number; total: number | null }[], number];
  return rows[0] ?? null;
}

/** Counts a step's work, in that step's transaction. */
export async function advance(
  tx: EntityManager,
  jobId: string,
  { done, errors = [], finished }: { done: number; errors?: readonly FieldError[]; finished: boolean },
): Promise<void> {
  await tx.query(
    `update job set done = done + $2, failed = failed + $3, attempts = 0,
            errors = case when jsonb_array_length(errors) + $3 <= $5 then errors || $4::jsonb
                     else (select jsonb_agg(error) from (select error from jsonb_array_elements(errors || $4::jsonb)
                           with ordinality as list (error, position) order by position limit $5) as first) end,
            status = case when $6 then 'done' else status end,
            finished_at = case when $6 then now() end,
            worker = case when not $6 then worker end,
            lease_until = case when not $6 then lease_until end
     where id = $1`,
    [jobId, done, errors.length, JSON.stringify(errors.slice(0, errorsKept)), errorsKept, finished],
  );
}

/** Halts it until someone resumes it, unless it is another worker's by now. */
export async function pauseJob(
  dataSource: DataSource,
  jobId: string,
  worker: string,
  note: string,
): Promise<void> {
  await dataSource.query(
    `update job set status = 'paused', note = $3, worker = null, lease_until = null
     where id = $1 and worker = $2 and status = 'running'`,
    [jobId, worker, note],
  );
}

/** Leaves it to anyone who comes next, `delaySeconds` from now. */
export async function releaseJob(
  dataSource: DataSource,
  jobId: string,
  worker: string,
  delaySeconds: number,
): Promise<void> {
  await dataSource.query(
    `update job set worker = null, lease_until = now() + make_interval(secs => $3), attempts = attempts + $4
     where id = $1 and worker = $2`,
    [jobId, worker, delaySeconds, delaySeconds > 0 ? 1 : 0],
  );
}

export async function failJob(
  dataSource: DataSource,
  jobId: string,
  worker: string,
  message: string,
): Promise<void> {
  await dataSource.query(
    `update job set status = 'failed', finished_at = now(), worker = null, lease_until = null,
            errors = errors || $3::jsonb
     where id = $1 and worker = $2`,
    [jobId, worker, JSON.stringify([{ path: '', message }])],
  );
}

/** Uploads whose sender has been silent for an hour are given up, with the lines they brought. */
export async function giveUpSilentUploads(dataSource: DataSource): Promise<void> {
  await dataSource.query(
    `with silent as (
       update job set status = 'failed', finished_at = now(),
              errors = errors || '[{"path": "", "message": "the upload broke off; nothing of it was kept"}]'
       where finished_at is null and not ready and touched_at < now() - interval '1 hour' returning id
     )
     delete from code_import where job_id in (select id from silent)`,
  );
}

/** What lists leave behind that are over: rows of one that was cancelled or given up, and whom it has served. */
export async function clearFinishedLists(dataSource: DataSource): Promise<void> {
  await dataSource.query(
    `with over as materialized (
       select id from job where kind = 'distribution' and finished_at > now() - interval '1 day'
     ), served as (
       delete from list_served where job_id in (select id from over)
     )
     delete from list_row where job_id in (select id from over)`,
  );
}

import type { FieldError, Job } from '@tearoff/contracts';
import type { EntityManager } from 'typeorm';
import { JobEntity } from './job.entity';
import { keptErrors } from './job.lease';
import { jobNotFound } from './jobs.service';

/** The job that an upload fills, locked. Fails with `job.not_found`. */
export async function lockUpload(
  tx: EntityManager,
  kind: Job['kind'],
  accountId: string,
  jobId: string,
): Promise<JobEntity> {
  const job = await tx.findOne(JobEntity, {
    where: { id: jobId, accountId, kind },
    lock: { mode: 'pessimistic_write' },
  });
  if (!job) throw jobNotFound();
  return job;
}

/** The job as it is after its sender has given up. */
export function brokenOff(job: JobEntity, message: string): JobEntity {
  const errors = keptErrors(job.errors, [{ path: '', message }]);
  return Object.assign(job, { status: 'failed', finishedAt: new Date(), errors });
}

export const linePath = (line: number): string => `/lines/${line}`;

/** The line that a fault is of; 0 = of none. */
export const lineOf = ({ path }: FieldError): number => Number(/\d+$/.exec(path)?.[0] ?? 0);

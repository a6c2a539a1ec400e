import type { FieldError, Job, JobError } from '@tearoff/contracts';
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

const linePath = (line: number): string => `/lines/${line}`;

/** As a job shows the first hundred of them. */
export const faultOf = ({ line, message }: JobError): FieldError => ({ path: linePath(line), message });

/** The line that a fault is of; 0 = of none. */
const lineOf = ({ path }: FieldError): number => Number(/\d+$/.exec(path)?.[0] ?? 0);

/** Lines that could not be read at all, as errors of the job. */
export const unreadable = (faults: readonly FieldError[]): JobError[] =>
  faults.map((fault) => lineError(lineOf(fault), 'line.invalid', fault.message));

/** What is wrong with a line that names no one. */
export const lineError = (line: number, code: string, message: string): JobError => ({
  line,
  recipient: '',
  code,
  message,
});

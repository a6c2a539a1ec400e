import { Injectable } from '@nestjs/common';
import { conflict, type ControlJob, type Job, type RequestOf } from '@tearoff/contracts';
import { DataSource } from 'typeorm';
import { JobEntity, jobOf } from './job.entity';
import { jobNotFound, JobsService } from './jobs.service';

type Action = RequestOf<typeof ControlJob>['action'];

/** How a job stands after each action. */
const targets: Record<Action, Job['status']> = { pause: 'paused', resume: 'queued', cancel: 'cancelled' };

/** Halts lists, between two of their batches, and lets them go on. */
@Injectable()
export class JobControl {
  constructor(
    private readonly dataSource: DataSource,
    private readonly jobs: JobsService,
  ) {}

  /** Fails with `job.not_found`, `job.not_controllable`, `job.finished`. */
  async control({ accountId, jobId, action }: RequestOf<typeof ControlJob>): Promise<Job> {
    const job = await this.dataSource.transaction('READ COMMITTED', async (tx) => {
      // Waits for the batch in hand, which holds the row: what it serves is counted when this is answered.
      const row = await tx.findOne(JobEntity, {
        where: { id: jobId, accountId },
        lock: { mode: 'pessimistic_write' },
      });
      if (!row) throw jobNotFound();
      if (row.kind !== 'distribution') throw notControllable();
      if (isSo(row, action)) return row;
      if (row.finishedAt) throw finished(row.status);
      return tx.save(JobEntity, {
        ...row,
        status: targets[action],
        note: null,
        worker: null,
        leaseUntil: null,
        finishedAt: action === 'cancel' ? new Date() : null,
      });
    });
    this.jobs.wake();
    return jobOf(job);
  }
}

function isSo({ status }: JobEntity, action: Action): boolean {
  return action === 'resume' ? status === 'queued' || status === 'running' : status === targets[action];
}

const notControllable = () =>
  conflict('job.not_controllable', 'Only a list can be paused, resumed or cancelled.');

const finished = (status: string) => conflict('job.finished', `The job is over: ${status}.`, { status });

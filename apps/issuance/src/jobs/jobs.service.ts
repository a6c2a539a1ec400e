import { Injectable } from '@nestjs/common';
import {
  newId,
  notFound,
  type DomainError,
  type Job,
  type ListJobErrors,
  type ReplyOf,
  type RequestOf,
} from '@tearoff/contracts';
import { decodeCursor, toPageBy } from '@tearoff/service-kit';
import { DataSource } from 'typeorm';
import { JobEntity, jobOf } from './job.entity';
import { readErrors } from './job-errors';

export const jobNotFound = (): DomainError => notFound('job.not_found', 'There is no such job.');

type NewJob = Pick<JobEntity, 'accountId' | 'campaignId' | 'kind' | 'total' | 'ready'> &
  Partial<Pick<JobEntity, 'list'>>;

@Injectable()
export class JobsService {
  private wakeListener: () => void = () => undefined;

  constructor(private readonly dataSource: DataSource) {}

  async create(job: NewJob): Promise<Job> {
    const id = newId('job');
    // TypeORM's own type has no words for a column of free JSON.
    const row: object = { id, ...job };
    await this.dataSource.manager.insert(JobEntity, row);
    return jobOf(await this.dataSource.manager.findOneByOrFail(JobEntity, { id }));
  }

  async get(accountId: string, id: string): Promise<Job> {
    const row = await this.dataSource.manager.findOneBy(JobEntity, { id, accountId });
    if (!row) throw jobNotFound();
    return jobOf(row);
  }

  async errors(request: RequestOf<typeof ListJobErrors>): Promise<ReplyOf<typeof ListJobErrors>> {
    const { accountId, jobId, cursor, limit = 100 } = request;
    await this.get(accountId, jobId);
    const after = decodeCursor(cursor, /^\d{1,9}$/);
    const rows = await readErrors(this.dataSource, jobId, Number(after ?? 0), limit + 1);
    return toPageBy(
      ({ line }) => String(line),
      rows,
      limit,
      (row) => row,
    );
  }

  /** The runner registers itself here. */
  onWake(listener: () => void): void {
    this.wakeListener = listener;
  }

  /** Tells the runner that there may be something to do. */
  wake(): void {
    this.wakeListener();
  }
}

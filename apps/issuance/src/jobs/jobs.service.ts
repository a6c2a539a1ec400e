import { Injectable } from '@nestjs/common';
import { newId, notFound, type DomainError, type Job } from '@tearoff/contracts';
import { DataSource } from 'typeorm';
import { JobEntity, jobOf } from './job.entity';

export const jobNotFound = (): DomainError => notFound('job.not_found', 'There is no such job.');

@Injectable()
export class JobsService {
  private onWake: () => void = () => undefined;

  constructor(private readonly dataSource: DataSource) {}

  async create(job: Pick<JobEntity, 'accountId' | 'campaignId' | 'kind' | 'total' | 'ready'>): Promise<Job> {
    const id = newId('job');
    await this.dataSource.manager.insert(JobEntity, { id, ...job });
    return jobOf(await this.dataSource.manager.findOneByOrFail(JobEntity, { id }));
  }

  async get(accountId: string, id: string): Promise<Job> {
    const row = await this.dataSource.manager.findOneBy(JobEntity, { id, accountId });
    if (!row) throw jobNotFound();
    return jobOf(row);
  }

  /** The runner registers itself here. */
  wokenBy(listener: () => void): void {
    this.onWake = listener;
  }

  /** Tells the runner that there may be something to do. */
  wake(): void {
    this.onWake();
  }
}

import { randomUUID } from 'node:crypto';
import {
  Injectable,
  Logger,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { DomainError, type Job } from '@tearoff/contracts';
import { isDatabaseUnavailable } from '@tearoff/service-kit';
import { DataSource } from 'typeorm';
import { GenerateCodesJob } from '../codes/generate-codes.job';
import { ImportCodesJob } from '../codes/import-codes.job';
import { DistributionJob } from '../distributions/distribution.job';
import { JobEntity } from './job.entity';
import { claimJob, clearFinishedLists, failJob, giveUpSilentUploads, releaseJob } from './job.lease';
import { JobsService } from './jobs.service';

interface Step {
  /** Does a part of the job in one transaction; false when there is nothing left for this worker. */
  step(job: JobEntity, worker: string): Promise<boolean>;
}

/** New jobs wake the runner; this is how soon it finds those that a process which died has left. */
const pollMs = 5_000;
const maxAttempts = 5;
/** How long a job is worked on before the next has its turn: a small list does not wait for a large one. */
const turnMs = 2_000;

/** Works on one job at a time. Every process of the service has a runner; a lease keeps them apart. */
@Injectable()
export class JobsRunner implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger(JobsRunner.name);
  private readonly worker = randomUUID();
  private readonly steps: Record<Job['kind'], Step>;
  private stopping = false;
  private timer?: NodeJS.Timeout;
  private running: Promise<void> | null = null;
  private again = false;

  constructor(
    private readonly dataSource: DataSource,
    private readonly jobs: JobsService,
    generateCodes: GenerateCodesJob,
    importCodes: ImportCodesJob,
    distribution: DistributionJob,
  ) {
    this.steps = { 'codes.generate': generateCodes, 'codes.import': importCodes, distribution };
  }

  onApplicationBootstrap(): void {
    this.jobs.onWake(() => this.wake());
    this.wake();
  }

  /** Finishes the step in hand and leaves the rest of the job to others at once. */
  async beforeApplicationShutdown(): Promise<void> {
    this.stopping = true;
    clearTimeout(this.timer);
    await this.running;
  }

  private wake(): void {
    if (this.stopping) return;
    this.again = true;
    clearTimeout(this.timer);
    this.running ??= this.run().finally(() => {
      this.running = null;
      if (!this.stopping) this.timer = setTimeout(() => this.wake(), pollMs).unref();
    });
  }

  private async run(): Promise<void> {
    try {
      while (this.again && !this.stopping) {
        this.again = false;
        await giveUpSilentUploads(this.dataSource);
        await clearFinishedLists(this.dataSource);
        for (let id; !this.stopping && (id = await claimJob(this.dataSource, this.worker));)
          await this.work(id);
      }
    } catch (error) {
      this.logger.warn(`jobs wait: ${String(error)}`);
    }
  }

  private async work(id: string): Promise<void> {
    const job = await this.dataSource.manager.findOneByOrFail(JobEntity, { id });
    const until = performance.now() + turnMs;
    try {
      while (await this.steps[job.kind].step(job, this.worker)) {
        if (this.stopping || performance.now() > until)
          return await releaseJob(this.dataSource, id, this.worker, 0);
      }
    } catch (error) {
      if (isDatabaseUnavailable(error)) throw error;
      this.logger.warn(`${job.kind} ${id} failed, attempt ${job.attempts + 1}: ${String(error)}`);
      if (error instanceof DomainError) await failJob(this.dataSource, id, this.worker, error.message);
      else if (job.attempts + 1 >= maxAttempts)
        await failJob(this.dataSource, id, this.worker, 'It failed repeatedly; see the log.');
      else await releaseJob(this.dataSource, id, this.worker, job.attempts + 1);
    }
  }
}

import { setImmediate as aTurn, setTimeout as pause } from 'node:timers/promises';
import { Injectable, Logger } from '@nestjs/common';
import { BulkCouponsIssued, BulkSendRequested } from '@tearoff/contracts';
import { isDatabaseUnavailable, prepared } from '@tearoff/service-kit';
import { DataSource } from 'typeorm';
import { CampaignEntity } from '../campaigns/campaign.entity';
import { IssueService } from '../coupons/issue.service';
import { messages } from '../coupons/refusals';
import type { JobEntity } from '../jobs/job.entity';
import { pauseJob } from '../jobs/job.lease';
import { ListIssue, type Batch } from './list-issue';
import { nextRows } from './list-rows';

/** Of one event, and so small that no one notices how long the process is busy with it. */
const batchSize = 400;
/** While people ask for coupons themselves. */
const sharedBatchSize = 100;
const sharedWindowMs = 1_000;

/**
 * Events of lists that may wait to be relayed. More would be read into memory at once by the relay of a process
 * whose consumers are slower than a list is served, and stand before what single coupons have to tell.
 */
const backlogLimit = 4;

/** Serves a list, batch by batch. */
@Injectable()
export class DistributionJob {
  private readonly logger = new Logger(DistributionJob.name);
  /** Up to where this process knows the rows of a list to be served. */
  private position: { jobId: string; line: number } | null = null;

  constructor(
    private readonly dataSource: DataSource,
    private readonly list: ListIssue,
    private readonly issuing: IssueService,
  ) {}

  /** One batch. False = there is no more to do, or the job is not this worker's any more. */
  async step(job: JobEntity, worker: string): Promise<boolean> {
    const campaign = await this.dataSource.manager.findOneByOrFail(CampaignEntity, { id: job.campaignId! });
    if (campaign.status === 'paused' || campaign.status === 'draft') {
      await pauseJob(this.dataSource, job.id, worker, messages['campaign.not_active']);
      return false;
    }
    if (await this.isBehind()) {
      await pause(20);
      return true;
    }
    const isShared = this.issuing.askedWithin(sharedWindowMs);
    const size = isShared ? sharedBatchSize : batchSize;
    const after = this.position?.jobId === job.id ? this.position.line : 0;
    const rows = await nextRows(this.dataSource, job.id, after, size);
    const last = rows.length < size;
    const startedAt = performance.now();
    if (!(await this.serve({ job, worker, campaign, rows, last }))) return false;
    this.position = last ? null : { jobId: job.id, line: rows.at(-1)!.line };
    await (isShared ? pause(performance.now() - startedAt) : aTurn());
    return !last;
  }

  /** Rows that fail together are tried apart, so that one of them harms no other. */
  private async serve(batch: Batch): Promise<boolean> {
    try {
      return await this.list.serve(batch);
    } catch (error) {
      // With the database away no one knows whether it committed; what is there afterwards tells.
      if (isDatabaseUnavailable(error)) throw error;
      const { rows, last } = batch;
      this.logger.warn(`${rows.length} rows of list ${batch.job.id} failed together: ${String(error)}`);
      if (rows.length === 0) throw error;
      if (rows.length === 1) return this.list.giveUp(batch);
      const half = Math.ceil(rows.length / 2);
      if (!(await this.serve({ ...batch, rows: rows.slice(0, half), last: false }))) return false;
      return this.serve({ ...batch, rows: rows.slice(half), last });
    }
  }

  private async isBehind(): Promise<boolean> {
    const [row] = await prepared<{ waiting: number }>(this.dataSource, backlogStatement, [
      [BulkCouponsIssued.type, BulkSendRequested.type],
      backlogLimit,
    ]);
    return row.waiting >= backlogLimit;
  }
}

const backlogStatement = {
  name: 'list-backlog',
  text: `select count(*)::int as waiting from (
           select from outbox where type = any($1::text[]) and available_at <= now() limit $2
         ) as waiting`,
};

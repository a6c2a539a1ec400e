import { Injectable } from '@nestjs/common';
import {
  conflict,
  type AppendRecipients,
  type BeginDistribution,
  type FinishDistribution,
  type Job,
  type MessageContext,
  type RequestOf,
} from '@tearoff/contracts';
import { DataSource } from 'typeorm';
import { CampaignEntity } from '../campaigns/campaign.entity';
import { campaignNotFound } from '../campaigns/campaigns.errors';
import { Clock } from '@tearoff/service-kit';
import { closedBecause } from '../coupons/issue-request';
import { messages } from '../coupons/refusals';
import { recordErrors } from '../jobs/job-errors';
import { JobEntity, jobOf } from '../jobs/job.entity';
import { keptErrors } from '../jobs/job.lease';
import { brokenOff, lockUpload, unreadable } from '../jobs/job.upload';
import { JobsService } from '../jobs/jobs.service';
import { chunkOutOfOrder, listClosed } from './distributions.errors';
import { dropList, stageRows } from './list-rows';

/** Takes a list in, chunk by chunk, to a place where no one is served from. */
@Injectable()
export class DistributionsService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly jobs: JobsService,
    private readonly clock: Clock,
  ) {}

  async begin(request: RequestOf<typeof BeginDistribution>, context?: MessageContext): Promise<Job> {
    const { accountId, campaignId, channel, message = null, source = null } = request;
    const campaign = await this.dataSource.manager.findOneBy(CampaignEntity, { id: campaignId, accountId });
    if (!campaign) throw campaignNotFound();
    if (campaign.type === 'game') throw conflict('campaign.is_game', messages['campaign.is_game']);
    const closed = closedBecause(campaign, this.clock.now());
    if (closed) throw conflict(closed.reason, closed.message);
    // Not the request's trace: it would last as long as the list.
    const { correlationId } = context ?? {};
    return this.jobs.create({
      accountId,
      campaignId,
      kind: 'distribution',
      total: 0,
      ready: false,
      list: { channel, message, source, context: correlationId === undefined ? null : { correlationId } },
    });
  }

  append({ accountId, jobId, chunk, rows, faults = [] }: RequestOf<typeof AppendRecipients>): Promise<void> {
    return this.dataSource.transaction('READ COMMITTED', async (tx) => {
      const job = await lockUpload(tx, 'distribution', accountId, jobId);
      if (job.finishedAt || job.ready) throw listClosed();
      if (chunk < job.nextChunk) return;
      if (chunk > job.nextChunk) throw chunkOutOfOrder(job.nextChunk);
      await stageRows(tx, jobId, rows);
      await recordErrors(tx, jobId, unreadable(faults));
      await tx.update(JobEntity, jobId, {
        total: job.total! + rows.length + faults.length,
        failed: job.failed + faults.length,
        errors: keptErrors(job.errors, faults),
        nextChunk: chunk + 1,
        touchedAt: () => 'now()',
      });
    });
  }

  async finish({ accountId, jobId, abandon = false }: RequestOf<typeof FinishDistribution>): Promise<Job> {
    const job = await this.dataSource.transaction('READ COMMITTED', async (tx) => {
      const row = await lockUpload(tx, 'distribution', accountId, jobId);
      if (row.finishedAt || row.ready) return row;
      if (abandon) {
        await dropList(tx, jobId);
        return tx.save(JobEntity, brokenOff(row, 'the upload broke off; no one was served'));
      }
      return tx.save(JobEntity, Object.assign(row, { ready: true }));
    });
    this.jobs.wake();
    return jobOf(job);
  }
}

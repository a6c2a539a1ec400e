import { Injectable } from '@nestjs/common';
import type { AppendCodes, BeginCodeImport, FinishCodeImport, Job, RequestOf } from '@tearoff/contracts';
import { DataSource, type EntityManager } from 'typeorm';
import { CampaignEntity } from '../campaigns/campaign.entity';
import { campaignNotFound } from '../campaigns/campaigns.errors';
import { Clock } from '@tearoff/service-kit';
import { JobEntity, jobOf } from '../jobs/job.entity';
import { keptErrors } from '../jobs/job.lease';
import { recordErrors } from '../jobs/job-errors';
import { brokenOff, faultOf, lineError, lockUpload, unreadable } from '../jobs/job.upload';
import { JobsService } from '../jobs/jobs.service';
import { chunkOutOfOrder, codesNotImported, importClosed } from './codes.errors';
import { readLine, type StagedCode } from './import-line';
import { stage } from './staged-codes';

/** Takes an import in, chunk by chunk, to a place where nothing is given out from. */
@Injectable()
export class CodeImportService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly jobs: JobsService,
    private readonly clock: Clock,
  ) {}

  async begin({ accountId, campaignId }: RequestOf<typeof BeginCodeImport>): Promise<Job> {
    const campaign = await this.dataSource.manager.findOneBy(CampaignEntity, { id: campaignId, accountId });
    if (!campaign) throw campaignNotFound();
    if (campaign.codes.source !== 'imported') throw codesNotImported();
    return this.jobs.create({ accountId, campaignId, kind: 'codes.import', total: 0, ready: false });
  }

  append({ accountId, jobId, chunk, lines, faults = [] }: RequestOf<typeof AppendCodes>): Promise<void> {
    return this.dataSource.transaction('READ COMMITTED', async (tx) => {
      const job = await lockUpload(tx, 'codes.import', accountId, jobId);
      if (job.finishedAt || job.ready) throw importClosed();
      if (chunk < job.nextChunk) return;
      if (chunk > job.nextChunk) throw chunkOutOfOrder(job.nextChunk);
      const read: StagedCode[] = [];
      const errors = unreadable(faults);
      const campaign = await campaignOf(tx, job);
      const now = this.clock.now();
      for (const line of lines) {
        const result = readLine(line, campaign, now);
        if ('message' in result) errors.push(lineError(line.line, result.code, result.message));
        else read.push(result);
      }
      errors.push(...(await stage(tx, job, read)));
      errors.sort((a, b) => a.line - b.line);
      await recordErrors(tx, jobId, errors);
      await tx.update(JobEntity, job.id, {
        status: 'running',
        total: job.total! + lines.length + faults.length,
        failed: job.failed + errors.length,
        errors: keptErrors(job.errors, errors.map(faultOf)),
        nextChunk: chunk + 1,
        touchedAt: () => 'now()',
      });
    });
  }

  async finish({ accountId, jobId, abandon = false }: RequestOf<typeof FinishCodeImport>): Promise<Job> {
    const job = await this.dataSource.transaction('READ COMMITTED', async (tx) => {
      const row = await lockUpload(tx, 'codes.import', accountId, jobId);
      if (row.finishedAt || row.ready) return row;
      if (abandon) {
        await tx.query(`delete from code_import where job_id = $1`, [row.id]);
        brokenOff(row, 'the upload broke off; none of its codes were kept');
      } else Object.assign(row, { status: 'running', ready: true });
      return tx.save(JobEntity, row);
    });
    this.jobs.wake();
    return jobOf(job);
  }
}

/** As it stays until the chunk is staged: a change of its barcode waits, and then finds the chunk's codes. */
async function campaignOf(
  tx: EntityManager,
  { campaignId }: JobEntity,
): Promise<Pick<CampaignEntity, 'barcode' | 'timezone'>> {
  const [campaign] = (await tx.query(`select barcode, timezone from campaign where id = $1 for share`, [
    campaignId,
  ])) as CampaignEntity[];
  return campaign;
}

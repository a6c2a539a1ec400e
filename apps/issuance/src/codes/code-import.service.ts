import { Injectable } from '@nestjs/common';
import type {
  AppendCodes,
  BeginCodeImport,
  FinishCodeImport,
  Job,
  JobError,
  RequestOf,
} from '@tearoff/contracts';
import { DataSource, type EntityManager } from 'typeorm';
import { CampaignEntity } from '../campaigns/campaign.entity';
import { campaignNotFound } from '../campaigns/campaigns.errors';
import { JobEntity, jobOf } from '../jobs/job.entity';
import { keptErrors } from '../jobs/job.lease';
import { recordErrors } from '../jobs/job-errors';
import { brokenOff, faultOf, lineError, lockUpload, unreadable } from '../jobs/job.upload';
import { JobsService } from '../jobs/jobs.service';
import { chunkOutOfOrder, codesNotImported, importClosed } from './codes.errors';
import { isHeader, readCode, type ReadCode } from './import-line';

/** Takes an import in, chunk by chunk, to a place where nothing is given out from. */
@Injectable()
export class CodeImportService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly jobs: JobsService,
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
      const read: ReadCode[] = [];
      const errors = unreadable(faults);
      for (const line of lines) {
        if (isHeader(line)) continue;
        const result = readCode(line);
        if (typeof result === 'string') errors.push(lineError(line.line, 'code.invalid', result));
        else read.push(result);
      }
      errors.push(...(await stage(tx, job, read)));
      errors.sort((a, b) => a.line - b.line);
      await recordErrors(tx, jobId, errors);
      await tx.update(JobEntity, job.id, {
        status: 'running',
        total: job.total! + lines.filter((line) => !isHeader(line)).length + faults.length,
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

/** Keeps what is new; tells which lines are not. */
async function stage(tx: EntityManager, job: JobEntity, read: readonly ReadCode[]): Promise<JobError[]> {
  if (read.length === 0) return [];
  const kept = (await tx.query(
    `insert into code_import (job_id, code, printed_code, line)
     select $1, code, printed_code, line from unnest($2::text[], $3::text[], $4::int[]) as read (code, printed_code, line)
     order by code, line on conflict do nothing returning line`,
    [
      job.id,
      read.map(({ code }) => code),
      read.map(({ printedCode }) => printedCode),
      read.map(({ line }) => line),
    ],
  )) as { line: number }[];
  const staged = new Set(kept.map(({ line }) => line));
  const twice = read
    .filter(({ line }) => !staged.has(line))
    .map(({ line }) => lineError(line, 'code.duplicate', 'is in the file twice'));
  const codes = read.filter(({ line }) => staged.has(line)).map(({ code }) => code);
  const known = await knownAmong(tx, job.accountId, codes);
  return known.length > 0 ? [...twice, ...(await dropKnown(tx, job, known))] : twice;
}

/**
 * Those that the account has already. Each is looked up by itself: for a join the planner may read all codes of the
 * account, or all that are staged, for each chunk of a long file.
 */
async function knownAmong(tx: EntityManager, accountId: string, codes: readonly string[]): Promise<string[]> {
  const rows = (await tx.query(
    `select asked.code from unnest($2::text[]) as asked (code)
     cross join lateral (
       (select 1 from stack_code where stack_code.code = asked.code and stack_code.account_id = $1)
       union all (select 1 from coupon where coupon.code = asked.code and coupon.account_id = $1)
       limit 1
     ) as found`,
    [accountId, codes],
  )) as { code: string }[];
  return rows.map(({ code }) => code);
}

/** Takes out what the account has already, in a stack or given out. `codes`: of all staged ones when absent. */
export async function dropKnown(
  tx: EntityManager,
  { id, accountId }: Pick<JobEntity, 'id' | 'accountId'>,
  codes?: readonly string[],
): Promise<JobError[]> {
  const [rows] = (await tx.query(
    `delete from code_import staged
     where job_id = $1 and ($3::text[] is null or code = any($3))
       and (exists (select from stack_code known where known.code = staged.code and known.account_id = $2)
            or exists (select from coupon known where known.code = staged.code and known.account_id = $2))
     returning line`,
    [id, accountId, codes ?? null],
  )) as [{ line: number }[], number];
  return rows
    .map(({ line }) => line)
    .sort((a, b) => a - b)
    .map((line) => lineError(line, 'code.taken', 'is already a code of this account'));
}

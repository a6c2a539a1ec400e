import { randomFillSync } from 'node:crypto';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { setImmediate as onceWritten } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { markDriverError } from '@tearoff/contracts';
import type { PoolClient } from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import { DataSource, type EntityManager } from 'typeorm';
import { CampaignEntity } from '../campaigns/campaign.entity';
import { JobEntity } from '../jobs/job.entity';
import { advance, holdJob } from '../jobs/job.lease';
import { ampleSpace } from './code-format';
import { generatorOf, spaceOf } from './code-patterns';
import { CodeSupply } from './code-supply';
import { spaceExhausted } from './codes.errors';
import { topUpAgain } from './low-stock';
import { lockStack, stackGrown } from './stack-loading';

/** Small enough that making them does not hold up a process that also answers requests (some 30 ms). */
const chunkSize = 20_000;

/** Where the rows of a stack are copied to; a benchmark copies the same way. */
export const copyStackCodes = 'copy stack_code (account_id, campaign_id, ticket, code) from stdin';

/** Fills a stack with generated codes: each chunk and its share of the job's progress commit together. */
@Injectable()
export class GenerateCodesJob {
  /** The next chunk's codes, made while the database takes the last one in. */
  private ahead: { jobId: string; codes: string[] } | null = null;

  constructor(
    private readonly dataSource: DataSource,
    private readonly codes: CodeSupply,
  ) {}

  /** One chunk. False = there is no more to do, or another worker has taken the job over. */
  step(job: JobEntity, worker: string): Promise<boolean> {
    return this.dataSource.transaction('READ COMMITTED', async (tx) => {
      const held = await holdJob(tx, job.id, worker);
      if (!held) return false;
      const campaign = await tx.findOneByOrFail(CampaignEntity, { id: job.campaignId! });
      const left = held.total! - held.done;
      const count = Math.min(chunkSize, left);
      const base = await lockStack(tx, campaign.id);
      const codes = await this.next(tx, job, campaign, count);
      if (codes.length < count) throw spaceExhausted();
      const copied = copy(tx, stackRows(campaign, base, codes));
      await Promise.all([copied, this.prepare(job, campaign, Math.min(chunkSize, left - count))]);
      await stackGrown(tx, campaign.id, count);
      await advance(tx, job.id, { done: count, finished: count === left });
      if (count === left) await topUpAgain(tx, campaign);
      return count < left;
    });
  }

  private async next(
    tx: EntityManager,
    job: JobEntity,
    campaign: CampaignEntity,
    count: number,
  ): Promise<string[]> {
    const { ahead } = this;
    this.ahead = null;
    if (ahead?.jobId === job.id && ahead.codes.length === count) return ahead.codes;
    return (await this.codes.fresh(campaign, count, tx)).map(({ code }) => code);
  }

  /** Only where codes need not be looked up first. */
  private async prepare({ id }: JobEntity, campaign: CampaignEntity, count: number): Promise<void> {
    if (count === 0 || spaceOf(campaign) < ampleSpace) return;
    await onceWritten();
    this.ahead = { jobId: id, codes: generatorOf(campaign).distinct(count) };
  }
}

/**
 * COPY lines. In the order of the codes, for the unique index takes them a third faster so; with the tickets
 * shuffled, for a code must not tell what the next one given out is near to.
 */
export function stackRows(
  { id, accountId }: Pick<CampaignEntity, 'id' | 'accountId'>,
  base: number,
  codes: string[],
): string[] {
  const tickets = Array.from(codes, (_, index) => base + index + 1);
  const random = randomFillSync(new Uint32Array(tickets.length));
  for (let last = tickets.length - 1; last > 0; last--) {
    const other = random[last] % (last + 1);
    [tickets[last], tickets[other]] = [tickets[other], tickets[last]];
  }
  return codes.sort().map((code, index) => `${accountId}\t${id}\t${tickets[index]}\t${code}\n`);
}

async function copy(tx: EntityManager, rows: readonly string[]): Promise<void> {
  const client = (await tx.queryRunner!.connect()) as PoolClient;
  // In one piece: the sockets' buffers then feed the server while the next chunk is made.
  await pipeline(Readable.from([rows.join('')]), client.query(copyFrom(copyStackCodes))).catch(
    (error: unknown) => {
      throw markDriverError(error);
    },
  );
}

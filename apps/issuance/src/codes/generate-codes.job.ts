import { randomInt } from 'node:crypto';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { Injectable } from '@nestjs/common';
import type { PoolClient } from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import { DataSource, type EntityManager } from 'typeorm';
import { CampaignEntity } from '../campaigns/campaign.entity';
import { JobEntity } from '../jobs/job.entity';
import { advance, holdJob } from '../jobs/job.lease';
import { CodeSupply } from './code-supply';
import { spaceExhausted } from './codes.errors';
import { lockStack, stackGrown } from './stack-loading';

/** Small enough that making them does not hold up a process that also answers requests (some 30 ms). */
const chunkSize = 20_000;

/** Where the rows of a stack are copied to; a benchmark copies the same way. */
export const copyStackCodes = 'copy stack_code (account_id, campaign_id, ticket, code) from stdin';

/** Fills a stack with generated codes: each chunk and its share of the job's progress commit together. */
@Injectable()
export class GenerateCodesJob {
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
      const count = Math.min(chunkSize, held.total! - held.done);
      const base = await lockStack(tx, campaign.id);
      const codes = (await this.codes.fresh(campaign, count, tx)).map(({ code }) => code);
      if (codes.length < count) throw spaceExhausted();
      await copy(tx, stackRows(campaign, base, codes));
      await stackGrown(tx, campaign.id, count);
      const finished = held.done + count >= held.total!;
      await advance(tx, job.id, { done: count, finished });
      return !finished;
    });
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
  for (let last = tickets.length - 1; last > 0; last--) {
    const other = randomInt(last + 1);
    [tickets[last], tickets[other]] = [tickets[other], tickets[last]];
  }
  return codes.sort().map((code, index) => `${accountId}\t${id}\t${tickets[index]}\t${code}\n`);
}

async function copy(tx: EntityManager, rows: readonly string[]): Promise<void> {
  const client = (await tx.queryRunner!.connect()) as PoolClient;
  const parts = Array.from({ length: Math.ceil(rows.length / 1_000) }, (_, part) =>
    rows.slice(part * 1_000, (part + 1) * 1_000).join(''),
  );
  await pipeline(Readable.from(parts), client.query(copyFrom(copyStackCodes)));
}

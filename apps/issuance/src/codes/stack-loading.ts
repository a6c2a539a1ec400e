import type { EntityManager } from 'typeorm';
import { setLanes } from '../campaigns/campaign-counters';

/**
 * How many tickets the stack has. Until the transaction ends no one else adds to it; issuers go on giving
 * out what is there, for the counter they wait on is taken only by `stackGrown`.
 */
export async function lockStack(tx: EntityManager, campaignId: string): Promise<number> {
  await tx.query(`select pg_advisory_xact_lock(hashtextextended('stack ' || $1, 0))`, [campaignId]);
  const [row] = (await tx.query(
    `select stocked::int from campaign_counter where campaign_id = $1 and lane = 0`,
    [campaignId],
  )) as { stocked: number }[];
  return row.stocked;
}

/** Puts `count` new tickets on offer when the transaction commits; above `lowStock`, a low stack will be told of again. */
export async function stackGrown(tx: EntityManager, campaignId: string, count: number): Promise<void> {
  await tx.query(`update campaign set stacked = true where id = $1 and not stacked`, [campaignId]);
  await setLanes(tx, campaignId, false);
  await tx.query(
    `update campaign_counter set stocked = stocked + $2,
       low_told = low_told and stocked + $2 - taken
         <= coalesce((select (codes->>'lowStock')::bigint from campaign where id = $1), -1)
     where campaign_id = $1 and lane = 0`,
    [campaignId, count],
  );
}

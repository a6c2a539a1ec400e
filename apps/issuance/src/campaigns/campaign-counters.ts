import type { EntityManager } from 'typeorm';
import type { CampaignSettings } from './campaign.settings';
import { hasBoundedOffers } from './offer-counters';

/** Lanes beside lane 0 of a campaign whose count no one waits for. */
export const openLanes = 16;

export interface Counters {
  issued: number;
  taken: number;
  stocked: number;
}

/** Whether coupons of it may be counted side by side: nothing depends on the exact number, nothing is drawn. */
export const isOpen = (
  { type, limits, codes, offers }: Pick<CampaignSettings, 'type' | 'limits' | 'codes' | 'offers'>,
  stacked: boolean,
): boolean =>
  (type === 'direct' || type === 'choice') &&
  limits.total === null &&
  codes.source === 'generated' &&
  !stacked &&
  !hasBoundedOffers({ offers });

export async function createCounters(tx: EntityManager, campaignId: string, open: boolean): Promise<void> {
  await tx.query(
    `insert into campaign_counter (campaign_id, lane) select $1, lane from generate_series(0, $2::int) as lane`,
    [campaignId, open ? openLanes : 0],
  );
}

/** Holds up every issuer of the campaign and tells the exact counts. */
export async function lockCounters(tx: EntityManager, campaignId: string): Promise<Counters> {
  const rows = (await tx.query(
    `select issued::int, taken::int, stocked::int from campaign_counter where campaign_id = $1 order by lane for update`,
    [campaignId],
  )) as Counters[];
  return rows.reduce((sum, row) => ({
    issued: sum.issued + row.issued,
    taken: sum.taken + row.taken,
    stocked: sum.stocked + row.stocked,
  }));
}

/**
 * Adds lanes or folds them into lane 0. An issuer that waits for a lane which goes away finds no row, and
 * begins again with the campaign as it is then.
 */
export async function setLanes(tx: EntityManager, campaignId: string, open: boolean): Promise<void> {
  if (open) {
    await tx.query(
      `insert into campaign_counter (campaign_id, lane)
       select $1, lane from generate_series(1, $2::int) as lane on conflict do nothing`,
      [campaignId, openLanes],
    );
    return;
  }
  await tx.query(
    `with gone as (delete from campaign_counter where campaign_id = $1 and lane > 0 returning issued)
     update campaign_counter set issued = issued + (select sum(issued) from gone)
     where campaign_id = $1 and lane = 0 and exists (select from gone)`,
    [campaignId],
  );
}

/** Counts as they stand, of many campaigns. */
export async function readCounters(
  manager: EntityManager,
  campaignIds: readonly string[],
): Promise<Map<string, Counters>> {
  const rows = (await manager.query(
    `select campaign_id as id, sum(issued)::int as issued, sum(taken)::int as taken, sum(stocked)::int as stocked
     from campaign_counter where campaign_id = any($1) group by campaign_id`,
    [campaignIds],
  )) as (Counters & { id: string })[];
  return new Map(rows.map(({ id, ...counters }) => [id, counters]));
}

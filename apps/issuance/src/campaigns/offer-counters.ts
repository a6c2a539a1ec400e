import type { Offer } from '@tearoff/contracts';
import type { EntityManager } from 'typeorm';

/** Only then are coupons counted by offer, by those who hold lane 0 of the campaign. */
export const hasBoundedOffers = ({ offers }: { offers: readonly Offer[] }): boolean =>
  offers.some(({ total }) => total !== null && total !== undefined);

export async function readOfferCounts(
  tx: EntityManager,
  campaignId: string,
): Promise<ReadonlyMap<string, number>> {
  const rows = (await tx.query(
    `select offer_id as id, issued::int from offer_counter where campaign_id = $1`,
    [campaignId],
  )) as { id: string; issued: number }[];
  return new Map(rows.map(({ id, issued }) => [id, issued]));
}

export async function addToOfferCounts(
  tx: EntityManager,
  campaignId: string,
  given: ReadonlyMap<string, number>,
): Promise<void> {
  if (given.size === 0) return;
  await tx.query(
    `insert into offer_counter as kept (campaign_id, offer_id, issued)
     select $1, id, issued from unnest($2::text[], $3::int[]) as given (id, issued)
     on conflict (campaign_id, offer_id) do update set issued = kept.issued + excluded.issued`,
    [campaignId, [...given.keys()], [...given.values()]],
  );
}

/** When a first offer gets a total: what went out before was not counted. The caller holds all lanes. */
export async function recountOffers(tx: EntityManager, campaignId: string): Promise<void> {
  await tx.query(`delete from offer_counter where campaign_id = $1`, [campaignId]);
  await tx.query(
    `insert into offer_counter (campaign_id, offer_id, issued)
     select campaign_id, offer_id, count(*) from coupon
     where campaign_id = $1 and offer_id is not null group by campaign_id, offer_id`,
    [campaignId],
  );
}

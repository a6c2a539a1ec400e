import { Injectable } from '@nestjs/common';
import { CouponHolderErased, personIdentifiers, type PersonErasedItem } from '@tearoff/contracts';
import { DeadLetters, Outbox, type Transaction } from '@tearoff/messaging';
import { In } from 'typeorm';
import { CampaignEntity } from '../campaigns/campaign.entity';
import { CouponEntity } from '../coupons/coupon.entity';
import { PlayerEntity } from '../games/player.entity';
import { forgetInLists } from './erased-rows';
import { keysOfHolder, keysOfPerson } from './person-keys';
import { couponsOf, playersOf, type Found } from './person.sql';

const againAfterMs = 15 * 60_000;

/** Coupons, codes, counts and plays stay, and belong to no one any more; their limits go with their slots. */
@Injectable()
export class Erasing {
  constructor(
    private readonly outbox: Outbox,
    private readonly deadLetters: DeadLetters,
  ) {}

  async erase(tx: Transaction, erased: readonly PersonErasedItem[]): Promise<void> {
    for (const { accountId, person, at } of erased) {
      const keys = keysOfPerson(person);
      const coupons = await couponsOf(tx, accountId, keys);
      const players = await playersOf(tx, accountId, keys);
      const campaigns = await lockCampaigns(tx, [...coupons, ...players]);
      await this.forgetCoupons(tx, accountId, coupons, campaigns, at);
      await forgetPlayers(tx, players, campaigns);
      await forgetInLists(tx, accountId, person, keys);
      await this.deadLetters.erase(tx, accountId, personIdentifiers(person));
    }
  }

  private async forgetCoupons(
    tx: Transaction,
    accountId: string,
    found: readonly Found[],
    campaigns: ReadonlyMap<string, CampaignEntity>,
    at: string,
  ): Promise<void> {
    if (found.length === 0) return;
    const coupons = await tx.find(CouponEntity, {
      where: { accountId, id: In(found.map(({ id }) => id)) },
      order: { id: 'ASC' },
      lock: { mode: 'pessimistic_write' },
    });
    const slots = coupons.flatMap((coupon) =>
      keysOfHolder(coupon, campaigns.get(coupon.campaignId)!.limits).map((key) => ({ key, coupon })),
    );
    await tx.query(
      `delete from slot using unnest($1::text[], $2::text[], $3::text[]) as gone (key, campaign_id, coupon_id)
       where slot.key = gone.key and slot.campaign_id = gone.campaign_id and slot.coupon_id = gone.coupon_id`,
      [
        slots.map(({ key }) => key),
        slots.map(({ coupon }) => coupon.campaignId),
        slots.map(({ coupon }) => coupon.id),
      ],
    );
    await tx.query(
      `update coupon set recipient = '{}', metadata = null, deliveries = '[]'
       where account_id = $1 and id = any($2::text[])`,
      [accountId, coupons.map(({ id }) => id)],
    );
    const items = coupons.map(({ id }) => ({ accountId, couponId: id, at }));
    await this.outbox.add(tx, CouponHolderErased, items);
    // A message that is on its way now holds their address until it has gone.
    const availableAt = new Date(Date.now() + againAfterMs);
    await this.outbox.add(tx, CouponHolderErased, items, { availableAt });
  }
}

/** Anyone who issues to them now has read their coupon, and would write their names into it again: this waits for it first. */
async function lockCampaigns(tx: Transaction, found: readonly Found[]): Promise<Map<string, CampaignEntity>> {
  const ids = [...new Set(found.map(({ campaignId }) => campaignId))];
  await tx.query(
    `select from campaign_counter where campaign_id = any($1::text[]) and lane = 0 order by campaign_id for update`,
    [ids],
  );
  const campaigns = await tx.findBy(CampaignEntity, { id: In(ids) });
  return new Map(campaigns.map((campaign) => [campaign.id, campaign]));
}

async function forgetPlayers(
  tx: Transaction,
  found: readonly Found[],
  campaigns: ReadonlyMap<string, CampaignEntity>,
): Promise<void> {
  if (found.length === 0) return;
  const players = await tx.findBy(PlayerEntity, { id: In(found.map(({ id }) => id)) });
  const keys = players.flatMap((player) =>
    keysOfHolder(player, campaigns.get(player.campaignId)!.limits).map((key) => ({ key, player })),
  );
  await tx.query(
    `delete from player_key using unnest($1::text[], $2::text[], $3::text[]) as gone (key, campaign_id, player_id)
     where player_key.key = gone.key and player_key.campaign_id = gone.campaign_id
       and player_key.player_id = gone.player_id`,
    [
      keys.map(({ key }) => key),
      keys.map(({ player }) => player.campaignId),
      keys.map(({ player }) => player.id),
    ],
  );
  await tx.query(`update player set recipient = '{}' where id = any($1::text[])`, [
    players.map(({ id }) => id),
  ]);
}

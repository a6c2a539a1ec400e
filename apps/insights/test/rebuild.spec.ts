import {
  CampaignChanged,
  CouponIssued,
  CouponRedeemed,
  CouponVoided,
  DeliverySettled,
  GetFunnel,
  GetRebuild,
  RebuildReports,
  RedemptionReversed,
  type Campaign,
  type Coupon,
  type CouponIssuedItem,
  type CouponRedeemedItem,
  type CouponVoided as Voided,
  type Delivery,
  type DeliverySettled as Settled,
  type ItemOf,
} from '@tearoff/contracts';
import { eventually, overBothTransports } from '@tearoff/testing';
import { issuedOf } from './builders';
import { historyOf, randomOf } from './histories';
import type { Owners } from './owners.stand-in';
import { newAccount, World, type Told } from './world';

/** The owners do what an event tells of, before it is told. */
function happen(owners: Owners, [{ type }, ...items]: Told): void {
  for (const item of items) {
    switch (type) {
      case CampaignChanged.type:
        owners.campaigns.set((item as Campaign).id, item as Campaign);
        break;
      case CouponIssued.type: {
        const { couponId: id, ...coupon } = item as CouponIssuedItem;
        owners.coupons.set(id, { ...coupon, id, status: 'issued', voidedAt: null } as unknown as Coupon);
        break;
      }
      case CouponVoided.type: {
        const { couponId, voidedAt } = item as ItemOf<typeof Voided>;
        owners.coupons.get(couponId)!.voidedAt ??= voidedAt;
        break;
      }
      case CouponRedeemed.type: {
        const { redemptionId: id, ...rest } = item as CouponRedeemedItem;
        owners.redemptions.set(id, { id, ...rest, reversedAt: null, reverseReason: null });
        break;
      }
      case RedemptionReversed.type: {
        const { redemptionId, reversedAt } = item as ItemOf<typeof RedemptionReversed>;
        owners.redemptions.get(redemptionId)!.reversedAt = reversedAt;
        break;
      }
      case DeliverySettled.type: {
        const { deliveryId: id, at, ...rest } = item as ItemOf<typeof Settled>;
        const sentAt = rest.status === 'sent' ? at : null;
        owners.deliveries.set(id, { id, ...rest, sentAt } as unknown as Delivery);
        break;
      }
    }
  }
}

overBothTransports((means) => {
  let world: World;
  beforeEach(async () => {
    world = await World.start(means, 2);
  });
  afterEach(() => world.stop());

  /** First to the owners, then told; as a history it voids at most once. */
  async function live(events: readonly Told[]): Promise<void> {
    for (const event of events) happen(world.owners, event);
    await world.tell(...events);
  }

  const rebuilt = (accountId: string) =>
    eventually(
      async () => {
        const rebuild = await world.ask(GetRebuild, { accountId });
        expect(rebuild).toMatchObject({ state: 'done', error: null });
        return rebuild;
      },
      { timeoutMs: 30_000 },
    );

  const wipe = async (accountId: string): Promise<void> => {
    for (const table of ['campaign', 'coupon_fact', 'redemption_fact'])
      await world.dataSource.query(`delete from ${table} where account_id = $1`, [accountId]);
  };

  it('what the owners list makes the same read models as the events did, whatever became of those', async () => {
    const accountId = newAccount();
    const neighbour = newAccount();
    await live(historyOf(accountId, 15, randomOf(7)));
    await live(historyOf(neighbour, 5, randomOf(8)));
    const [before, others] = [await world.models(accountId), await world.models(neighbour)];
    await wipe(accountId);
    expect(await world.ask(RebuildReports, { accountId })).toMatchObject({ finishedAt: null });
    const rebuild = await rebuilt(accountId);
    expect(rebuild).toMatchObject({
      campaigns: 1,
      coupons: 15,
      redemptions: before.redemption_fact.length,
    });
    expect(await world.models(accountId)).toEqual(before);
    expect(await world.models(neighbour)).toEqual(others);
    await eventually(async () => {
      const rows = (await world.dataSource.query(
        `select distinct generation from coupon_fact where account_id = $1`,
        [accountId],
      )) as unknown[];
      expect(rows).toHaveLength(1);
    });
  }, 60_000);

  it('what happens while it reads is in what is shown now and in what will be shown', async () => {
    const accountId = newAccount();
    const history = historyOf(accountId, 24, randomOf(9));
    const half = Math.floor(history.length / 2);
    await live(history.slice(0, half));
    const rest = history.slice(half);
    // Before each page something more happens and is handled: above the cursor, below it, to what was read already.
    world.owners.beforePage = async () => {
      const next = rest.splice(0, 3);
      if (next.length > 0) await live(next);
    };
    await world.ask(RebuildReports, { accountId });
    await rebuilt(accountId);
    await live(rest.splice(0));
    const concurrent = await world.models(accountId);

    // The same history without any rebuild, on a second read model of its own.
    world.owners.beforePage = () => Promise.resolve();
    await world.dataSource.query(`delete from read_model`);
    for (const table of ['campaign', 'coupon_fact', 'redemption_fact', 'face_opening', 'traffic'])
      await world.dataSource.query(`delete from ${table} where account_id = $1`, [accountId]);
    await world.tell(...history);
    expect(concurrent).toEqual(await world.models(accountId));
  }, 60_000);

  it('a void that issuance has not heard of yet stays told', async () => {
    const accountId = newAccount();
    await live(historyOf(accountId, 15, randomOf(7)));
    const before = await world.models(accountId);
    const coupons = [...world.owners.coupons.values()].filter((coupon) => coupon.accountId === accountId);
    expect(coupons.some(({ voidedAt }) => voidedAt !== null)).toBe(true);
    for (const coupon of coupons) coupon.voidedAt = null;
    await world.ask(RebuildReports, { accountId });
    await rebuilt(accountId);
    expect(await world.models(accountId)).toEqual(before);
  }, 60_000);

  it('the old figures are shown until it is done; asked again meanwhile it is the same one', async () => {
    const accountId = newAccount();
    await live(historyOf(accountId, 6, randomOf(3)));
    const issued = async () => (await world.ask(GetFunnel, { accountId, groupBy: [] })).total.issued;
    const seen: number[] = [];
    const states: string[] = [];
    world.owners.beforePage = async () => {
      seen.push(await issued());
      states.push((await world.ask(RebuildReports, { accountId })).state);
    };
    await world.ask(RebuildReports, { accountId });
    await rebuilt(accountId);
    expect(new Set(seen)).toEqual(new Set([6]));
    expect(new Set(states)).toEqual(new Set(['running']));
    const generations = (await world.dataSource.query(`select live from read_model`)) as { live: number }[];
    expect(generations).toEqual([{ live: 2 }]);
  }, 60_000);

  it('leaves what another account is having rebuilt at the same time as it is', async () => {
    const [accountId, other] = [newAccount(), newAccount()];
    await live(historyOf(accountId, 6, randomOf(5)));
    // Under way in another process, which is alive, and of the same generation.
    await world.dataSource.query(
      `insert into read_model (account_id, live, building, state, requested_at, beat_at)
       values ($1, 1, 2, 'running', now(), now() + interval '1 hour')`,
      [other],
    );
    const rowOf = () => world.dataSource.query('select * from read_model where account_id = $1', [other]);
    const before = await rowOf();
    await world.ask(RebuildReports, { accountId });
    await rebuilt(accountId);
    expect(await rowOf()).toEqual(before);
  }, 60_000);

  it('one whose process has died is begun again, and nothing of the dead one stays', async () => {
    const accountId = newAccount();
    await live(historyOf(accountId, 6, randomOf(4)));
    const before = await world.models(accountId);
    await world.dataSource.query(
      `insert into read_model (account_id, live, building, state, requested_at, beat_at)
       values ($1, 1, 2, 'running', now(), now() - interval '5 minutes')`,
      [accountId],
    );
    // Half a page of the dead one's, of a coupon that is none.
    const ghost = issuedOf({ accountId, id: 'cam_ghost' } as Campaign);
    await world.dataSource.query(
      `insert into coupon_fact (account_id, generation, coupon_id, campaign_id, issued_at) values ($1, 2, $2, $3, now())`,
      [accountId, ghost.couponId, ghost.campaignId],
    );
    const fresh = await world.launch();
    world.services.push(fresh);
    await rebuilt(accountId);
    expect(await world.models(accountId)).toEqual(before);
  }, 60_000);
});

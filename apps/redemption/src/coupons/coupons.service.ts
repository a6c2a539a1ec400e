import { Injectable } from '@nestjs/common';
import {
  conflict,
  CouponVoided,
  DomainError,
  notFound,
  type CouponState,
  type GetCouponState,
  type MessageContext,
  type RequestOf,
  type VoidCoupon,
} from '@tearoff/contracts';
import { Outbox, type Transaction } from '@tearoff/messaging';
import { assertStorable, prepared, retryOnConflict } from '@tearoff/service-kit';
import { DataSource } from 'typeorm';
import { codeOf, keyOf } from '../redemptions/question';
import { couponState, CouponEntity } from './coupon.entity';
import { nextInstant, noReservedTill } from './coupon.sql';
import { CouponLookup } from './coupon-lookup';

interface StateRow {
  pos: number;
  state: number;
  redeemed_at: Date | null;
  redeemed_store_id: string | null;
  redeemed_channel: CouponState['channel'];
  store_name: string | null;
  voided_at: Date | null;
}

const stateStatement = {
  name: 'coupon-state',
  text: `select q.pos, c.state, c.redeemed_at, c.redeemed_store_id, c.redeemed_channel, s.name as store_name, c.voided_at
    from unnest($1::int[], $2::text[], $3::text[]) as q (pos, account_id, code)
    join coupon c on c.account_id = q.account_id and c.code = q.code
    left join store s on s.account_id = c.account_id and s.id = c.redeemed_store_id`,
};

const unknownState: CouponState = {
  state: 'unknown',
  redeemedAt: null,
  storeId: null,
  storeName: null,
  channel: null,
  voidedAt: null,
};

const couponNotFound = () => notFound('coupon.not_found', 'There is no such coupon.');

@Injectable()
export class CouponsService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly outbox: Outbox,
    private readonly lookup: CouponLookup,
  ) {}

  async states(requests: readonly RequestOf<typeof GetCouponState>[]): Promise<CouponState[]> {
    const states = requests.map(() => unknownState);
    const known = requests.flatMap(({ accountId, code: text }, pos) => {
      const code = codeOf(text);
      return code ? { pos, accountId, code } : [];
    });
    if (known.length === 0) return states;
    const rows = await prepared<StateRow>(this.dataSource, stateStatement, [
      known.map(({ pos }) => pos),
      known.map(({ accountId }) => accountId),
      known.map(({ code }) => code),
    ]);
    for (const row of rows) states[row.pos] = viewOf(row);
    return states;
  }

  /** Withdraws a coupon for good; one that is withdrawn already stays as it is. */
  async void(
    { accountId, code: text, reason }: RequestOf<typeof VoidCoupon>,
    context?: MessageContext,
  ): Promise<CouponState> {
    assertStorable(reason ?? null);
    const code = codeOf(text);
    if (!code) throw couponNotFound();
    const key = { accountId, code };
    if (!(await this.dataSource.getRepository(CouponEntity).existsBy(key))) {
      const found = (await this.lookup.fetch([{ ...key, context }])).get(keyOf(key));
      if (found instanceof DomainError) throw found;
      if (!found) throw couponNotFound();
    }
    await retryOnConflict(() =>
      this.outbox.transaction((tx) => this.voidIn(tx, key, reason ?? null, context)),
    );
    return (await this.states([key]))[0];
  }

  private async voidIn(
    tx: Transaction,
    key: { accountId: string; code: string },
    reason: string | null,
    context?: MessageContext,
  ): Promise<void> {
    const coupon = await tx.findOneOrFail(CouponEntity, { where: key, lock: { mode: 'pessimistic_write' } });
    if (coupon.state === couponState.voided) return;
    if (coupon.state === couponState.redeemed)
      throw conflict('coupon.already_redeemed', 'The coupon was redeemed and cannot be withdrawn.', {
        redeemedAt: coupon.redeemedAt?.toISOString(),
        storeId: coupon.redeemedStoreId,
      });
    const [rows] = (await tx.query(
      `update coupon c set state = ${couponState.voided}, voided_at = ${nextInstant}, changed_at = ${nextInstant},
         void_reason = $3, reservation_id = null, ${noReservedTill}
       where account_id = $1 and code = $2 returning voided_at`,
      [key.accountId, key.code, reason],
    )) as [{ voided_at: Date }[], number];
    const item = {
      accountId: key.accountId,
      couponId: coupon.couponId,
      campaignId: coupon.campaignId,
      code: coupon.printedCode ?? coupon.code,
      voidedAt: rows[0].voided_at.toISOString(),
      reason,
    };
    await this.outbox.add(tx, CouponVoided, [item], { contexts: [context ?? null] });
  }
}

const names = ['issued', 'redeemed', 'voided'] as const;

const viewOf = (row: StateRow): CouponState => ({
  state: names[row.state],
  redeemedAt: row.redeemed_at?.toISOString() ?? null,
  storeId: row.redeemed_store_id,
  storeName: row.store_name,
  channel: row.redeemed_channel,
  voidedAt: row.voided_at?.toISOString() ?? null,
});

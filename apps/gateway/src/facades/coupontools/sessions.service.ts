import { Injectable } from '@nestjs/common';
import {
  GetCoupon,
  GetCouponPageOpenings,
  ListRedemptions,
  SearchCoupons,
  type Coupon,
  type MessageContext,
  type Redemption,
} from '@tearoff/contracts';
import { CommandClient } from '@tearoff/messaging';
import { CouponReader } from '../../api/coupons/coupon.reader';
import { failure, unknownSession } from './faults';
import type { SessionFacts } from './session.view';

export type Session = { coupon: Coupon } & SessionFacts;

interface Named {
  campaignId?: string;
  code?: string;
  phone?: string;
  email?: string;
}

/** Coupons as this façade shows them. */
@Injectable()
export class CoupontoolsSessions {
  constructor(
    private readonly commands: CommandClient,
    private readonly coupons: CouponReader,
  ) {}

  /** The newest coupon with this code, or of this person, as it is now. Fails with 505. */
  async find(accountId: string, named: Named, context: MessageContext): Promise<Session> {
    const { data } = await this.commands.send(SearchCoupons, { accountId, ...named, limit: 1 }, { context });
    const [found] = data;
    if (!found) throw failure(unknownSession);
    const coupon = await this.coupons.current(accountId, found.id, context);
    const [openings, redemption] = await Promise.all([
      this.openings(accountId, [coupon], context),
      coupon.redeemedAt === null ? undefined : this.redemptionOf(coupon, context),
    ]);
    return { coupon, openedAt: openings.get(coupon.id) ?? null, redemption };
  }

  /** When their pages were first opened, by coupon; at most 500 of them. */
  async openings(
    accountId: string,
    coupons: readonly Coupon[],
    context: MessageContext,
  ): Promise<Map<string, string>> {
    if (coupons.length === 0) return new Map();
    const couponIds = coupons.map(({ id }) => id);
    const { data } = await this.commands.send(GetCouponPageOpenings, { accountId, couponIds }, { context });
    return new Map(data.map(({ couponId, openedAt }) => [couponId, openedAt]));
  }

  /** The coupons that these redemptions spent. */
  spentBy(redemptions: readonly Redemption[], context: MessageContext): Promise<Coupon[]> {
    return Promise.all(
      redemptions.map(({ accountId, couponId }) =>
        this.commands.send(GetCoupon, { accountId, couponId }, { context }),
      ),
    );
  }

  private async redemptionOf({ accountId, code }: Coupon, context: MessageContext) {
    const request = { accountId, code, limit: 20 };
    const { data } = await this.commands.send(ListRedemptions, request, { context });
    return data.find(({ reversedAt }) => reversedAt === null);
  }
}

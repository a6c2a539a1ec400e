import { Injectable } from '@nestjs/common';
import { DomainError, GetCoupon, GetCouponState, type Coupon, type MessageContext } from '@tearoff/contracts';
import { CommandClient } from '@tearoff/messaging';
import { withState } from './coupon.view';

@Injectable()
export class CouponReader {
  constructor(private readonly commands: CommandClient) {}

  /**
   * The coupon with its owner's word on whether it is spent. While redemption cannot be asked, as issuance has
   * heard of it: a reader is better served by that than by nothing. (A till never reads here.)
   */
  async current(accountId: string, couponId: string, context?: MessageContext): Promise<Coupon> {
    const coupon = await this.commands.send(GetCoupon, { accountId, couponId }, { context });
    try {
      const state = await this.commands.send(GetCouponState, { accountId, code: coupon.code }, { context });
      return withState(coupon, state);
    } catch (error) {
      if (error instanceof DomainError && error.kind === 'unavailable') return coupon;
      throw error;
    }
  }
}

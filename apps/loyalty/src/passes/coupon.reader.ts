import { Injectable } from '@nestjs/common';
import { DomainError, GetCouponState, GetCouponPage, type ReplyOf } from '@tearoff/contracts';
import { CommandClient } from '@tearoff/messaging';
import { couponContent, type PassContent } from './pass-content';

export interface HeldCoupon {
  coupon: ReplyOf<typeof GetCouponPage>['coupon'];
  content: PassContent;
}

/** A coupon as its owners tell it now: what is on it from issuance, whether it is spent from redemption. */
@Injectable()
export class CouponReader {
  constructor(private readonly commands: CommandClient) {}

  /** Fails with `coupon.not_found`, or as unavailable: an old pass is better than a wrong one. */
  async read(token: string, now = new Date()): Promise<HeldCoupon> {
    const known = await this.commands.send(GetCouponPage, { token });
    const { accountId, code } = known.coupon;
    const state = await this.commands.send(GetCouponState, { accountId, code });
    return { coupon: known.coupon, content: couponContent(known, state, now) };
  }
}

export const isGone = (error: unknown): boolean => error instanceof DomainError && error.kind === 'not_found';

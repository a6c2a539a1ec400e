import { Injectable } from '@nestjs/common';
import { DomainError, GetCouponState, GetCouponPage, type CouponState } from '@tearoff/contracts';
import { CommandClient } from '@tearoff/messaging';
import { couponPageView, type CouponPageView } from './coupon-page';

// A customer stands at the till: better issuance's word soon than the owner's late.
const ownerDeadlineMs = 2_000;

@Injectable()
export class CouponPageReader {
  constructor(private readonly commands: CommandClient) {}

  /** Null for a token that no one was given. Fails as `unavailable` when issuance does not answer. */
  async read(token: string, now?: Date): Promise<CouponPageView | null> {
    if (!/^[A-Za-z0-9_-]{8,64}$/.test(token)) return null;
    try {
      const known = await this.commands.send(GetCouponPage, { token });
      const { accountId, code } = known.coupon;
      return couponPageView(known, await this.askOwner(accountId, code), now ?? new Date());
    } catch (error) {
      if (error instanceof DomainError && error.kind === 'not_found') return null;
      throw error;
    }
  }

  private async askOwner(accountId: string, code: string): Promise<CouponState | null> {
    try {
      return await this.commands.send(GetCouponState, { accountId, code }, { deadlineMs: ownerDeadlineMs });
    } catch (error) {
      if (error instanceof DomainError) return null;
      throw error;
    }
  }
}

import { Injectable } from '@nestjs/common';
import { newId } from '@tearoff/contracts';
import { Outbox } from '@tearoff/messaging';
import { leaveMessages } from '../google/google-messages';
import { PassChanges } from '../passes/pass-changes';

/** A message to anyone who has one coupon in a wallet: few enough for one transaction. */
@Injectable()
export class CouponPush {
  constructor(
    private readonly outbox: Outbox,
    private readonly changes: PassChanges,
  ) {}

  /** Answers how many wallets hold it. */
  async tell(accountId: string, couponId: string, message: string): Promise<number> {
    return this.outbox.transaction(async (tx) => {
      const passes = (await tx.query('select id from pass where account_id = $1 and coupon_id = $2', [
        accountId,
        couponId,
      ])) as { id: string }[];
      const ids = passes.map(({ id }) => id);
      const wallets = await this.changes.mark(tx, ids, message);
      await leaveMessages(tx, newId('job'), message, wallets);
      return wallets.length;
    });
  }
}

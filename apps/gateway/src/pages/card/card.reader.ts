import { Injectable } from '@nestjs/common';
import { DomainError, GetCardPage, type Coupon, type RewardIssue } from '@tearoff/contracts';
import { CommandClient } from '@tearoff/messaging';
import { CouponReader } from '../../api/coupons/coupon.reader';
import { WalletLinks, type WalletsOffered } from '../wallet-links';
import { liveCardOf, type LiveCard } from './live-card';

const noWallets: WalletsOffered = { apple: false, google: false };

@Injectable()
export class CardReader {
  constructor(
    private readonly commands: CommandClient,
    private readonly coupons: CouponReader,
    private readonly wallets: WalletLinks,
  ) {}

  /** Null for a token that no one was given. Fails as `unavailable` when loyalty does not answer. */
  async read(token: string, now?: Date): Promise<LiveCard | null> {
    if (!/^[A-Za-z0-9_-]{8,64}$/.test(token)) return null;
    try {
      const known = await this.commands.send(GetCardPage, { token });
      const [coupons, wallets] = await Promise.all([
        this.couponsOf(known.rewards),
        // A card without its buttons is better than none.
        this.wallets.forCard(token).catch(() => noWallets),
      ]);
      return liveCardOf(known, coupons, wallets, now ?? new Date());
    } catch (error) {
      if (error instanceof DomainError && error.kind === 'not_found') return null;
      throw error;
    }
  }

  /** As their owners know them now; one that cannot be read is shown as on its way. */
  private async couponsOf(rewards: readonly RewardIssue[]): Promise<Map<string, Coupon>> {
    const out = rewards.filter(({ status }) => status === 'issued');
    const read = await Promise.all(
      out.map(({ accountId, couponId }) => this.coupons.current(accountId, couponId).catch(notNow)),
    );
    return new Map(read.flatMap((coupon) => (coupon ? [[coupon.id, coupon]] : [])));
  }
}

function notNow(error: unknown): null {
  if (error instanceof DomainError) return null;
  throw error;
}

import { Inject, Injectable } from '@nestjs/common';
import {
  CardChanged,
  CouponRedeemed,
  CouponVoided,
  PointsAwarded,
  PointsExpired,
  PointsSpent,
  RedemptionReversed,
  RewardIssued,
  TierChanged,
} from '@tearoff/contracts';
import { Broadcasts } from '@tearoff/messaging';
import { LivePages, type Shown } from '../live/live-pages';
import { LIVE_LIMITS, type LiveLimits } from '../pages.tokens';
import { CardReader } from './card.reader';
import { memberOnCard } from './live-card';

/** Open card pages. */
@Injectable()
export class LiveCards extends LivePages {
  constructor(
    private readonly reader: CardReader,
    broadcasts: Broadcasts,
    @Inject(LIVE_LIMITS) limits: LiveLimits,
  ) {
    super(broadcasts, limits);
  }

  async read(token: string): Promise<Shown | null> {
    const card = await this.reader.read(token);
    return card && { ...card, sure: true };
  }

  protected listen(): void {
    for (const event of [PointsAwarded, PointsSpent, PointsExpired]) this.hear(event, memberOnCard);
    this.hear(TierChanged, memberOnCard);
    this.hear(RewardIssued, memberOnCard);
    this.hear(CardChanged, ({ id }) => id);
    for (const event of [CouponRedeemed, RedemptionReversed, CouponVoided])
      this.hear(event, ({ couponId }) => couponId);
  }
}

import { Inject, Injectable } from '@nestjs/common';
import { CampaignChanged, CouponRedeemed, CouponVoided, RedemptionReversed } from '@tearoff/contracts';
import { Broadcasts } from '@tearoff/messaging';
import { LivePages, type Shown } from '../live/live-pages';
import { LIVE_LIMITS, type LiveLimits } from '../pages.tokens';
import { CouponPageReader } from './coupon-page.reader';

/** Open coupon pages. */
@Injectable()
export class LiveCouponPages extends LivePages {
  constructor(
    private readonly reader: CouponPageReader,
    broadcasts: Broadcasts,
    @Inject(LIVE_LIMITS) limits: LiveLimits,
  ) {
    super(broadcasts, limits);
  }

  async read(token: string): Promise<Shown | null> {
    const face = await this.reader.read(token);
    if (!face) return null;
    const { state, version, changesAt, couponId, campaignId } = face;
    // A late projection must not flip a spent coupon back while its owner is away.
    const sure = face.sure || state !== 'valid';
    return { state, version, changesAt, about: [couponId, campaignId], sure };
  }

  protected listen(): void {
    for (const event of [CouponRedeemed, RedemptionReversed, CouponVoided])
      this.hear(event, ({ couponId }) => couponId);
    this.hear(CampaignChanged, ({ id }) => id);
  }
}

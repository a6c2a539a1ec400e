import { Controller } from '@nestjs/common';
import { Ctx, EventPattern, Payload } from '@nestjs/microservices';
import {
  CouponRedeemed,
  CouponVoided,
  DeliverySettled,
  RedemptionReversed,
  type CouponRedeemedItem,
  type ItemOf,
} from '@tearoff/contracts';
import type { EventContext } from '@tearoff/messaging';
import { applyDeliveries, applyRedemptions, applyVoids } from './coupon.projection';

/** What others have told about coupons. It may come twice, late and in any order. */
@Controller()
export class CouponsConsumer {
  @EventPattern<string>(CouponRedeemed.type)
  onRedeemed(@Payload() items: CouponRedeemedItem[], @Ctx() { tx }: EventContext): Promise<void> {
    return applyRedemptions(
      tx,
      items.map((item) => ({ ...item, changedAt: item.redeemedAt })),
    );
  }

  @EventPattern<string>(RedemptionReversed.type)
  onReversed(
    @Payload() items: ItemOf<typeof RedemptionReversed>[],
    @Ctx() { tx }: EventContext,
  ): Promise<void> {
    return applyRedemptions(
      tx,
      items.map((item) => ({ ...item, redeemedAt: null, storeId: null, changedAt: item.reversedAt })),
    );
  }

  @EventPattern<string>(CouponVoided.type)
  onVoided(@Payload() items: ItemOf<typeof CouponVoided>[], @Ctx() { tx }: EventContext): Promise<void> {
    return applyVoids(tx, items);
  }

  @EventPattern<string>(DeliverySettled.type)
  onDeliverySettled(
    @Payload() items: ItemOf<typeof DeliverySettled>[],
    @Ctx() { tx }: EventContext,
  ): Promise<void> {
    return applyDeliveries(tx, items);
  }
}

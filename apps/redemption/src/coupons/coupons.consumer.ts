import { Controller } from '@nestjs/common';
import { Ctx, EventPattern, Payload } from '@nestjs/microservices';
import { BulkCouponsIssued, CouponIssued, type CouponIssuedItem } from '@tearoff/contracts';
import type { EventContext } from '@tearoff/messaging';
import { CouponsProjection } from './coupons.projection';

@Controller()
export class CouponsConsumer {
  constructor(private readonly coupons: CouponsProjection) {}

  @EventPattern<string[]>([CouponIssued.type, BulkCouponsIssued.type])
  onIssued(@Payload() items: CouponIssuedItem[], @Ctx() { tx }: EventContext): Promise<void> {
    return this.coupons.store(tx, items);
  }
}

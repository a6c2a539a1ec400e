import { Controller } from '@nestjs/common';
import { Ctx, EventPattern, Payload } from '@nestjs/microservices';
import {
  BulkCouponsIssued,
  BulkSendRequested,
  CouponIssued,
  CouponSendRequested,
  type CouponIssuedItem,
  type CouponSendRequestedItem,
} from '@tearoff/contracts';
import type { EventContext } from '@tearoff/messaging';
import { DeliveriesService } from './deliveries.service';

@Controller()
export class DeliveriesConsumer {
  constructor(private readonly deliveries: DeliveriesService) {}

  @EventPattern<string>(CouponIssued.type)
  async onIssued(@Payload() items: CouponIssuedItem[], @Ctx() { tx, contexts }: EventContext): Promise<void> {
    await this.deliveries.create(tx, items, contexts);
  }

  @EventPattern<string[]>([BulkCouponsIssued.type, BulkSendRequested.type])
  async onListed(
    @Payload() items: (CouponIssuedItem | CouponSendRequestedItem)[],
    @Ctx() { tx, contexts }: EventContext,
  ): Promise<void> {
    await this.deliveries.create(tx, items, contexts, { bulk: true });
  }

  @EventPattern<string>(CouponSendRequested.type)
  async onSendRequested(
    @Payload() items: CouponSendRequestedItem[],
    @Ctx() { tx, contexts }: EventContext,
  ): Promise<void> {
    await this.deliveries.create(tx, items, contexts);
  }
}

import { Controller } from '@nestjs/common';
import { Ctx, EventPattern, Payload } from '@nestjs/microservices';
import {
  BulkCouponsIssued,
  CouponIssued,
  CouponRedeemed,
  CouponVoided,
  DeliverySettled,
  CouponPageOpened,
  RedemptionReversed,
  type CouponIssuedItem,
  type CouponRedeemedItem,
  type ItemOf,
} from '@tearoff/contracts';
import type { EventContext } from '@tearoff/messaging';
import { oneWriter } from '../rebuild/generations';
import { deliveryFact, issueFact, keyOf, redemptionFact, reversalFact } from './facts';
import { FactsWriter } from './facts.writer';

@Controller()
export class FactsConsumer {
  constructor(private readonly facts: FactsWriter) {}

  @EventPattern<string[]>([CouponIssued.type, BulkCouponsIssued.type])
  async onIssued(@Payload() items: CouponIssuedItem[], @Ctx() { tx }: EventContext): Promise<void> {
    await oneWriter(tx);
    await this.facts.issued(tx, items.map(issueFact));
  }

  @EventPattern<string>(CouponRedeemed.type)
  async onRedeemed(@Payload() items: CouponRedeemedItem[], @Ctx() { tx }: EventContext): Promise<void> {
    await oneWriter(tx);
    await this.facts.redeemed(tx, items.map(redemptionFact));
  }

  @EventPattern<string>(RedemptionReversed.type)
  async onReversed(
    @Payload() items: ItemOf<typeof RedemptionReversed>[],
    @Ctx() { tx }: EventContext,
  ): Promise<void> {
    await oneWriter(tx);
    await this.facts.redeemed(tx, items.map(reversalFact));
  }

  @EventPattern<string>(CouponVoided.type)
  async onVoided(
    @Payload() items: ItemOf<typeof CouponVoided>[],
    @Ctx() { tx }: EventContext,
  ): Promise<void> {
    await oneWriter(tx);
    const facts = items.map((item) => ({ ...keyOf(item), voided_at: item.voidedAt }));
    await this.facts.voided(tx, facts);
  }

  @EventPattern<string>(DeliverySettled.type)
  async onSettled(
    @Payload() items: ItemOf<typeof DeliverySettled>[],
    @Ctx() { tx }: EventContext,
  ): Promise<void> {
    await oneWriter(tx);
    const facts = items.map((item) => deliveryFact(item)).filter((fact) => fact !== null);
    await this.facts.delivered(tx, facts);
  }

  @EventPattern<string>(CouponPageOpened.type)
  async onOpened(
    @Payload() items: ItemOf<typeof CouponPageOpened>[],
    @Ctx() { tx }: EventContext,
  ): Promise<void> {
    await oneWriter(tx);
    const facts = items.map((item) => ({ ...keyOf(item), opened_at: item.at }));
    await this.facts.opened(tx, facts);
  }
}

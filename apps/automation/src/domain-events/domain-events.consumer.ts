import { Controller, Inject } from '@nestjs/common';
import { Ctx, EventPattern, Payload } from '@nestjs/microservices';
import {
  BulkCouponsIssued,
  CodesLowStock,
  GuessingSuspected,
  CouponIssued,
  CouponRedeemed,
  CouponVoided,
  DeliverySettled,
  EventRecorded,
  MemberEnrolled,
  PointsAwarded,
  PointsExpired,
  PointsNotAwarded,
  PointsSpent,
  RedemptionReversed,
  RewardIssued,
  TierChanged,
  type CouponIssuedItem,
  type CouponRedeemedItem,
  type EventRecordedItem,
  type ItemOf,
} from '@tearoff/contracts';
import type { EventContext } from '@tearoff/messaging';
import { DomainEventListeners, type DomainEvent, type DomainEventListener } from './domain-event';
import {
  ofCoupon,
  ofDelivery,
  ofIssue,
  ofMember,
  ofRecorded,
  ofGuessing,
  ofStock,
  type MemberItem,
} from './domain-event.of';

/** Every event that a workflow may be started by or a webhook tell of, under its public name. */
@Controller()
export class DomainEventsConsumer {
  constructor(@Inject(DomainEventListeners) private readonly listeners: readonly DomainEventListener[]) {}

  @EventPattern<string>(EventRecorded.type)
  onRecorded(@Payload() items: EventRecordedItem[], @Ctx() context: EventContext): Promise<void> {
    return this.tell(context, items, ofRecorded);
  }

  @EventPattern<string[]>([CouponIssued.type, BulkCouponsIssued.type])
  onIssued(@Payload() items: CouponIssuedItem[], @Ctx() context: EventContext): Promise<void> {
    return this.tell(context, items, (item, id) => ofIssue('coupon.issued', item, id));
  }

  @EventPattern<string>(CouponRedeemed.type)
  onRedeemed(@Payload() items: CouponRedeemedItem[], @Ctx() context: EventContext): Promise<void> {
    return this.tell(context, items, (item, id) => ofCoupon('coupon.redeemed', item, id));
  }

  @EventPattern<string>(RedemptionReversed.type)
  onReversed(
    @Payload() items: ItemOf<typeof RedemptionReversed>[],
    @Ctx() context: EventContext,
  ): Promise<void> {
    return this.tell(context, items, (item, id) => ofCoupon('coupon.redemption_reversed', item, id));
  }

  @EventPattern<string>(CouponVoided.type)
  onVoided(@Payload() items: ItemOf<typeof CouponVoided>[], @Ctx() context: EventContext): Promise<void> {
    return this.tell(context, items, (item, id) => ofCoupon('coupon.voided', item, id));
  }

  @EventPattern<string>(DeliverySettled.type)
  onDelivery(
    @Payload() items: ItemOf<typeof DeliverySettled>[],
    @Ctx() context: EventContext,
  ): Promise<void> {
    return this.tell(context, items, ofDelivery);
  }

  @EventPattern<string>(MemberEnrolled.type)
  onEnrolled(@Payload() items: MemberItem[], @Ctx() context: EventContext): Promise<void> {
    return this.tell(context, items, (item, id) => ofMember('member.enrolled', item, id));
  }

  @EventPattern<string>(PointsAwarded.type)
  onAwarded(@Payload() items: MemberItem[], @Ctx() context: EventContext): Promise<void> {
    return this.tell(context, items, (item, id) => ofMember('points.awarded', item, id));
  }

  @EventPattern<string>(PointsSpent.type)
  onSpent(@Payload() items: MemberItem[], @Ctx() context: EventContext): Promise<void> {
    return this.tell(context, items, (item, id) => ofMember('points.spent', item, id));
  }

  @EventPattern<string>(PointsExpired.type)
  onExpired(@Payload() items: MemberItem[], @Ctx() context: EventContext): Promise<void> {
    return this.tell(context, items, (item, id) => ofMember('points.expired', item, id));
  }

  @EventPattern<string>(PointsNotAwarded.type)
  onNotAwarded(@Payload() items: MemberItem[], @Ctx() context: EventContext): Promise<void> {
    return this.tell(context, items, (item, id) => ofMember('points.not_awarded', item, id));
  }

  @EventPattern<string>(TierChanged.type)
  onTier(@Payload() items: MemberItem[], @Ctx() context: EventContext): Promise<void> {
    return this.tell(context, items, (item, id) => ofMember('tier.changed', item, id));
  }

  @EventPattern<string>(RewardIssued.type)
  onReward(@Payload() items: MemberItem[], @Ctx() context: EventContext): Promise<void> {
    return this.tell(context, items, (item, id) => ofMember('reward.issued', item, id));
  }

  @EventPattern<string>(CodesLowStock.type)
  onLowStock(@Payload() items: ItemOf<typeof CodesLowStock>[], @Ctx() context: EventContext): Promise<void> {
    return this.tell(context, items, (item, id) => ofStock('codes.low_stock', item, id));
  }

  @EventPattern<string>(GuessingSuspected.type)
  onGuessing(
    @Payload() items: ItemOf<typeof GuessingSuspected>[],
    @Ctx() context: EventContext,
  ): Promise<void> {
    return this.tell(context, items, (item, id) => ofGuessing('redemption.guessing_suspected', item, id));
  }

  private async tell<I>(
    { tx, eventIds, contexts }: EventContext,
    items: readonly I[],
    of: (item: I, id: string) => DomainEvent,
  ): Promise<void> {
    const happenings = items.map((item, index) => ({
      ...of(item, eventIds[index]),
      context: contexts[index],
    }));
    for (const listener of this.listeners) await listener.happened(tx, happenings);
  }
}

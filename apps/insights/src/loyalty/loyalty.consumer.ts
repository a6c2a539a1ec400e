import { Controller } from '@nestjs/common';
import { Ctx, EventPattern, Payload } from '@nestjs/microservices';
import {
  MemberEnrolled,
  PointsAwarded,
  PointsExpired,
  PointsSpent,
  RewardIssued,
  TierChanged,
  type ItemOf,
  type PointsMovedItem,
} from '@tearoff/contracts';
import type { EventContext } from '@tearoff/messaging';
import { prepared } from '@tearoff/service-kit';
import { oneWriter } from '../rebuild/generations';
import { addStatement, tierStatement } from './loyalty.sql';

interface Happened {
  accountId: string;
  cardId: string;
  at: string;
}
type Figure = 'membersEnrolled' | 'pointsAwarded' | 'pointsSpent' | 'pointsExpired' | 'rewardsIssued';

@Controller()
export class LoyaltyConsumer {
  @EventPattern<string>(MemberEnrolled.type)
  onEnrolled(@Payload() items: ItemOf<typeof MemberEnrolled>[], @Ctx() context: EventContext): Promise<void> {
    return add(context, 'membersEnrolled', items, () => 1);
  }

  @EventPattern<string>(PointsAwarded.type)
  onAwarded(@Payload() items: PointsMovedItem[], @Ctx() context: EventContext): Promise<void> {
    return add(context, 'pointsAwarded', items, pointsOf);
  }

  @EventPattern<string>(PointsSpent.type)
  onSpent(@Payload() items: PointsMovedItem[], @Ctx() context: EventContext): Promise<void> {
    return add(context, 'pointsSpent', items, pointsOf);
  }

  @EventPattern<string>(PointsExpired.type)
  onExpired(@Payload() items: PointsMovedItem[], @Ctx() context: EventContext): Promise<void> {
    return add(context, 'pointsExpired', items, pointsOf);
  }

  @EventPattern<string>(RewardIssued.type)
  onRewarded(@Payload() items: ItemOf<typeof RewardIssued>[], @Ctx() context: EventContext): Promise<void> {
    return add(context, 'rewardsIssued', items, () => 1);
  }

  @EventPattern<string>(TierChanged.type)
  async onTier(@Payload() items: ItemOf<typeof TierChanged>[], @Ctx() { tx }: EventContext): Promise<void> {
    await oneWriter(tx);
    const rows = items.map(({ accountId, cardId, memberId, at }) => ({ accountId, cardId, memberId, at }));
    await prepared(tx, tierStatement, [JSON.stringify(rows)]);
  }
}

const pointsOf = ({ points }: PointsMovedItem): number => points;

async function add<T extends Happened>(
  { tx }: EventContext,
  figure: Figure,
  items: readonly T[],
  amountOf: (item: T) => number,
): Promise<void> {
  await oneWriter(tx);
  const rows = items.map((item) => {
    const { accountId, cardId, at } = item;
    return { accountId, cardId, at, [figure]: amountOf(item) };
  });
  await prepared(tx, addStatement, [JSON.stringify(rows)]);
}

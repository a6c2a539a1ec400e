import { Controller } from '@nestjs/common';
import { Ctx, EventPattern, Payload } from '@nestjs/microservices';
import { CouponVoided, RewardOrderSettled, type ItemOf } from '@tearoff/contracts';
import type { EventContext } from '@tearoff/messaging';
import { RewardsService } from './rewards.service';

@Controller()
export class RewardsConsumer {
  constructor(private readonly rewards: RewardsService) {}

  @EventPattern<string>(RewardOrderSettled.type)
  onSettled(
    @Payload() items: ItemOf<typeof RewardOrderSettled>[],
    @Ctx() { tx }: EventContext,
  ): Promise<void> {
    return this.rewards.settle(tx, items);
  }

  @EventPattern<string>(CouponVoided.type)
  onVoided(@Payload() items: ItemOf<typeof CouponVoided>[], @Ctx() { tx }: EventContext): Promise<void> {
    return this.rewards.withdraw(tx, items);
  }
}

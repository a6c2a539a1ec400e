import { Controller, UsePipes } from '@nestjs/common';
import { MessagePattern, Payload } from '@nestjs/microservices';
import {
  GetRewardIssue,
  RedeemReward,
  type DomainError,
  type ReplyOf,
  type RequestOf,
  type RewardIssue,
} from '@tearoff/contracts';
import { StorablePipe } from '@tearoff/service-kit';
import { RewardsService } from './rewards.service';

@Controller()
@UsePipes(StorablePipe)
export class RewardsController {
  constructor(private readonly rewards: RewardsService) {}

  @MessagePattern(RedeemReward.name)
  redeem(@Payload() request: RequestOf<typeof RedeemReward>): Promise<ReplyOf<typeof RedeemReward>> {
    return this.rewards.redeem(request);
  }

  @MessagePattern(GetRewardIssue.name)
  get(@Payload() requests: RequestOf<typeof GetRewardIssue>[]): Promise<(RewardIssue | DomainError)[]> {
    return this.rewards.get(requests);
  }
}

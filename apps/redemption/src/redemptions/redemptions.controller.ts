import { Controller } from '@nestjs/common';
import { Ctx, MessagePattern, Payload } from '@nestjs/microservices';
import {
  ListRedemptions,
  RedeemCode,
  ReverseRedemption,
  ValidateCode,
  type DomainError,
  type RedeemOutcome,
  type Redemption,
  type ReplyOf,
  type RequestOf,
  type Validation,
} from '@tearoff/contracts';
import type { CommandContext } from '@tearoff/messaging';
import { RedeemService } from './redeem.service';
import { RedemptionsService } from './redemptions.service';
import { ValidationsService } from './validations.service';

@Controller()
export class RedemptionsController {
  constructor(
    private readonly validations: ValidationsService,
    private readonly redeemer: RedeemService,
    private readonly redemptions: RedemptionsService,
  ) {}

  @MessagePattern(ValidateCode.name)
  validate(
    @Payload() requests: RequestOf<typeof ValidateCode>[],
    @Ctx() { contexts }: CommandContext,
  ): Promise<(Validation | DomainError)[]> {
    return this.validations.validate(requests, contexts);
  }

  @MessagePattern(RedeemCode.name)
  redeem(
    @Payload() requests: RequestOf<typeof RedeemCode>[],
    @Ctx() { contexts }: CommandContext,
  ): Promise<(RedeemOutcome | DomainError)[]> {
    return this.redeemer.redeem(requests, contexts);
  }

  @MessagePattern(ReverseRedemption.name)
  reverse(
    @Payload() request: RequestOf<typeof ReverseRedemption>,
    @Ctx() { contexts }: CommandContext,
  ): Promise<Redemption> {
    return this.redemptions.reverse(request, contexts[0]);
  }

  @MessagePattern(ListRedemptions.name)
  list(@Payload() request: RequestOf<typeof ListRedemptions>): Promise<ReplyOf<typeof ListRedemptions>> {
    return this.redemptions.list(request);
  }
}

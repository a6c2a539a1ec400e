import { Controller } from '@nestjs/common';
import { MessagePattern, Payload } from '@nestjs/microservices';
import { GetLoyaltyReport, type ReplyOf, type RequestOf } from '@tearoff/contracts';
import { LoyaltyService } from './loyalty.service';

@Controller()
export class LoyaltyController {
  constructor(private readonly loyalty: LoyaltyService) {}

  @MessagePattern(GetLoyaltyReport.name)
  get(@Payload() request: RequestOf<typeof GetLoyaltyReport>): Promise<ReplyOf<typeof GetLoyaltyReport>> {
    return this.loyalty.get(request);
  }
}

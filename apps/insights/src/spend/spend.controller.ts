import { Controller } from '@nestjs/common';
import { MessagePattern, Payload } from '@nestjs/microservices';
import { AddSpend, type ReplyOf, type RequestOf } from '@tearoff/contracts';
import { SpendService } from './spend.service';

@Controller()
export class SpendController {
  constructor(private readonly spend: SpendService) {}

  @MessagePattern(AddSpend.name)
  add(@Payload() request: RequestOf<typeof AddSpend>): Promise<ReplyOf<typeof AddSpend>> {
    return this.spend.add(request);
  }
}

import { Controller } from '@nestjs/common';
import { MessagePattern, Payload } from '@nestjs/microservices';
import { AddSpend, ListSpend, RemoveSpend, type ReplyOf, type RequestOf } from '@tearoff/contracts';
import { SpendService } from './spend.service';

@Controller()
export class SpendController {
  constructor(private readonly spend: SpendService) {}

  @MessagePattern(AddSpend.name)
  add(@Payload() request: RequestOf<typeof AddSpend>): Promise<ReplyOf<typeof AddSpend>> {
    return this.spend.add(request);
  }

  @MessagePattern(ListSpend.name)
  list(@Payload() request: RequestOf<typeof ListSpend>): Promise<ReplyOf<typeof ListSpend>> {
    return this.spend.list(request);
  }

  @MessagePattern(RemoveSpend.name)
  async remove(@Payload() request: RequestOf<typeof RemoveSpend>): Promise<ReplyOf<typeof RemoveSpend>> {
    await this.spend.remove(request);
    return {};
  }
}

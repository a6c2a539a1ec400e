import { Controller } from '@nestjs/common';
import { MessagePattern, Payload } from '@nestjs/microservices';
import { GetFunnel, type ReplyOf, type RequestOf } from '@tearoff/contracts';
import { FunnelService } from './funnel.service';

@Controller()
export class FunnelController {
  constructor(private readonly funnel: FunnelService) {}

  @MessagePattern(GetFunnel.name)
  get(@Payload() request: RequestOf<typeof GetFunnel>): Promise<ReplyOf<typeof GetFunnel>> {
    return this.funnel.get(request);
  }
}

import { Controller, UsePipes } from '@nestjs/common';
import { Ctx, MessagePattern, Payload } from '@nestjs/microservices';
import {
  AppendRecipients,
  BeginDistribution,
  FinishDistribution,
  type Job,
  type ReplyOf,
  type RequestOf,
} from '@tearoff/contracts';
import type { CommandContext } from '@tearoff/messaging';
import { StorablePipe } from '@tearoff/service-kit';
import { DistributionsService } from './distributions.service';

@Controller()
@UsePipes(StorablePipe)
export class DistributionsController {
  constructor(private readonly distributions: DistributionsService) {}

  @MessagePattern(BeginDistribution.name)
  begin(
    @Payload() request: RequestOf<typeof BeginDistribution>,
    @Ctx() { contexts }: CommandContext,
  ): Promise<Job> {
    return this.distributions.begin(request, contexts[0]);
  }

  @MessagePattern(AppendRecipients.name)
  async append(
    @Payload() request: RequestOf<typeof AppendRecipients>,
  ): Promise<ReplyOf<typeof AppendRecipients>> {
    await this.distributions.append(request);
    return {};
  }

  @MessagePattern(FinishDistribution.name)
  finish(@Payload() request: RequestOf<typeof FinishDistribution>): Promise<Job> {
    return this.distributions.finish(request);
  }
}

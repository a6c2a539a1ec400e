import { Controller } from '@nestjs/common';
import { MessagePattern, Payload } from '@nestjs/microservices';
import {
  GetRun,
  ListRuns,
  RetryRun,
  type ReplyOf,
  type RequestOf,
  type RunWithSteps,
} from '@tearoff/contracts';
import { RunsService } from './runs.service';

@Controller()
export class RunsController {
  constructor(private readonly runs: RunsService) {}

  @MessagePattern(ListRuns.name)
  list(@Payload() request: RequestOf<typeof ListRuns>): Promise<ReplyOf<typeof ListRuns>> {
    return this.runs.list(request);
  }

  @MessagePattern(GetRun.name)
  get(@Payload() request: RequestOf<typeof GetRun>): Promise<RunWithSteps> {
    return this.runs.get(request);
  }

  @MessagePattern(RetryRun.name)
  retry(@Payload() request: RequestOf<typeof RetryRun>): Promise<RunWithSteps> {
    return this.runs.retry(request);
  }
}

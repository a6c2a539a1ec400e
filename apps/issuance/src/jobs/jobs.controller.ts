import { Controller, UsePipes } from '@nestjs/common';
import { MessagePattern, Payload } from '@nestjs/microservices';
import {
  ControlJob,
  GetJob,
  ListJobErrors,
  type Job,
  type ReplyOf,
  type RequestOf,
} from '@tearoff/contracts';
import { StorablePipe } from '@tearoff/service-kit';
import { JobControl } from './job-control';
import { JobsService } from './jobs.service';

@Controller()
@UsePipes(StorablePipe)
export class JobsController {
  constructor(
    private readonly jobs: JobsService,
    private readonly controls: JobControl,
  ) {}

  @MessagePattern(GetJob.name)
  get(@Payload() { accountId, jobId }: RequestOf<typeof GetJob>): Promise<Job> {
    return this.jobs.get(accountId, jobId);
  }

  @MessagePattern(ControlJob.name)
  control(@Payload() request: RequestOf<typeof ControlJob>): Promise<Job> {
    return this.controls.control(request);
  }

  @MessagePattern(ListJobErrors.name)
  errors(@Payload() request: RequestOf<typeof ListJobErrors>): Promise<ReplyOf<typeof ListJobErrors>> {
    return this.jobs.errors(request);
  }
}

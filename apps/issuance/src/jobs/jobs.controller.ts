import { Controller, UsePipes } from '@nestjs/common';
import { MessagePattern, Payload } from '@nestjs/microservices';
import { GetJob, type Job, type RequestOf } from '@tearoff/contracts';
import { StorablePipe } from '../storable';
import { JobsService } from './jobs.service';

@Controller()
@UsePipes(StorablePipe)
export class JobsController {
  constructor(private readonly jobs: JobsService) {}

  @MessagePattern(GetJob.name)
  get(@Payload() { accountId, jobId }: RequestOf<typeof GetJob>): Promise<Job> {
    return this.jobs.get(accountId, jobId);
  }
}

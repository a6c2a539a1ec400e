import { Controller } from '@nestjs/common';
import { MessagePattern, Payload } from '@nestjs/microservices';
import { GetRebuild, RebuildReports, type Rebuild, type RequestOf } from '@tearoff/contracts';
import { RebuildRunner } from './rebuild.runner';
import { RebuildService } from './rebuild.service';

@Controller()
export class RebuildController {
  constructor(
    private readonly rebuilds: RebuildService,
    private readonly runner: RebuildRunner,
  ) {}

  @MessagePattern(RebuildReports.name)
  async request(@Payload() { accountId }: RequestOf<typeof RebuildReports>): Promise<Rebuild> {
    const rebuild = await this.rebuilds.request(accountId);
    this.runner.wake();
    return rebuild;
  }

  @MessagePattern(GetRebuild.name)
  get(@Payload() { accountId }: RequestOf<typeof GetRebuild>): Promise<Rebuild> {
    return this.rebuilds.get(accountId);
  }
}

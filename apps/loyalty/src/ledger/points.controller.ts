import { Controller, UsePipes } from '@nestjs/common';
import { Ctx, MessagePattern, Payload } from '@nestjs/microservices';
import {
  ChangePoints,
  ListLedger,
  type DomainError,
  type PointsOutcome,
  type ReplyOf,
  type RequestOf,
} from '@tearoff/contracts';
import type { CommandContext } from '@tearoff/messaging';
import { StorablePipe } from '@tearoff/service-kit';
import { LedgerReader } from './ledger-reader';
import { PointsService } from './points.service';

@Controller()
@UsePipes(StorablePipe)
export class PointsController {
  constructor(
    private readonly points: PointsService,
    private readonly ledger: LedgerReader,
  ) {}

  @MessagePattern(ChangePoints.name)
  change(
    @Payload() requests: RequestOf<typeof ChangePoints>[],
    @Ctx() { contexts }: CommandContext,
  ): Promise<(PointsOutcome | DomainError)[]> {
    return this.points.change(requests, contexts);
  }

  @MessagePattern(ListLedger.name)
  list(@Payload() request: RequestOf<typeof ListLedger>): Promise<ReplyOf<typeof ListLedger>> {
    return this.ledger.list(request);
  }
}

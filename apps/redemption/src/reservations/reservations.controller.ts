import { Controller } from '@nestjs/common';
import { Ctx, MessagePattern, Payload } from '@nestjs/microservices';
import { ReleaseReservation, ReserveCode, type RequestOf, type ReserveOutcome } from '@tearoff/contracts';
import type { CommandContext } from '@tearoff/messaging';
import { ReservationsService } from './reservations.service';

@Controller()
export class ReservationsController {
  constructor(private readonly reservations: ReservationsService) {}

  @MessagePattern(ReserveCode.name)
  reserve(
    @Payload() request: RequestOf<typeof ReserveCode>,
    @Ctx() { contexts }: CommandContext,
  ): Promise<ReserveOutcome> {
    return this.reservations.reserve(request, contexts[0]);
  }

  @MessagePattern(ReleaseReservation.name)
  release(@Payload() request: RequestOf<typeof ReleaseReservation>): Promise<Record<string, never>> {
    return this.reservations.release(request);
  }
}

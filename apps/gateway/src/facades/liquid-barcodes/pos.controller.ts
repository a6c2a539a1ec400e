import { Body, Controller, HttpCode, Post, Req } from '@nestjs/common';
import { RouteConfig } from '@nestjs/platform-fastify';
import { ReleaseReservation } from '@tearoff/contracts';
import { CommandClient } from '@tearoff/messaging';
import type { FastifyRequest } from 'fastify';
import { BodyPipe } from '../../http/validation/dto.pipe';
import { refusalOf } from '../../api/redemptions/refusals';
import { Till } from '../../api/redemptions/till';
import { CancelDto, ReserveDto, ValidateDto } from './pos.dto';

/** A till holds a coupon, then spends it or lets it go; what it does neither with frees itself. */
@Controller('liquidbarcodes/pos')
export class PosController {
  constructor(
    private readonly commands: CommandClient,
    private readonly till: Till,
  ) {}

  @Post('Reserve')
  @HttpCode(200)
  @RouteConfig({ standsFor: ['POST /v1/reservations'] })
  async reserve(
    @Req() request: FastifyRequest,
    @Body(new BodyPipe(ReserveDto, 'check', 'lenient')) { Code, Seconds, ...till }: ReserveDto,
  ) {
    const asked = { code: Code, ...tillOf(till), ...(Seconds && { ttlSeconds: Seconds }) };
    const result = await this.till.reserve(request, asked);
    if (result.outcome === 'refused') throw refusalOf(result);
    const { id, code, campaignId, expiresAt } = result.reservation;
    return {
      ReservationId: id,
      Code: code,
      ScheduleId: campaignId,
      ReservedUntil: expiresAt,
      Status: 'Reserved',
    };
  }

  /** Again = the same answer: the reservation stands for what was done with it. */
  @Post('Validate')
  @HttpCode(200)
  @RouteConfig({ standsFor: ['POST /v1/redemptions'] })
  async validate(
    @Req() request: FastifyRequest,
    @Body(new BodyPipe(ValidateDto, 'check', 'lenient')) body: ValidateDto,
  ) {
    const { ReservationId: reservationId, TransactionId, ...till } = body;
    const transactionRef = TransactionId ?? reservationId;
    const result = await this.till.redeem(request, { reservationId, transactionRef, ...tillOf(till) });
    if (result.outcome === 'refused') throw refusalOf(result);
    const { id, code, campaignId, redeemedAt, reversedAt } = result.redemption;
    return {
      RedemptionId: id,
      Code: code,
      ScheduleId: campaignId,
      ValidatedAt: redeemedAt,
      // Undone since: the coupon is not spent by this transaction any more, and asking again does not spend it.
      ...(reversedAt !== null && { ReversedAt: reversedAt }),
      Status: reversedAt === null ? 'Validated' : 'Reversed',
    };
  }

  @Post('Cancel')
  @HttpCode(200)
  @RouteConfig({ standsFor: ['DELETE /v1/reservations/:id'] })
  async cancel(
    @Req() { caller, messageContext: context }: FastifyRequest,
    @Body(new BodyPipe(CancelDto, 'check', 'lenient')) { ReservationId }: CancelDto,
  ) {
    const request = { accountId: caller.accountId, reservationId: ReservationId };
    await this.commands.send(ReleaseReservation, request, { context });
    return { ReservationId, Status: 'Cancelled' };
  }
}

const tillOf = ({ StoreId, TerminalId }: Pick<ReserveDto, 'StoreId' | 'TerminalId'>) => ({
  ...(StoreId && { storeId: StoreId }),
  ...(TerminalId && { terminalId: TerminalId }),
});

import { Body, Controller, HttpCode, Post, Req } from '@nestjs/common';
import { RouteConfig } from '@nestjs/platform-fastify';
import { RedeemCode, ReleaseReservation, ReserveCode } from '@tearoff/contracts';
import { CommandClient } from '@tearoff/messaging';
import type { FastifyRequest } from 'fastify';
import { BodyPipe } from '../../http/dto.pipe';
import { refusalOf } from '../../redemptions/refusals';
import { CancelDto, ReserveDto, ValidateDto } from './pos.dto';

const pos = { facadeScopes: ['pos'] as const };

/** A till holds a coupon, then spends it or lets it go; what it does neither with frees itself. */
@Controller('liquidbarcodes/pos')
export class PosController {
  constructor(private readonly commands: CommandClient) {}

  @Post('Reserve')
  @HttpCode(200)
  @RouteConfig(pos)
  async reserve(
    @Req() { caller, messageContext: context }: FastifyRequest,
    @Body(new BodyPipe(ReserveDto, 'check', 'lenient')) { Code, Seconds, ...till }: ReserveDto,
  ) {
    const { accountId } = caller;
    const request = { accountId, code: Code, ...tillOf(till), ...(Seconds && { ttlSeconds: Seconds }) };
    const result = await this.commands.send(ReserveCode, request, { context });
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
  @RouteConfig(pos)
  async validate(
    @Req() { caller, messageContext: context }: FastifyRequest,
    @Body(new BodyPipe(ValidateDto, 'check', 'lenient')) body: ValidateDto,
  ) {
    const { ReservationId: reservationId, TransactionId, ...till } = body;
    const { accountId } = caller;
    const transactionRef = TransactionId ?? reservationId;
    const request = { accountId, reservationId, transactionRef, ...tillOf(till) };
    const result = await this.commands.send(RedeemCode, request, { context });
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
  @RouteConfig(pos)
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

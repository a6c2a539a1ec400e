import { Body, Controller, Delete, HttpCode, Param, Post, Req } from '@nestjs/common';
import { ReleaseReservation } from '@tearoff/contracts';
import { CommandClient } from '@tearoff/messaging';
import type { FastifyRequest } from 'fastify';
import { BodyPipe } from '../../http/validation/dto.pipe';
import { PathId } from '../../http/validation/path-id.pipe';
import { exampleIds } from '../../http/openapi/example-ids';
import { Operation } from '../../http/openapi/operation.decorator';
import { refusalCodes, refusalOf } from '../redemptions/refusals';
import { Till } from '../redemptions/till';
import { ReservationDto } from './reservation.dto';

const scopes = ['pos'] as const;
const tag = 'Till';

@Controller('v1/reservations')
export class ReservationsController {
  constructor(
    private readonly commands: CommandClient,
    private readonly till: Till,
  ) {}

  @Post()
  @Operation({
    tag,
    summary: 'Hold a coupon for a till',
    description: 'For `ttlSeconds` (120 unless told); then redeem with `reservationId`. It frees itself.',
    scopes,
    body: {
      schema: 'ReservationRequest',
      examples: { hold: { summary: 'For one minute', value: { code: exampleIds.code, ttlSeconds: 60 } } },
    },
    answers: { 201: { description: 'Held.', schema: 'Reservation' } },
    problems: {
      404: ['coupon.not_found'],
      409: refusalCodes,
      429: ['rate.limited', 'coupon.too_many_unknown'],
      503: ['campaign.unknown'],
    },
  })
  async reserve(@Req() request: FastifyRequest, @Body(new BodyPipe(ReservationDto)) body: ReservationDto) {
    const result = await this.till.reserve(request, body);
    if (result.outcome === 'refused') throw refusalOf(result);
    return result.reservation;
  }

  @Delete(':id')
  @HttpCode(204)
  @Operation({
    tag,
    summary: 'Let go of a reservation',
    scopes,
    answers: { 204: { description: 'The coupon is free again.' } },
    problems: { 404: ['reservation.not_found'] },
  })
  async release(
    @Req() request: FastifyRequest,
    @Param('id', new PathId('reservation')) reservationId: string,
  ): Promise<void> {
    const { caller, messageContext: context } = request;
    await this.commands.send(ReleaseReservation, { accountId: caller.accountId, reservationId }, { context });
  }
}

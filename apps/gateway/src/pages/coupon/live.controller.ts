import { Controller, Get, Param, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { streamPage } from '../live/event-stream';
import { LivePlaces } from '../live/live-places';
import { LiveCouponPages } from './live-coupon-pages';

@Controller('c')
export class LiveController {
  constructor(
    private readonly live: LiveCouponPages,
    private readonly places: LivePlaces,
  ) {}

  @Get(':token/events')
  events(
    @Param('token') token: string,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    return streamPage(token, this.live, this.places, request, reply);
  }
}

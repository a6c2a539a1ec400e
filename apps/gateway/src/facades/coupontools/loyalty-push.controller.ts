import { Controller, HttpCode, Post, Req } from '@nestjs/common';
import { RouteConfig } from '@nestjs/platform-fastify';
import { DomainError, PushToCard } from '@tearoff/contracts';
import { CommandClient } from '@tearoff/messaging';
import type { FastifyRequest } from 'fastify';
import { failure, unknownCard } from './faults';
import { Parameters } from './parameters';
import { standingFor } from './routes';
import { ok } from './views';

@Controller('coupontools/v3/loyalty/pushnotification')
export class CoupontoolsLoyaltyPushController {
  constructor(private readonly commands: CommandClient) {}

  /** To every wallet that holds the card. Answered when the job is on its way: a hundred thousand take minutes. */
  @Post('list')
  @HttpCode(200)
  @RouteConfig(standingFor('POST /v1/loyalty/cards/:id/push'))
  async notify(@Req() request: FastifyRequest) {
    const { caller, messageContext: context } = request;
    const parameters = Parameters.of(request);
    const cardId = parameters.id('loyaltycard');
    const message = parameters.required('message', 1_000);
    parameters.check();
    const { accountId } = caller;
    const { devices } = await this.commands
      .send(PushToCard, { accountId, cardId, message }, { context })
      .catch((error: unknown) => {
        if (error instanceof DomainError && error.code === 'card.not_found') throw failure(unknownCard);
        throw error;
      });
    return ok({ loyaltycard: cardId, message, action: 'pushnotification_sent', notified: devices });
  }
}

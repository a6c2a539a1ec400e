import { Controller, HttpCode, Post, Req } from '@nestjs/common';
import { RouteConfig } from '@nestjs/platform-fastify';
import { GetCard, ListCards, type Card } from '@tearoff/contracts';
import { CommandClient } from '@tearoff/messaging';
import type { FastifyRequest } from 'fastify';
import { asUnknownCardId } from './faults';
import { loyaltyInfo } from './loyalty.views';
import { Parameters } from './parameters';
import { standingFor } from './routes';
import { ok } from './views';

@Controller('coupontools/v3/loyalty')
export class CoupontoolsLoyaltyController {
  constructor(private readonly commands: CommandClient) {}

  @Post('list')
  @HttpCode(200)
  @RouteConfig(standingFor('GET /v1/loyalty/cards'))
  async list(@Req() request: FastifyRequest) {
    const { caller, messageContext: context } = request;
    const parameters = Parameters.of(request);
    const active = parameters.flag('only_active') ? { active: true } : {};
    parameters.check();
    const cards: Card[] = [];
    for (let cursor: string | undefined; ;) {
      const wish = { accountId: caller.accountId, ...active, limit: 500, ...(cursor && { cursor }) };
      const { data, nextCursor } = await this.commands.send(ListCards, wish, { context });
      cards.push(...data);
      if (nextCursor === null) return ok({ loyalty_info: cards.map(loyaltyInfo) });
      cursor = nextCursor;
    }
  }

  @Post('info')
  @HttpCode(200)
  @RouteConfig(standingFor('GET /v1/loyalty/cards/:id'))
  async info(@Req() request: FastifyRequest) {
    const { caller, messageContext: context } = request;
    const parameters = Parameters.of(request);
    const cardId = parameters.id('loyaltycard');
    parameters.check();
    const card = await this.commands
      .send(GetCard, { accountId: caller.accountId, cardId }, { context })
      .catch(asUnknownCardId);
    const { design, rewards, members } = card;
    return ok({
      loyalty_info: {
        ...loyaltyInfo(card),
        description: design.description ?? '',
        terms: design.terms ?? '',
        users: members ?? 0,
        rewards: rewards.map(({ id, name, cost }) => ({ ID: id, name, cost })),
      },
    });
  }
}

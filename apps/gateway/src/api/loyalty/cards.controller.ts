import { Body, Controller, Get, Param, Patch, Post, Query, Req } from '@nestjs/common';
import {
  CreateCard,
  GetCard,
  ListCards,
  UpdateCard,
  type CardInput,
  type CardPatch,
} from '@tearoff/contracts';
import { CommandClient } from '@tearoff/messaging';
import { IsIn } from 'class-validator';
import type { FastifyRequest } from 'fastify';
import { Optional } from '../../http/validation/dto.decorators';
import { QueryPipe } from '../../http/validation/dto.pipe';
import { PagingQuery } from '../../http/validation/paging.dto';
import { PathId } from '../../http/validation/path-id.pipe';
import { SchemaPipe } from '../../http/validation/schema.pipe';
import { sendForCaller } from '../../http/send-for-caller';
import { pageOf, withoutAccount } from '../../http/views';
import { Operation } from '../../http/openapi/operation.decorator';
import { CardBody, CardPatchBody } from './card.schema';
import { cardExamples, cardPatchExamples } from './card.examples';

const scopes = ['marketing'] as const;
const tag = 'Loyalty';

class CardsQuery extends PagingQuery {
  @Optional() @IsIn(['true', 'false']) active?: 'true' | 'false';
}

@Controller('v1/loyalty/cards')
export class CardsController {
  constructor(private readonly commands: CommandClient) {}

  @Post()
  @Operation({
    tag,
    summary: 'Make a loyalty card',
    description:
      'A programme of points or stamps. `earning`: what is awarded by itself, for each coupon redeemed, for the ' +
      'amount of its basket, for a custom event. `rewards`: what points buy, a coupon of a campaign; an `automatic` ' +
      'one is issued as soon as the balance reaches its cost. A campaign that gives each person one coupon gives a ' +
      'reward once: set its `limits.perRecipient` to null for more. `expiry`, `tiers` and `pendingDays` (until what was ' +
      'awarded can be spent) are counted in days of `timezone`.',
    scopes,
    body: { schema: 'CardInput', examples: cardExamples },
    answers: { 201: { description: 'The card, with its defaults.', schema: 'Card' } },
    problems: { 422: ['card.invalid'] },
  })
  async create(@Req() request: FastifyRequest, @Body(new SchemaPipe(CardBody)) card: CardInput) {
    return withoutAccount(await sendForCaller(this.commands, request, CreateCard, { card }));
  }

  @Get()
  @Operation({
    tag,
    summary: 'List loyalty cards, newest first',
    scopes,
    query: CardsQuery,
    answers: { 200: { description: 'A page of cards.', schema: 'Card', page: true } },
  })
  async list(
    @Req() request: FastifyRequest,
    @Query(new QueryPipe(CardsQuery)) { active, ...paging }: CardsQuery,
  ) {
    const which = active === undefined ? {} : { active: active === 'true' };
    const page = await sendForCaller(this.commands, request, ListCards, { ...which, ...paging });
    return pageOf(page, withoutAccount);
  }

  @Get(':id')
  @Operation({
    tag,
    summary: 'Read a loyalty card with the number of its members',
    scopes,
    answers: { 200: { description: 'The card.', schema: 'Card' } },
    problems: { 404: ['card.not_found'] },
  })
  async get(@Req() request: FastifyRequest, @Param('id', new PathId('card')) cardId: string) {
    return withoutAccount(await sendForCaller(this.commands, request, GetCard, { cardId }));
  }

  @Patch(':id')
  @Operation({
    tag,
    summary: 'Change a loyalty card',
    description:
      'A JSON merge patch (RFC 7396). Its design shows at once on cards that are out; what was earned under other ' +
      'rules stays. Lists are replaced whole; a reward that keeps its `id` stays the same reward.',
    scopes,
    body: { schema: 'CardPatch', examples: cardPatchExamples },
    answers: { 200: { description: 'The card as it is now.', schema: 'Card' } },
    problems: { 404: ['card.not_found'], 422: ['card.invalid'] },
  })
  async update(
    @Req() request: FastifyRequest,
    @Param('id', new PathId('card')) cardId: string,
    @Body(new SchemaPipe(CardPatchBody)) patch: CardPatch,
  ) {
    return withoutAccount(await sendForCaller(this.commands, request, UpdateCard, { cardId, patch }));
  }
}

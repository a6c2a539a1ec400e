import { Body, Controller, Get, HttpCode, Param, Post, Query, Req } from '@nestjs/common';
import { ListRedemptions, ReverseRedemption } from '@tearoff/contracts';
import { CommandClient } from '@tearoff/messaging';
import type { FastifyRequest } from 'fastify';
import { ReasonDto } from '../coupons/coupon.dto';
import { BodyPipe, QueryPipe } from '../../http/validation/dto.pipe';
import { PathId } from '../../http/validation/path-id.pipe';
import { pageOf, withoutAccount } from '../../http/views';
import { Operation } from '../../http/openapi/operation.decorator';
import { RedemptionsQuery } from './redemptions.dto';

const tag = 'Till';

@Controller('v1/redemptions')
export class RedemptionsController {
  constructor(private readonly commands: CommandClient) {}

  @Get()
  @Operation({
    tag,
    summary: 'Search redemptions, newest first',
    description: 'Reversed ones stay in the list, with `reversedAt`.',
    scopes: ['pos', 'marketing'],
    query: RedemptionsQuery,
    answers: { 200: { description: 'A page of redemptions.', schema: 'Redemption', page: true } },
  })
  async list(
    @Req() request: FastifyRequest,
    @Query(new QueryPipe(RedemptionsQuery)) query: RedemptionsQuery,
  ) {
    const { caller, messageContext: context } = request;
    const page = await this.commands.send(
      ListRedemptions,
      { accountId: caller.accountId, ...query },
      { context },
    );
    return pageOf(page, withoutAccount);
  }

  @Post(':id/reverse')
  @HttpCode(200)
  @Operation({
    tag,
    summary: 'Reverse a redemption',
    description:
      'Once. The coupon can be used again, by another `transactionRef`; its history stays, and the same ' +
      '`transactionRef` is answered with it.',
    scopes: ['pos'],
    body: {
      schema: 'ReasonRequest',
      optional: true,
      examples: { returned: { summary: 'Goods returned', value: { reason: 'Goods returned' } } },
    },
    answers: { 200: { description: 'The redemption, reversed.', schema: 'Redemption' } },
    problems: { 404: ['redemption.not_found'], 409: ['redemption.already_reversed'] },
  })
  async reverse(
    @Req() request: FastifyRequest,
    @Param('id', new PathId('redemption')) redemptionId: string,
    @Body(new BodyPipe(ReasonDto)) { reason }: ReasonDto,
  ) {
    const { caller, messageContext: context } = request;
    const command = { accountId: caller.accountId, redemptionId, reason };
    return withoutAccount(await this.commands.send(ReverseRedemption, command, { context }));
  }
}

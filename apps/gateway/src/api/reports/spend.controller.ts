import { createHash } from 'node:crypto';
import { Body, Controller, Delete, Get, HttpCode, Param, Post, Query, Req } from '@nestjs/common';
import { AddSpend, idPrefixes, ListSpend, newId, RemoveSpend } from '@tearoff/contracts';
import { CommandClient } from '@tearoff/messaging';
import type { FastifyRequest } from 'fastify';
import { BodyPipe, QueryPipe } from '../../http/validation/dto.pipe';
import { PagingQuery } from '../../http/validation/paging.dto';
import { PathId } from '../../http/validation/path-id.pipe';
import { Operation } from '../../http/openapi/operation.decorator';
import { SpendDto } from './reports.dto';

const scopes = ['marketing'] as const;
const tag = 'Reports';

@Controller('v1/campaigns/:id/spend')
export class SpendController {
  constructor(private readonly commands: CommandClient) {}

  @Post()
  @Operation({
    tag,
    summary: 'Say what an ad cost on a day',
    description:
      'Several add up; with an `Idempotency-Key` one counts once, however often it is sent. To correct one, remove ' +
      'it and say it anew, under another key.',
    scopes,
    body: {
      schema: 'SpendInput',
      examples: {
        tv: {
          summary: 'A spot on television',
          value: { source: { medium: 'tv' }, amount: 250_000, currency: 'EUR', day: '2027-01-31' },
        },
      },
    },
    answers: { 201: { description: 'The spend.', schema: 'Spend' } },
    problems: { 404: ['campaign.not_found'] },
  })
  add(
    @Req() request: FastifyRequest,
    @Param('id', new PathId('campaign')) campaignId: string,
    @Body(new BodyPipe(SpendDto)) spend: SpendDto,
  ) {
    const { caller, messageContext: context } = request;
    const { accountId } = caller;
    return this.commands.send(AddSpend, { accountId, campaignId, id: idOf(request), ...spend }, { context });
  }

  @Get()
  @Operation({
    tag,
    summary: 'List what ads cost, the latest day first',
    scopes,
    query: PagingQuery,
    answers: { 200: { description: 'A page of spend.', schema: 'Spend', page: true } },
    problems: { 404: ['campaign.not_found'] },
  })
  list(
    @Req() { caller, messageContext: context }: FastifyRequest,
    @Param('id', new PathId('campaign')) campaignId: string,
    @Query(new QueryPipe(PagingQuery)) query: PagingQuery,
  ) {
    const { accountId } = caller;
    return this.commands.send(ListSpend, { accountId, campaignId, ...query }, { context });
  }

  @Delete(':spendId')
  @HttpCode(204)
  @Operation({
    tag,
    summary: 'Take back what an ad was said to cost',
    description: 'Reports are as if it had never been said.',
    scopes,
    answers: { 204: { description: 'It does not count any more.' } },
    problems: { 404: ['spend.not_found'] },
  })
  async remove(
    @Req() { caller, messageContext: context }: FastifyRequest,
    @Param('id', new PathId('campaign')) campaignId: string,
    @Param('spendId', new PathId('spend')) spendId: string,
  ): Promise<void> {
    const { accountId } = caller;
    await this.commands.send(RemoveSpend, { accountId, campaignId, spendId }, { context });
  }
}

/** Of the key, if there is one: it then counts once even when a crash has lost the stored answer. */
function idOf({ headers, caller }: FastifyRequest): string {
  const key = headers['idempotency-key'];
  if (typeof key !== 'string') return newId('spend');
  const digest = createHash('sha256').update(`${caller.keyId} ${key}`).digest('hex');
  return `${idPrefixes.spend}_${digest.slice(0, 32)}`;
}

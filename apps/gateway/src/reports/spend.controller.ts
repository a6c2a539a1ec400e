import { createHash } from 'node:crypto';
import { Body, Controller, Param, Post, Req } from '@nestjs/common';
import { AddSpend, idPrefixes, newId } from '@tearoff/contracts';
import { CommandClient } from '@tearoff/messaging';
import type { FastifyRequest } from 'fastify';
import { BodyPipe } from '../http/dto.pipe';
import { PathId } from '../http/path-id.pipe';
import { Operation } from '../openapi/operation.decorator';
import { SpendDto } from './reports.dto';

@Controller('v1/campaigns/:id/spend')
export class SpendController {
  constructor(private readonly commands: CommandClient) {}

  @Post()
  @Operation({
    tag: 'Reports',
    summary: 'Say what an ad cost on a day',
    description: 'Several add up; with an `Idempotency-Key` one counts once, however often it is sent.',
    scopes: ['marketing'],
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
}

/** Of the key, if there is one: it then counts once even when a crash has lost the stored answer. */
function idOf({ headers, caller }: FastifyRequest): string {
  const key = headers['idempotency-key'];
  if (typeof key !== 'string') return newId('spend');
  const digest = createHash('sha256').update(`${caller.keyId} ${key}`).digest('hex');
  return `${idPrefixes.spend}_${digest.slice(0, 32)}`;
}

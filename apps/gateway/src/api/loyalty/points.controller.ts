import { Body, Controller, Get, Param, Post, Query, Req, Res } from '@nestjs/common';
import { ChangePoints, invalid, ListLedger, type RequestOf } from '@tearoff/contracts';
import { CommandClient } from '@tearoff/messaging';
import type { Static } from '@sinclair/typebox';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { QueryPipe } from '../../http/validation/dto.pipe';
import { PagingQuery } from '../../http/validation/paging.dto';
import { PathId } from '../../http/validation/path-id.pipe';
import { SchemaPipe } from '../../http/validation/schema.pipe';
import { pageOf, withoutAccount } from '../../http/views';
import { Operation, type OperationDefinition } from '../../http/openapi/operation.decorator';
import { refusalOf } from './loyalty.refusals';
import { pointsExamples, tillPointsExamples } from './member.examples';
import { PointsBody, TillPointsBody, type TillPoints } from './member.schema';
import { referenceOf } from './references';

const scopes = ['marketing', 'pos'] as const;
const tag = 'Loyalty';
const names = ['number', 'phone', 'email', 'externalId'] as const;

type Change = Omit<RequestOf<typeof ChangePoints>, 'accountId' | 'by'>;

const points: Pick<OperationDefinition, 'scopes' | 'answers' | 'problems'> = {
  scopes,
  answers: {
    201: { description: 'Entered.', schema: 'PointsAnswer' },
    200: { description: 'This reference was entered before.', schema: 'PointsAnswer' },
  },
  problems: {
    404: ['card.not_found', 'member.not_found', 'enrolment.not_found'],
    409: ['points.insufficient', 'card.not_active'],
  },
};

@Controller('v1/loyalty')
export class PointsController {
  constructor(private readonly commands: CommandClient) {}

  @Post('cards/:id/members/:memberId/points')
  @Operation({
    tag,
    summary: 'Award or spend points',
    description:
      '`amount`: above 0 awards, below 0 spends; the balance never falls below zero. The same `reference` counts once ' +
      'on this card and member, whatever the amount; without one an `Idempotency-Key` stands in for it.',
    body: { schema: 'PointsInput', examples: pointsExamples },
    ...points,
  })
  change(
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
    @Param('id', new PathId('card')) cardId: string,
    @Param('memberId', new PathId('member')) memberId: string,
    @Body(new SchemaPipe(PointsBody)) body: Static<typeof PointsBody>,
  ) {
    return this.enter(request, reply, { cardId, memberId, ...body });
  }

  @Post('points')
  @Operation({
    tag,
    summary: 'Award or spend points by what a till knows',
    description:
      'As above, for the member with this `number` on their card, `phone`, `email` or `externalId`: exactly one. ' +
      '`enrol` puts a member who is not on the card on it.',
    body: { schema: 'TillPointsInput', examples: tillPointsExamples },
    ...points,
    problems: { ...points.problems, 422: ['recipient.invalid_phone', 'recipient.invalid_email'] },
  })
  changeAtTill(
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
    @Body(new SchemaPipe(TillPointsBody)) body: TillPoints,
  ) {
    const given = names.filter((name) => body[name] !== undefined);
    if (given.length !== 1) throw wrong(`/${given[1] ?? names[0]}`, `exactly one of ${names.join(', ')}`);
    const { number } = body;
    return this.enter(request, reply, {
      ...body,
      ...(number !== undefined && { number: number.replace(/[\s-]/g, '') }),
    });
  }

  @Get('cards/:id/members/:memberId/ledger')
  @Operation({
    tag,
    summary: "Every movement of a member's points, newest first",
    description: 'Entries are never changed nor deleted; the balance is their sum.',
    scopes,
    query: PagingQuery,
    answers: { 200: { description: 'A page of entries.', schema: 'LedgerEntry', page: true } },
    problems: { 404: ['card.not_found', 'enrolment.not_found'] },
  })
  async ledger(
    @Req() request: FastifyRequest,
    @Param('id', new PathId('card')) cardId: string,
    @Param('memberId', new PathId('member')) memberId: string,
    @Query(new QueryPipe(PagingQuery)) paging: PagingQuery,
  ) {
    const { caller, messageContext: context } = request;
    const { accountId } = caller;
    const page = await this.commands.send(
      ListLedger,
      { accountId, cardId, memberId, ...paging },
      { context },
    );
    return pageOf(page, withoutAccount);
  }

  private async enter(request: FastifyRequest, reply: FastifyReply, change: Change) {
    if (change.amount === 0) throw wrong('/amount', 'must not be 0');
    const { caller, messageContext: context } = request;
    const { accountId, keyId: by } = caller;
    const reference = referenceOf(request, change.reference);
    const result = await this.commands.send(
      ChangePoints,
      { accountId, by, ...change, reference },
      { context },
    );
    if (result.outcome === 'refused') throw refusalOf(result);
    const { entry, balance, pending } = result;
    const repeated = result.outcome === 'repeated';
    void reply.code(repeated ? 200 : 201);
    return { entryId: entry.id, memberId: entry.memberId, amount: entry.amount, balance, pending, repeated };
  }
}

const wrong = (path: string, message: string) =>
  invalid('request.invalid', 'The body is not valid.', { errors: [{ path, message }] });

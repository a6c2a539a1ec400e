import { Controller, Get, Inject, Param, Put, Query, Req, Res } from '@nestjs/common';
import { EnrolMember, GetEnrolment, SearchMembers } from '@tearoff/contracts';
import { CommandClient } from '@tearoff/messaging';
import { Transform } from 'class-transformer';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Optional } from '../../http/validation/dto.decorators';
import { QueryPipe } from '../../http/validation/dto.pipe';
import { PagingQuery } from '../../http/validation/paging.dto';
import { PathId } from '../../http/validation/path-id.pipe';
import { searchOf } from '../../http/validation/plus';
import { sendForCaller } from '../../http/send-for-caller';
import { IsText } from '../../http/validation/validators';
import { pageOf } from '../../http/views';
import { Operation } from '../../http/openapi/operation.decorator';
import { PUBLIC_URL } from '../../pages/pages.tokens';
import { enrolmentView, foundView } from './loyalty.view';
import { NumberPipe } from './number.pipe';

const scopes = ['marketing'] as const;
const tag = 'Loyalty';
const notThere = { 404: ['card.not_found', 'enrolment.not_found'] };

class OnCardQuery extends PagingQuery {
  @Optional() @Transform(searchOf) @IsText(200, 3) q?: string;
}

@Controller('v1/loyalty/cards/:id')
export class EnrolmentsController {
  constructor(
    private readonly commands: CommandClient,
    @Inject(PUBLIC_URL) private readonly publicUrl: string,
  ) {}

  @Put('members/:memberId')
  @Operation({
    tag,
    summary: 'Put a member on a card',
    description: 'Again = the enrolment that stands, with the same number and the same address.',
    scopes,
    answers: {
      201: { description: 'They are on it now.', schema: 'EnrolmentAnswer' },
      200: { description: 'They were on it before.', schema: 'EnrolmentAnswer' },
    },
    problems: { 404: ['card.not_found', 'member.not_found'], 409: ['card.not_active'] },
  })
  async enrol(
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
    @Param('id', new PathId('card')) cardId: string,
    @Param('memberId', new PathId('member')) memberId: string,
  ) {
    const { enrolment, repeated } = await sendForCaller(this.commands, request, EnrolMember, {
      cardId,
      memberId,
    });
    void reply.code(repeated ? 200 : 201);
    return { ...enrolmentView(enrolment, this.publicUrl), repeated };
  }

  @Get('members/:memberId')
  @Operation({
    tag,
    summary: "Read a member's balance on a card",
    scopes: ['marketing', 'pos'],
    answers: { 200: { description: 'The enrolment.', schema: 'Enrolment' } },
    problems: notThere,
  })
  async get(
    @Req() request: FastifyRequest,
    @Param('id', new PathId('card')) cardId: string,
    @Param('memberId', new PathId('member')) memberId: string,
  ) {
    return this.read(request, { cardId, memberId });
  }

  @Get('numbers/:number')
  @Operation({
    tag,
    summary: 'Read a balance by the number on the card',
    description: 'For tills: it says nothing of the person.',
    scopes: ['marketing', 'pos'],
    answers: { 200: { description: 'The enrolment.', schema: 'Enrolment' } },
    problems: notThere,
  })
  async byNumber(
    @Req() request: FastifyRequest,
    @Param('id', new PathId('card')) cardId: string,
    @Param('number', new NumberPipe()) number: string,
  ) {
    return this.read(request, { cardId, number });
  }

  @Get('members')
  @Operation({
    tag,
    summary: 'List the members on a card',
    scopes,
    query: OnCardQuery,
    answers: { 200: { description: 'A page of members.', schema: 'FoundMember', page: true } },
    problems: { 404: ['card.not_found'] },
  })
  async list(
    @Req() request: FastifyRequest,
    @Param('id', new PathId('card')) cardId: string,
    @Query(new QueryPipe(OnCardQuery)) query: OnCardQuery,
  ) {
    const page = await sendForCaller(this.commands, request, SearchMembers, { cardId, ...query });
    return pageOf(page, (found) => foundView(found, this.publicUrl));
  }

  private async read(request: FastifyRequest, whose: { cardId: string; memberId?: string; number?: string }) {
    return enrolmentView(await sendForCaller(this.commands, request, GetEnrolment, whose), this.publicUrl);
  }
}

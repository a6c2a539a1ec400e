import { Controller, Get, Query, Req } from '@nestjs/common';
import { channels, ListConsents, type Channel } from '@tearoff/contracts';
import { CommandClient } from '@tearoff/messaging';
import { Transform } from 'class-transformer';
import { IsIn } from 'class-validator';
import type { FastifyRequest } from 'fastify';
import { Optional } from '../../http/validation/dto.decorators';
import { QueryPipe } from '../../http/validation/dto.pipe';
import { PagingQuery } from '../../http/validation/paging.dto';
import { plusOf } from '../../http/validation/plus';
import { sendForCaller } from '../../http/send-for-caller';
import { IsText } from '../../http/validation/validators';
import { pageOf, withoutAccount } from '../../http/views';
import { Operation } from '../../http/openapi/operation.decorator';

export class ConsentsQuery extends PagingQuery {
  @Optional() @IsIn(channels) channel?: Channel;
  @Optional() @Transform(plusOf) @IsText(320) address?: string;
}

@Controller('v1/consents')
export class ConsentsController {
  constructor(private readonly commands: CommandClient) {}

  @Get()
  @Operation({
    tag: 'Messages',
    summary: 'Who agreed to be written to, or stopped, newest first',
    description:
      'How and when, and the words they were shown or wrote. Records are never changed: the newest one of an ' +
      'address says what holds.',
    scopes: ['marketing'],
    query: ConsentsQuery,
    answers: { 200: { description: 'A page of consent records.', schema: 'Consent', page: true } },
    problems: { 422: ['recipient.invalid_phone', 'recipient.invalid_email'] },
  })
  async list(@Req() request: FastifyRequest, @Query(new QueryPipe(ConsentsQuery)) query: ConsentsQuery) {
    const page = await sendForCaller(this.commands, request, ListConsents, query);
    return pageOf(page, withoutAccount);
  }
}

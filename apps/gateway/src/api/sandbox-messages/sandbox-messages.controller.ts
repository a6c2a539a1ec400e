import { Controller, Get, Query, Req } from '@nestjs/common';
import { ListSandboxMessages } from '@tearoff/contracts';
import { CommandClient } from '@tearoff/messaging';
import { Transform } from 'class-transformer';
import type { FastifyRequest } from 'fastify';
import { Optional } from '../../http/validation/dto.decorators';
import { QueryPipe } from '../../http/validation/dto.pipe';
import { PagingQuery } from '../../http/validation/paging.dto';
import { plusOf } from '../../http/validation/plus';
import { IsText } from '../../http/validation/validators';
import { Operation } from '../../http/openapi/operation.decorator';

export class SandboxMessagesQuery extends PagingQuery {
  @Optional() @Transform(plusOf) @IsText(320) to?: string;
}

@Controller('v1/sandbox/messages')
export class SandboxMessagesController {
  constructor(private readonly commands: CommandClient) {}

  @Get()
  @Operation({
    tag: 'Messages',
    summary: 'What the sandbox provider "sent", newest first',
    description: 'Only while the sandbox provider is on; `/sandbox` shows the same in a browser.',
    scopes: ['marketing'],
    query: SandboxMessagesQuery,
    answers: { 200: { description: 'A page of messages.', schema: 'SandboxMessage', page: true } },
    problems: { 404: ['sandbox.off'] },
  })
  list(
    @Req() request: FastifyRequest,
    @Query(new QueryPipe(SandboxMessagesQuery)) query: SandboxMessagesQuery,
  ) {
    const { caller, messageContext: context } = request;
    return this.commands.send(ListSandboxMessages, { accountId: caller.accountId, ...query }, { context });
  }
}

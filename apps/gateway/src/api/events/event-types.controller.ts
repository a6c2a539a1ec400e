import { Body, Controller, Get, Param, Put, Query, Req } from '@nestjs/common';
import type { Static } from '@sinclair/typebox';
import { EventType, faultsOf, invalid, ListEventTypes, SaveEventType } from '@tearoff/contracts';
import { CommandClient } from '@tearoff/messaging';
import type { FastifyRequest } from 'fastify';
import { QueryPipe } from '../../http/validation/dto.pipe';
import { PagingQuery } from '../../http/validation/paging.dto';
import { SchemaPipe } from '../../http/validation/schema.pipe';
import { Operation } from '../../http/openapi/operation.decorator';
import { EventTypeBody } from './event-type.schema';

const scopes = ['marketing'] as const;
const tag = 'Events';

@Controller('v1/event-types')
export class EventTypesController {
  constructor(private readonly commands: CommandClient) {}

  @Get()
  @Operation({
    tag,
    summary: 'List event types by name',
    description: 'Every type that an event named so far. Counts lag behind by some seconds.',
    scopes,
    query: PagingQuery,
    answers: { 200: { description: 'A page of types.', schema: 'EventType', page: true } },
  })
  list(@Req() request: FastifyRequest, @Query(new QueryPipe(PagingQuery)) query: PagingQuery) {
    const { caller, messageContext: context } = request;
    return this.commands.send(ListEventTypes, { accountId: caller.accountId, ...query }, { context });
  }

  @Put(':type')
  @Operation({
    tag,
    summary: 'Say what an event type demands',
    description: 'An event without one of `requiredParams` is refused. A type that is new is made.',
    scopes,
    body: {
      schema: 'EventTypeInput',
      examples: { code: { summary: 'Every event tells a code', value: { requiredParams: ['code'] } } },
    },
    answers: { 200: { description: 'The type.', schema: 'EventType' } },
    problems: { 422: ['event.invalid_type', 'event.reserved_type'] },
  })
  save(
    @Req() request: FastifyRequest,
    @Param('type') type: string,
    @Body(new SchemaPipe(EventTypeBody)) body: Static<typeof EventTypeBody>,
  ) {
    const { caller, messageContext: context } = request;
    if (faultsOf(EventType, type))
      throw invalid(
        'event.invalid_type',
        'A type has 1 to 100 characters that are not all blank; no control characters and none of ' +
          '< > ; \' " \\ / | ` ^ ? ! , are among them.',
      );
    return this.commands.send(SaveEventType, { accountId: caller.accountId, type, ...body }, { context });
  }
}

import { Body, Controller, Get, Post, Query, Req } from '@nestjs/common';
import { CreateStore, ListStores } from '@tearoff/contracts';
import { CommandClient } from '@tearoff/messaging';
import type { FastifyRequest } from 'fastify';
import { BodyPipe, QueryPipe } from '../../http/validation/dto.pipe';
import { PagingQuery } from '../../http/validation/paging.dto';
import { sendForCaller } from '../../http/send-for-caller';
import { pageOf, withoutAccount } from '../../http/views';
import { Operation } from '../../http/openapi/operation.decorator';
import { StoreDto } from './store.dto';

const scopes = ['pos', 'marketing'] as const;
const tag = 'Stores';

@Controller('v1/stores')
export class StoresController {
  constructor(private readonly commands: CommandClient) {}

  @Post()
  @Operation({
    tag,
    summary: 'Add a store',
    description: 'The id may be your own: the one that your tills send.',
    scopes,
    body: {
      schema: 'StoreInput',
      examples: {
        own: {
          summary: 'With your own id',
          value: { id: 'london-1', name: 'London, Strand', timezone: 'Europe/London' },
        },
        made: { summary: 'With an id of ours', value: { name: 'Web shop' } },
      },
    },
    answers: { 201: { description: 'The store.', schema: 'Store' } },
    problems: { 409: ['store.exists'], 422: ['store.invalid_timezone'] },
  })
  async create(@Req() request: FastifyRequest, @Body(new BodyPipe(StoreDto)) store: StoreDto) {
    return withoutAccount(await sendForCaller(this.commands, request, CreateStore, { store }));
  }

  @Get()
  @Operation({
    tag,
    summary: 'List stores',
    scopes,
    query: PagingQuery,
    answers: { 200: { description: 'A page of stores.', schema: 'Store', page: true } },
  })
  async list(@Req() request: FastifyRequest, @Query(new QueryPipe(PagingQuery)) query: PagingQuery) {
    const page = await sendForCaller(this.commands, request, ListStores, query);
    return pageOf(page, withoutAccount);
  }
}

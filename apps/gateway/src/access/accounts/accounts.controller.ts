import { Body, Controller, Get, Post, Query, Req } from '@nestjs/common';
import { forbidden } from '@tearoff/contracts';
import type { FastifyRequest } from 'fastify';
import { keyView } from '../api-keys/api-keys.controller';
import type { Caller } from '../api-keys/caller';
import { BodyPipe, QueryPipe } from '../../http/validation/dto.pipe';
import { ownPage } from '../../http/own-page';
import { PagingQuery } from '../../http/validation/paging.dto';
import { IsText } from '../../http/validation/validators';
import { Operation } from '../../http/openapi/operation.decorator';
import type { AccountEntity } from './account.entity';
import { AccountsService } from './accounts.service';

export class AccountDto {
  @IsText(200, 1) name: string;
}

const scopes = ['admin'] as const;
const tag = 'Keys and accounts';

/** Tenants; for admin keys of the operator's own account alone. */
@Controller('v1/accounts')
export class AccountsController {
  constructor(private readonly accounts: AccountsService) {}

  @Post()
  @Operation({
    tag,
    summary: 'Make an account',
    description: "Only with an admin key of the operator's account. Answers its first admin key, this once.",
    scopes,
    body: {
      schema: 'AccountInput',
      examples: { shop: { summary: 'A tenant', value: { name: 'Second shop' } } },
    },
    answers: { 201: { description: 'The account and its first key.', schema: 'NewAccount' } },
    problems: { 403: ['auth.operator_only'] },
  })
  async create(@Req() { caller }: FastifyRequest, @Body(new BodyPipe(AccountDto)) { name }: AccountDto) {
    operatorOnly(caller);
    const { account, first } = await this.accounts.create(name);
    return { ...view(account), apiKey: { ...keyView(first.key), clientSecret: first.clientSecret } };
  }

  @Get()
  @Operation({
    tag,
    summary: 'List accounts',
    scopes,
    query: PagingQuery,
    answers: { 200: { description: 'A page of accounts.', schema: 'Account', page: true } },
    problems: { 403: ['auth.operator_only'] },
  })
  list(@Req() { caller }: FastifyRequest, @Query(new QueryPipe(PagingQuery)) query: PagingQuery) {
    operatorOnly(caller);
    return ownPage('account', query, (page) => this.accounts.list(page), view);
  }
}

/** Throws `auth.operator_only` for everyone else. */
export function operatorOnly({ operator }: Caller): void {
  if (!operator) throw forbidden('auth.operator_only', "This needs an admin key of the operator's account.");
}

const view = ({ id, name, createdAt }: AccountEntity) => ({ id, name, createdAt });

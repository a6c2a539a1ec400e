import { Controller, Get, Req } from '@nestjs/common';
import { RouteConfig } from '@nestjs/platform-fastify';
import type { FastifyRequest } from 'fastify';
import { AccountsService } from '../../access/accounts/accounts.service';
import { forAnyKey } from './routes';

/** What clients ask for to see whether their key works. */
@Controller('esputnik/api/v1')
export class EsputnikAccountController {
  constructor(private readonly accounts: AccountsService) {}

  @Get('version')
  @RouteConfig(forAnyKey)
  version() {
    return { version: '1.0', protocolVersion: 'v1' };
  }

  /** No account has an e-mail address here. */
  @Get('account/info')
  @RouteConfig(forAnyKey)
  async info(@Req() { caller }: FastifyRequest) {
    const { id, name } = await this.accounts.one(caller.accountId);
    return { orgId: id, userEmail: '', organisationName: name };
  }
}

import { Controller, Get, Query, Req, Res } from '@nestjs/common';
import { RouteConfig } from '@nestjs/platform-fastify';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Inbox } from './inbox';

/** The inbox of the account whose key a browser asks for (HTTP Basic). */
@Controller('sandbox')
export class SandboxController {
  constructor(private readonly inbox: Inbox) {}

  @Get()
  @RouteConfig({ scopes: ['marketing'] })
  show(
    @Req() { caller }: FastifyRequest,
    @Query('to') to: unknown,
    @Query('cursor') cursor: unknown,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    return this.inbox.show(caller.accountId, { to, cursor }, reply);
  }
}

/** The inbox of all accounts, for anybody: `SANDBOX_INBOX=open`. */
@Controller('sandbox')
export class OpenSandboxController {
  constructor(private readonly inbox: Inbox) {}

  @Get()
  show(
    @Query('to') to: unknown,
    @Query('cursor') cursor: unknown,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    return this.inbox.show(null, { to, cursor }, reply);
  }
}

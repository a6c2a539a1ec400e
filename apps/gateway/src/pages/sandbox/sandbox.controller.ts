import { Controller, Get, Query, Req, Res, type Type } from '@nestjs/common';
import { RouteConfig } from '@nestjs/platform-fastify';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Inbox } from './inbox';
import { requireLocal, type InboxAccess } from './inbox-access';

/** The inbox of the account whose key a browser asks for (HTTP Basic). */
@Controller('sandbox')
class KeySandboxController {
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

/** The inbox of all accounts, for a browser on this machine. */
@Controller('sandbox')
class LocalSandboxController {
  constructor(private readonly inbox: Inbox) {}

  @Get()
  show(
    @Req() request: FastifyRequest,
    @Query('to') to: unknown,
    @Query('cursor') cursor: unknown,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    requireLocal(request);
    return this.inbox.show(null, { to, cursor }, reply);
  }
}

/** The inbox of all accounts, for anyone who reaches the gateway. */
@Controller('sandbox')
class OpenSandboxController {
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

export const sandboxControllers = {
  key: KeySandboxController,
  local: LocalSandboxController,
  open: OpenSandboxController,
} satisfies Record<InboxAccess, Type>;

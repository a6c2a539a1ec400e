import { Controller, Get, Inject, Query, Res } from '@nestjs/common';
import { DomainError, ListSandboxMessages, type ReplyOf } from '@tearoff/contracts';
import { CommandClient } from '@tearoff/messaging';
import type { FastifyReply } from 'fastify';
import { PUBLIC_URL } from '../pages.tokens';
import { closedPage, inboxPage } from './sandbox.page';

const pageSize = 50;

/**
 * The inbox of everything the sandbox providers "sent", of all accounts: whoever runs real providers has no
 * such page.
 */
@Controller('sandbox')
export class SandboxController {
  constructor(
    private readonly commands: CommandClient,
    @Inject(PUBLIC_URL) private readonly publicUrl: string,
  ) {}

  @Get()
  async inbox(
    @Query('to') to: unknown,
    @Query('cursor') cursor: unknown,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const query = { to: text(to, 320), cursor: text(cursor, 500) };
    try {
      const messages = await this.list(query);
      const { html, headers } = inboxPage(messages, query, this.publicUrl);
      void reply.headers(headers).send(html);
    } catch (error) {
      if (!(error instanceof DomainError)) throw error;
      const off = error.code === 'sandbox.off';
      const { html, headers } = closedPage(off ? 'off' : error.kind === 'invalid' ? 'filter' : 'away');
      void reply
        .code(off ? 404 : error.kind === 'invalid' ? 400 : 503)
        .headers(headers)
        .send(html);
    }
  }

  private list({
    to,
    cursor,
  }: {
    to?: string;
    cursor?: string;
  }): Promise<ReplyOf<typeof ListSandboxMessages>> {
    return this.commands.send(ListSandboxMessages, {
      limit: pageSize,
      ...(to && { to }),
      ...(cursor && { cursor }),
    });
  }
}

function text(value: unknown, max: number): string | undefined {
  const given = typeof value === 'string' ? value.trim().slice(0, max) : '';
  return given || undefined;
}

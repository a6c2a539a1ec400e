import { Inject, Injectable } from '@nestjs/common';
import { DomainError, invalid, ListSandboxMessages } from '@tearoff/contracts';
import { CommandClient } from '@tearoff/messaging';
import type { FastifyReply } from 'fastify';
import { isStorable } from '@tearoff/service-kit';
import { PUBLIC_URL } from '../pages.tokens';
import { closedPage, inboxPage } from './sandbox.page';

const pageSize = 50;

/** What the sandbox providers "sent", as a page. */
@Injectable()
export class Inbox {
  constructor(
    private readonly commands: CommandClient,
    @Inject(PUBLIC_URL) private readonly publicUrl: string,
  ) {}

  /** `accountId: null` = of all accounts. */
  async show(
    accountId: string | null,
    given: { to: unknown; cursor: unknown },
    reply: FastifyReply,
  ): Promise<void> {
    const query = { to: text(given.to, 320), cursor: text(given.cursor, 500) };
    try {
      if (!isStorable(query)) throw invalid('request.invalid', 'The query is not valid.');
      const messages = await this.commands.send(ListSandboxMessages, {
        limit: pageSize,
        ...(accountId !== null && { accountId }),
        ...query,
      });
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
}

function text(value: unknown, max: number): string | undefined {
  const given = typeof value === 'string' ? value.trim().slice(0, max) : '';
  return given || undefined;
}

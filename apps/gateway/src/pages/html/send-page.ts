import type { Logger } from '@nestjs/common';
import { DomainError } from '@tearoff/contracts';
import type { FastifyReply } from 'fastify';
import type { Page } from './document';

export function sendPage(reply: FastifyReply, status: number, { html, headers }: Page): void {
  void reply.code(status).headers(headers).send(html);
}

/** `instead` of a page that failed: 503 while a service is away, else 500 and `says` in the log. */
export function sendFailure(
  reply: FastifyReply,
  error: unknown,
  instead: Page,
  log: Logger,
  says: string,
): void {
  const away = error instanceof DomainError && error.kind === 'unavailable';
  if (!away) log.error(says, (error as Error).stack);
  void reply.header('retry-after', '10');
  sendPage(reply, away ? 503 : 500, instead);
}

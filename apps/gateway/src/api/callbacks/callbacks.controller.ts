import { Controller, Get, HttpCode, Param, Post, Req } from '@nestjs/common';
import { RouteConfig } from '@nestjs/platform-fastify';
import { callbackKinds, DomainError, notFound, RecordCallback } from '@tearoff/contracts';
import { CommandClient } from '@tearoff/messaging';
import type { FastifyRequest } from 'fastify';
import { maxLength } from '../../http/body/raw-body';

type Kind = (typeof callbackKinds)[number];

/**
 * What providers tell of messages, handed to notification as it came: who may tell is shown by its signature, which
 * notification checks. Answered with 2xx it is not told again.
 */
@Controller('callbacks/vonage')
export class CallbacksController {
  constructor(private readonly commands: CommandClient) {}

  @Post(':kind')
  @HttpCode(200)
  @RouteConfig({ rawBody: true, rawBodyLimit: maxLength })
  async post(@Req() request: FastifyRequest, @Param('kind') kind: string): Promise<void> {
    await this.record(request, kind);
  }

  /** The older SMS API can be set to tell by GET. */
  @Get(':kind')
  async get(@Req() request: FastifyRequest, @Param('kind') kind: string): Promise<void> {
    await this.record(request, kind);
  }

  private async record(request: FastifyRequest, kind: string): Promise<void> {
    if (!callbackKinds.includes(kind as Kind))
      throw notFound('request.not_found', 'There is no such callback.');
    const { headers, body, url, messageContext: context } = request;
    const { authorization = null, 'content-type': contentType = '' } = headers;
    const answer = await this.commands.send(
      RecordCallback,
      {
        provider: 'vonage',
        kind: kind as Kind,
        authorization: authorization && authorization.length <= 8_000 ? authorization : null,
        contentType: contentType.slice(0, 200),
        query: Object.fromEntries(new URLSearchParams(url.split('?')[1] ?? '')),
        body: typeof body === 'string' ? body : '',
      },
      { context },
    );
    if (answer.outcome === 'refused')
      throw new DomainError('auth.invalid', 'forbidden', `The callback was refused: ${answer.reason}.`);
  }
}

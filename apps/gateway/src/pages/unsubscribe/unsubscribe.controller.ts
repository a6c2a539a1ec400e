import { Controller, Get, Headers, Logger, Param, Post, Query, Res } from '@nestjs/common';
import { RouteConfig } from '@nestjs/platform-fastify';
import { ReadUnsubscribe, Unsubscribe } from '@tearoff/contracts';
import { CommandClient } from '@tearoff/messaging';
import type { FastifyReply } from 'fastify';
import { sendFailure, sendPage } from '../html/send-page';
import { askingPage, donePage, failedPage } from './unsubscribe.page';
import { unsubscribeTexts } from './unsubscribe.texts';

/**
 * The way out of an account's messages. Reading changes nothing; a POST does it, without credentials, cookies or a
 * redirect (RFC 8058), whatever its body: the link alone says who stops what.
 */
@Controller('u')
export class UnsubscribeController {
  private readonly log = new Logger(UnsubscribeController.name);

  constructor(private readonly commands: CommandClient) {}

  @Get(':token')
  show(
    @Param('token') token: string,
    @Query('lang') wished: unknown,
    @Headers('accept-language') accepted: string | undefined,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    return this.answer(token, wished, accepted, reply);
  }

  @Post(':token')
  @RouteConfig({ rawBody: true })
  stop(
    @Param('token') token: string,
    @Query('lang') wished: unknown,
    @Headers('accept-language') accepted: string | undefined,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    return this.answer(token, wished, accepted, reply, () => this.commands.send(Unsubscribe, { token }));
  }

  /** The page as things are once `act` has been done. */
  private async answer(
    token: string,
    wished: unknown,
    accepted: string | undefined,
    reply: FastifyReply,
    act?: () => Promise<unknown>,
  ): Promise<void> {
    const words = unsubscribeTexts(typeof wished === 'string' ? wished : undefined, accepted);
    try {
      const found = await this.commands.send(ReadUnsubscribe, { token });
      if (!found) return sendPage(reply, 404, failedPage('unknown', words));
      await act?.();
      const done = act !== undefined || found.unsubscribed;
      return sendPage(reply, 200, (done ? donePage : askingPage)(words, found.maskedAddress));
    } catch (error) {
      return sendFailure(
        reply,
        error,
        failedPage('away', words),
        this.log,
        'an unsubscribe link could not be followed',
      );
    }
  }
}

import { Controller, Get, Headers, Logger, Param, Query, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { languageOf } from '../coupon/texts/texts';
import { keptQuery } from '../claim/kept-query';
import { sendFailure, sendPage } from '../html/send-page';
import { cardNotice, cardPage } from './card.page';
import { CardReader } from './card.reader';

/** The member's live card. Reading it changes nothing, however often and by anyone it is done. */
@Controller('l')
export class CardController {
  private readonly log = new Logger(CardController.name);

  constructor(private readonly reader: CardReader) {}

  @Get(':token')
  async show(
    @Param('token') token: string,
    @Query('lang') wished: unknown,
    @Headers('accept-language') accepted: string | undefined,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const wish = typeof wished === 'string' ? wished : undefined;
    const address = `/l/${encodeURIComponent(token)}${keptQuery({ lang: wished })}`;
    try {
      const card = await this.reader.read(token);
      if (!card) return sendPage(reply, 404, cardNotice('unknown', languageOf(wish, accepted), address));
      return sendPage(reply, 200, cardPage(card, token, languageOf(wish, card.languageCode, accepted)));
    } catch (error) {
      return sendFailure(
        reply,
        error,
        cardNotice('away', languageOf(wish, accepted), address),
        this.log,
        'a card page could not be shown',
      );
    }
  }
}

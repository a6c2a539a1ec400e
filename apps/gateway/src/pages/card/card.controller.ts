import { Controller, Get, Headers, Logger, Param, Query, Res } from '@nestjs/common';
import { DomainError } from '@tearoff/contracts';
import type { FastifyReply } from 'fastify';
import { languageOf } from '../face/texts/texts';
import type { Page } from '../html/document';
import { cardNotice, cardPage } from './card.page';
import { CardReader } from './card.reader';

/** The member's live card. Reading it changes nothing, however often and by whomever it is done. */
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
    try {
      const card = await this.reader.read(token);
      if (!card) return send(reply, 404, cardNotice('unknown', languageOf(wish, accepted)));
      return send(reply, 200, cardPage(card, token, languageOf(wish, card.languageCode, accepted)));
    } catch (error) {
      const away = error instanceof DomainError && error.kind === 'unavailable';
      if (!away) this.log.error('a card page could not be shown', (error as Error).stack);
      void reply.header('retry-after', '10');
      return send(reply, away ? 503 : 500, cardNotice('away', languageOf(wish, accepted)));
    }
  }
}

function send(reply: FastifyReply, status: number, { html, headers }: Page): void {
  void reply.code(status).headers(headers).send(html);
}

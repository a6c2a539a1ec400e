import {
  Controller,
  Get,
  Headers,
  HttpCode,
  Inject,
  Logger,
  Param,
  Post,
  Query,
  Req,
  Res,
} from '@nestjs/common';
import { RouteConfig } from '@nestjs/platform-fastify';
import { DomainError, GetCampaign, GetPlayer, Play } from '@tearoff/contracts';
import { CommandClient } from '@tearoff/messaging';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { GameLinks } from './game-links';
import { looksLikeAPerson } from '../tracking/visitors';
import { keptQuery } from '../claim/kept-query';
import { languageOf, type Language } from '../coupon/texts/texts';
import { pageHeaders } from '../html/document';
import { sendFailure, sendPage } from '../html/send-page';
import { COUPON_PAGE_SEEN, type CouponPageSeen } from '../pages.tokens';
import { channelOf, gameAfter, gameOf } from './game';
import { gameNoticePage, gamePage } from './game.page';
import { gameResult } from './game.result';

/** A player's page, by the link that was sent to them. Reading it changes nothing; a play is asked for by POST. */
@Controller('g')
export class GameController {
  private readonly log = new Logger(GameController.name);

  constructor(
    private readonly commands: CommandClient,
    private readonly links: GameLinks,
    @Inject(COUPON_PAGE_SEEN) private readonly seen: CouponPageSeen,
  ) {}

  @Get(':token')
  show(
    @Req() request: FastifyRequest,
    @Param('token') token: string,
    @Query('lang') wished: unknown,
    @Headers('accept-language') accepted: string | undefined,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const language = languageOf(textOf(wished), accepted);
    return this.orNotice(reply, language, addressOf(token, wished), async () => {
      const known = await this.known(token);
      if (!known) return null;
      if (looksLikeAPerson(request)) this.seen.note(known.playerId);
      const game = gameOf(known.campaign, known.player, new Date());
      return sendPage(
        reply,
        200,
        gamePage(game, known.campaign, addressOf(token, wished, '/play'), language),
      );
    });
  }

  /**
   * The play, recorded before anything of it is answered: JSON for the page's script, the page for a form. Neither
   * a cookie nor a header lends anyone else's site the right to it, only the address, which the player alone has.
   */
  @Post(':token/play')
  @HttpCode(200)
  @RouteConfig({ form: true })
  play(
    @Param('token') token: string,
    @Query('lang') wished: unknown,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const { headers, messageContext: context } = request;
    const language = languageOf(textOf(wished), headers['accept-language']);
    return this.orNotice(reply, language, addressOf(token, wished), async () => {
      const known = await this.known(token);
      if (!known) return null;
      const { campaign, playerId } = known;
      const { accountId, id: campaignId } = campaign;
      const channel = channelOf(campaign);
      const played = await this.commands.send(
        Play,
        { accountId, campaignId, playerId, channel },
        { context },
      );
      const game = gameAfter(campaign, played, channel, new Date());
      if (!headers.accept?.includes('application/json'))
        return sendPage(reply, 200, gamePage(game, campaign, addressOf(token, wished, '/play'), language));
      void reply
        .headers({ ...pageHeaders, 'content-type': 'application/json; charset=utf-8' })
        .send(gameResult(game, campaign, language));
      return undefined;
    });
  }

  /** Null for a link that no one was given. */
  private async known(token: string) {
    const playerId = await this.links.playerOf(token);
    if (!playerId) return null;
    const player = await this.commands.send(GetPlayer, { playerId });
    const { accountId, campaignId } = player;
    const campaign = await this.commands.send(GetCampaign, { accountId, campaignId });
    return { playerId, player, campaign };
  }

  private async orNotice(
    reply: FastifyReply,
    language: Language,
    address: string,
    answer: () => Promise<void | null>,
  ): Promise<void> {
    try {
      if ((await answer()) === null) sendPage(reply, 404, gameNoticePage('unknown', language, address));
    } catch (error) {
      if (error instanceof DomainError && error.kind === 'not_found')
        return sendPage(reply, 404, gameNoticePage('unknown', language, address));
      const notice = gameNoticePage('away', language, address);
      sendFailure(reply, error, notice, this.log, 'a game could not be played');
    }
  }
}

const textOf = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);

/** In the language that was wished for, which a form without script would lose. */
const addressOf = (token: string, wished: unknown, path = ''): string =>
  `/g/${encodeURIComponent(token)}${path}${keptQuery({ lang: wished })}`;

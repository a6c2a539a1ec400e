import { Controller, Get, Headers, Inject, Logger, Optional, Param, Query, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { VisitReporter } from '../tracking/visit-reporter';
import { looksLikeAPerson } from '../tracking/visitors';
import { keptQuery } from '../claim/kept-query';
import { sendFailure, sendPage } from '../html/send-page';
import { COUPON_PAGE_SEEN, type CouponPageSeen } from '../pages.tokens';
import { WalletLinks } from '../wallet-links';
import { couponPage, noticePage } from './coupon-page.html';
import { CouponPageReader } from './coupon-page.reader';
import { languageOf } from './texts/texts';

/** The coupon's page. Reading it changes nothing, however often and by anyone it is done. */
@Controller('c')
export class CouponPageController {
  private readonly log = new Logger(CouponPageController.name);

  constructor(
    private readonly reader: CouponPageReader,
    private readonly visits: VisitReporter,
    private readonly wallets: WalletLinks,
    @Optional() @Inject(COUPON_PAGE_SEEN) private readonly seen: CouponPageSeen | undefined,
  ) {}

  @Get(':token')
  async show(
    @Req() request: FastifyRequest,
    @Param('token') token: string,
    @Query('lang') wished: unknown,
    @Headers('accept-language') accepted: string | undefined,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const wish = typeof wished === 'string' ? wished : undefined;
    const address = `/c/${encodeURIComponent(token)}${keptQuery({ lang: wished })}`;
    const now = new Date();
    try {
      const face = await this.reader.read(token, now);
      if (!face) return sendPage(reply, 404, noticePage('unknown', languageOf(wish, accepted), address));
      if (looksLikeAPerson(request)) {
        const { accountId, campaignId, couponId } = face;
        this.visits.openings.add({ accountId, campaignId, couponId, at: now.toISOString() });
        this.seen?.note(couponId);
      }
      const language = languageOf(wish, face.languageCode, accepted);
      const wallets = { token, ...this.wallets.forCoupon() };
      return sendPage(reply, 200, couponPage(face, language, now, wallets));
    } catch (error) {
      return sendFailure(
        reply,
        error,
        noticePage('away', languageOf(wish, accepted), address),
        this.log,
        'a coupon page could not be shown',
      );
    }
  }
}

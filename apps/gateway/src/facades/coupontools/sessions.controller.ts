import { Controller, HttpCode, Inject, Post, Req } from '@nestjs/common';
import { RouteConfig } from '@nestjs/platform-fastify';
import { GetCampaign, GetWebhook, PushToCoupon } from '@tearoff/contracts';
import { CommandClient } from '@tearoff/messaging';
import type { FastifyRequest } from 'fastify';
import { PUBLIC_URL } from '../../pages/pages.tokens';
import { failure, missingParameter, sessionInNoWallet } from './faults';
import { Parameters } from './parameters';
import { standingFor } from './routes';
import { sequenceOf, sessionStatus } from './session.view';
import { CoupontoolsSessions, type Session } from './sessions.service';
import { couponUrl, ok, timeOf } from './views';

@Controller('coupontools/v3')
export class CoupontoolsSessionsController {
  constructor(
    private readonly commands: CommandClient,
    private readonly sessions: CoupontoolsSessions,
    @Inject(PUBLIC_URL) private readonly publicUrl: string,
  ) {}

  @Post('couponsession/data')
  @HttpCode(200)
  @RouteConfig(standingFor('GET /v1/coupons'))
  async data(@Req() request: FastifyRequest) {
    const { caller, messageContext: context } = request;
    const parameters = Parameters.of(request);
    const code = parameters.required('couponsession', 100);
    parameters.check();
    return this.shown(await this.sessions.find(caller.accountId, { code }, context));
  }

  @Post('couponsession/search')
  @HttpCode(200)
  @RouteConfig(standingFor('GET /v1/coupons'))
  async search(@Req() request: FastifyRequest) {
    const { caller, messageContext: context } = request;
    const parameters = Parameters.of(request);
    const code = parameters.text('validation_code', 100) ?? parameters.text('code', 100);
    const phone = parameters.optionalPhone();
    const email = parameters.text('email', 320)?.trim();
    if (!['validation_code', 'code', 'phone', 'email'].some((name) => parameters.has(name)))
      parameters.fault(missingParameter('validation_code, phone or email'));
    parameters.check();
    const named = code !== undefined ? { code } : phone !== undefined ? { phone } : { email: email! };
    return this.shown(await this.sessions.find(caller.accountId, named, context));
  }

  /** To the wallets that hold this coupon; one that is in none is 505, as one that is not there. */
  @Post('coupon/pushnotification/single')
  @HttpCode(200)
  @RouteConfig(standingFor('GET /v1/coupons/:id', 'POST /v1/loyalty/cards/:id/push'))
  async notify(@Req() request: FastifyRequest) {
    const { caller, messageContext: context } = request;
    const { accountId } = caller;
    const parameters = Parameters.of(request);
    const campaignId = parameters.campaign();
    const code = parameters.required('couponsession', 100);
    const message = parameters.required('message', 1_000);
    parameters.check();
    await this.commands.send(GetCampaign, { accountId, campaignId }, { context });
    const { coupon } = await this.sessions.find(accountId, { campaignId, code }, context);
    const push = { accountId, couponId: coupon.id, message };
    const { devices } = await this.commands.send(PushToCoupon, push, { context });
    if (devices === 0) throw failure(sessionInNoWallet);
    return ok({
      campaign: campaignId,
      couponsession: coupon.code,
      message,
      action: 'pushnotification_sent',
      notified: devices,
    });
  }

  /** Whether what a webhook was told is so: this coupon is spent. */
  @Post('webhook/verification')
  @HttpCode(200)
  @RouteConfig(standingFor('GET /v1/webhooks/:id', 'GET /v1/coupons'))
  async verify(@Req() request: FastifyRequest) {
    const { caller, messageContext: context } = request;
    const { accountId } = caller;
    const parameters = Parameters.of(request);
    const webhookId = parameters.id('webhook');
    const code = parameters.required('session', 100);
    parameters.check();
    await this.commands.send(GetWebhook, { accountId, webhookId }, { context });
    const { coupon, redemption } = await this.sessions.find(accountId, { code }, context);
    return ok({
      result: redemption ? 'verified' : 'not_verified',
      webhook: webhookId,
      date: timeOf(redemption?.redeemedAt ?? null),
      campaign: coupon.campaignId,
      session: coupon.code,
      type: 'coupon_validated',
    });
  }

  private shown(session: Session) {
    const { coupon } = session;
    return ok({
      session: coupon.code,
      session_url: couponUrl(coupon, this.publicUrl),
      campaign: coupon.campaignId,
      sequenceid: sequenceOf(coupon),
      customid: coupon.recipient.externalId ?? '',
      data: { status: sessionStatus(coupon, session) },
    });
  }
}

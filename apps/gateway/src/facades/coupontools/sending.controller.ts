import { Controller, HttpCode, Inject, Post, Req, Res } from '@nestjs/common';
import { RouteConfig } from '@nestjs/platform-fastify';
import { GetCampaign, type CampaignView, type Coupon } from '@tearoff/contracts';
import { CommandClient } from '@tearoff/messaging';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { waitOf } from '../../http/prefer';
import { PUBLIC_URL } from '../../pages/pages.tokens';
import { CoupontoolsCardSending } from './card-sending.service';
import { invalidParameter } from './faults';
import { Parameters } from './parameters';
import { plainText } from './plain-text';
import { standingFor } from './routes';
import { CoupontoolsSending, type SendOrder } from './sending.service';
import { couponUrl, ok } from './views';

/** Long enough for a provider to answer, short enough for the clients of this API. */
const unlessPreferredSeconds = 20;

/** Both answer when the provider has: see `sending.service.ts`. */
@Controller('coupontools/v3/send')
export class CoupontoolsSendingController {
  constructor(
    private readonly commands: CommandClient,
    private readonly sending: CoupontoolsSending,
    private readonly cards: CoupontoolsCardSending,
    @Inject(PUBLIC_URL) private readonly publicUrl: string,
  ) {}

  @Post('sms')
  @HttpCode(200)
  @RouteConfig(standingFor('POST /v1/coupons', 'PUT /v1/loyalty/cards/:id/members/:memberId'))
  async sms(@Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply) {
    const parameters = Parameters.of(request);
    if (isForCard(parameters)) return this.cardBySms(request, reply, parameters);
    const campaignId = parameters.campaign();
    const phone = parameters.phone();
    const body = parameters.text('body', 1_600);
    parameters.text('sender');
    const source = parameters.source();
    parameters.check();
    const campaign = await this.campaign(request, campaignId);
    const { coupon, repeated } = await this.sending.send({
      ...this.wish(request, reply),
      issue: {
        campaignId,
        recipient: { phone },
        source,
        ...(body !== undefined && { message: { body: plainText(body) } }),
      },
      channel: 'sms',
      to: phone.slice(1),
    });
    return ok({
      campaign: campaignId,
      message: body ?? campaign.messages.sms?.body ?? '',
      phone: phone.slice(1),
      ...this.codes(coupon),
      action: 'sms_sent',
      repeated,
    });
  }

  @Post('email')
  @HttpCode(200)
  @RouteConfig(standingFor('POST /v1/coupons', 'PUT /v1/loyalty/cards/:id/members/:memberId'))
  async email(@Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply) {
    const parameters = Parameters.of(request);
    if (isForCard(parameters)) return this.cardByEmail(request, reply, parameters);
    const campaignId = parameters.campaign();
    const email = parameters.required('email', 320).trim();
    const subject = parameters.text('subject', 500);
    const body = parameters.text('body', 60_000);
    const firstName = parameters.text('firstname');
    const lastName = parameters.text('lastname');
    const checkUnique = parameters.flag('check_unique');
    const source = parameters.source();
    parameters.check();
    await this.campaign(request, campaignId);
    const message = {
      ...(subject !== undefined && { subject: plainText(subject) }),
      ...(body !== undefined && { body: plainText(body) }),
    };
    const { coupon, repeated } = await this.sending.send({
      ...this.wish(request, reply),
      issue: {
        campaignId,
        recipient: { email, firstName, lastName },
        source,
        ...(Object.keys(message).length > 0 && { message }),
      },
      channel: 'email',
      to: email,
      unlessHad: checkUnique,
    });
    return ok({ campaign: campaignId, email, ...this.codes(coupon), action: 'email_sent', repeated });
  }

  private async cardBySms(request: FastifyRequest, reply: FastifyReply, parameters: Parameters) {
    const cardId = parameters.id('loyaltycard');
    const address = parameters.phone();
    const body = parameters.text('body', 1_600);
    parameters.text('sender');
    parameters.check();
    const message = { channel: 'sms' as const, to: address.slice(1) };
    const { user, url, text } = await this.cards.send({
      ...this.wish(request, reply),
      cardId,
      message,
      address,
      body,
    });
    return ok({
      loyaltycard: cardId,
      message: text,
      phone: message.to,
      user,
      loyalty_url: url,
      action: 'sms_sent',
    });
  }

  private async cardByEmail(request: FastifyRequest, reply: FastifyReply, parameters: Parameters) {
    const cardId = parameters.id('loyaltycard');
    const email = parameters.required('email', 320).trim();
    const subject = parameters.text('subject', 500);
    const body = parameters.text('body', 1_600);
    parameters.check();
    const { user, url } = await this.cards.send({
      ...this.wish(request, reply),
      cardId,
      message: { channel: 'email', to: email },
      address: email,
      subject,
      body,
    });
    return ok({ loyaltycard: cardId, email, user, loyalty_url: url, action: 'email_sent' });
  }

  private campaign(request: FastifyRequest, campaignId: string): Promise<CampaignView> {
    const { caller, messageContext: context } = request;
    return this.commands.send(GetCampaign, { accountId: caller.accountId, campaignId }, { context });
  }

  private wish(request: FastifyRequest, reply: FastifyReply): Pick<SendOrder, 'accountId' | 'wait'> {
    const { accountId } = request.caller;
    const seconds = waitOf(request.headers.prefer) ?? unlessPreferredSeconds;
    return { accountId, wait: { accountId, seconds, context: request.messageContext, reply } };
  }

  private codes(coupon: Coupon) {
    return { single_use_code: coupon.code, single_use_url: couponUrl(coupon, this.publicUrl) };
  }
}

/** Both at once would be two messages; neither is the coupon's fault, as it ever was. */
function isForCard(parameters: Parameters): boolean {
  if (!parameters.has('loyaltycard')) return false;
  if (parameters.has('campaign'))
    parameters.fault(invalidParameter('loyaltycard', 'Either a campaign or a loyaltycard is sent.'));
  return true;
}

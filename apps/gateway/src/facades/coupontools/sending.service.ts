import { Injectable } from '@nestjs/common';
import {
  IssueCoupon,
  SearchCoupons,
  type Channel,
  type IssueRequest,
  type IssueRefusal,
  type MessageContext,
} from '@tearoff/contracts';
import { CommandClient } from '@tearoff/messaging';
import { CouponReader } from '../../api/coupons/coupon.reader';
import { refusalOf } from '../../api/coupons/issue-refusals';
import type { WaitOptions } from '../../api/coupons/delivery-wait';
import { CoupontoolsDeliveries, notSent, optedOut } from './deliveries.service';

export interface SendOrder {
  accountId: string;
  issue: Omit<IssueRequest, 'channel'>;
  channel: Channel;
  /** As the answer names the address. */
  to: string;
  /** Not to a person who has a coupon of this campaign. */
  unlessHad?: boolean;
  wait: WaitOptions;
}

/** Refusals that are about the request, not about the message. */
const ofTheRequest: ReadonlySet<IssueRefusal> = new Set([
  'campaign.not_found',
  'recipient.invalid_phone',
  'recipient.invalid_email',
]);

/** Issues a coupon with a message, and knows what became of that. */
@Injectable()
export class CoupontoolsSending {
  constructor(
    private readonly commands: CommandClient,
    private readonly coupons: CouponReader,
    private readonly deliveries: CoupontoolsDeliveries,
  ) {}

  /**
   * Returns when the provider has accepted the message; fails with 602 and the reason in every other case, with 605
   * (before anything is issued) for an address that is not to be written to. Of a person who has their coupon the
   * message that went to this address counts: nothing is sent twice.
   */
  async send({ accountId, issue, channel, to, unlessHad, wait }: SendOrder) {
    const { context } = wait;
    await this.deliveries.checkProvider(channel, context);
    const sent = { channel, to };
    if (unlessHad && (await this.isKnown(accountId, issue, context)))
      throw notSent(sent, 'This person has the coupon already.');
    const outcome = await this.commands.send(IssueCoupon, { accountId, ...issue, channel }, { context });
    if (outcome.outcome === 'refused') {
      if (outcome.reason === 'recipient.suppressed') throw optedOut(sent);
      if (ofTheRequest.has(outcome.reason)) throw refusalOf(outcome);
      throw notSent(sent, outcome.message);
    }
    const { coupon } = outcome;
    const repeated = outcome.outcome === 'repeated';
    if (repeated) {
      const { status } = await this.coupons.current(accountId, coupon.id, context);
      if (status !== 'issued') throw notSent(sent, `The coupon is ${status} already.`);
    }
    await this.deliveries.accepted(sent, coupon.delivery, wait);
    return { coupon, repeated };
  }

  private async isKnown(
    accountId: string,
    { campaignId, recipient: { phone, email } }: SendOrder['issue'],
    context: MessageContext,
  ): Promise<boolean> {
    const request = { accountId, campaignId, ...(phone ? { phone } : { email }), limit: 1 };
    return (await this.commands.send(SearchCoupons, request, { context })).data.length > 0;
  }
}

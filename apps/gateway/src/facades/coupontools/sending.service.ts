import { Injectable } from '@nestjs/common';
import {
  GetProviders,
  IssueCoupon,
  SearchCoupons,
  type Channel,
  type Coupon,
  type IssueRequest,
  type IssueRefusal,
  type MessageContext,
} from '@tearoff/contracts';
import { CommandClient } from '@tearoff/messaging';
import { CouponReader } from '../../coupons/coupon.reader';
import { refusalOf } from '../../coupons/issue-refusals';
import { DeliveryWait, type WaitOptions } from '../../coupons/delivery-wait';
import { failure, type Fault } from './faults';

export interface Wish {
  accountId: string;
  issue: Omit<IssueRequest, 'channel'>;
  channel: Channel;
  /** As the answer names the address. */
  to: string;
  /** Not to a person who has a coupon of this campaign. */
  unlessHad?: boolean;
  wait: WaitOptions;
}

const notSetUp: Record<Channel, Fault> = {
  sms: {
    code: 103,
    description: "No SMS integration has been setup. Set 'SMS_PROVIDER' to setup a SMS provider.",
  },
  email: {
    code: 104,
    description: "No e-mail integration has been setup. Set 'EMAIL_PROVIDER' to setup an e-mail provider.",
  },
};
const nouns: Record<Channel, string> = { sms: 'SMS', email: 'E-mail' };

const optedOutOf: Record<Channel, string> = {
  sms: 'This number is on the blacklist or opt-out list.',
  email: 'This address is on the blacklist or opt-out list.',
};
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
    private readonly deliveries: DeliveryWait,
  ) {}

  /**
   * Returns when the provider has accepted the message; fails with 602 and the reason in every other case, with 605
   * (before anything is issued) for an address that is not to be written to. Of a person who has her coupon the
   * message that went to this address counts: nothing is sent twice.
   */
  async send({ accountId, issue, channel, to, unlessHad, wait }: Wish) {
    const { context } = wait;
    const providers = await this.commands.send(GetProviders, {}, { context });
    if (providers[channel] === null) throw failure(notSetUp[channel]);
    const notSent = (why: string, code = 602) =>
      failure({ code, description: `${nouns[channel]} not sent to '${to}'. Reason: ${why}` });
    if (unlessHad && (await this.isKnown(accountId, issue, context)))
      throw notSent('This person has the coupon already.');
    const outcome = await this.commands.send(IssueCoupon, { accountId, ...issue, channel }, { context });
    if (outcome.outcome === 'refused') {
      if (outcome.reason === 'recipient.suppressed') throw notSent(optedOutOf[channel], 605);
      if (ofTheRequest.has(outcome.reason)) throw refusalOf(outcome);
      throw notSent(outcome.message);
    }
    const { coupon } = outcome;
    const repeated = outcome.outcome === 'repeated';
    if (repeated) {
      const { status } = await this.coupons.current(accountId, coupon.id, context);
      if (status !== 'issued') throw notSent(`The coupon is ${status} already.`);
    }
    await this.accepted(coupon, channel, notSent, wait);
    return { coupon, repeated };
  }

  private async isKnown(
    accountId: string,
    { campaignId, recipient: { phone, email } }: Wish['issue'],
    context: MessageContext,
  ): Promise<boolean> {
    const request = { accountId, campaignId, ...(phone ? { phone } : { email }), limit: 1 };
    return (await this.commands.send(SearchCoupons, request, { context })).data.length > 0;
  }

  private async accepted(
    { delivery }: Coupon,
    channel: Channel,
    notSent: (why: string, code?: number) => Error,
    wait: WaitOptions,
  ): Promise<void> {
    if (!delivery) throw notSent('There is no message to this address.');
    const { status, error } = await this.deliveries.outcomeOf(delivery, wait);
    if (status === 'sent' || status === 'delivered') return;
    if (status === 'suppressed') throw notSent(optedOutOf[channel], 605);
    const why = error ?? 'no answer from the provider';
    throw notSent(
      status === 'failed' ? why : `Not accepted yet (${why}); it is tried again, and never sent twice.`,
    );
  }
}

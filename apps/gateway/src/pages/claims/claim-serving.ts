import { Injectable } from '@nestjs/common';
import {
  IssueCoupon,
  RecordConsent,
  SearchCoupons,
  SendCoupon,
  SendNotice,
  timeOfId,
  type Coupon,
} from '@tearoff/contracts';
import { CommandClient } from '@tearoff/messaging';
import { ClaimQueue, type ClaimResult, type TakenClaim } from './claim-queue';
import { passcodeRules, resend } from './claim-settings';
import { Passcodes } from './passcodes';

/** Serves one claim. May be done again after a crash at any point: what went out does not go out twice. */
@Injectable()
export class ClaimServing {
  constructor(
    private readonly commands: CommandClient,
    private readonly queue: ClaimQueue,
    private readonly passcodes: Passcodes,
  ) {}

  async serve(claim: TakenClaim): Promise<ClaimResult> {
    if (claim.kind === 'passcode') return this.sendPasscode(claim);
    await this.recordConsent(claim);
    const earlier = claim.attempts > 1 ? await this.issuedBefore(claim) : null;
    if (earlier) return { status: 'served', couponId: earlier.id, sent: true, message: earlier.id };
    const { accountId, campaignId, recipient, channel, offerId, source } = claim;
    const outcome = await this.commands.send(IssueCoupon, {
      accountId,
      campaignId,
      recipient,
      channel,
      ...(offerId !== null && { offerId }),
      ...(source && { source }),
      metadata: { claimId: claim.id },
    });
    if (outcome.outcome === 'refused') return { status: 'refused', reason: outcome.reason };
    const couponId = outcome.coupon.id;
    if (outcome.outcome === 'issued') return { status: 'served', couponId, sent: true, message: couponId };
    return { status: 'served', couponId, sent: await this.sendAgain(claim, outcome.coupon), message: null };
  }

  /**
   * They hold it already. Whether a message went out a moment ago, by anyone, their delivery's id tells: it holds
   * the time it was made. So a send whose answer was lost is not repeated either.
   */
  private async sendAgain(claim: TakenClaim, coupon: Coupon): Promise<boolean> {
    const { accountId, channel } = claim;
    if (coupon.status !== 'issued') return false;
    const lastSent = coupon.delivery ? timeOfId(coupon.delivery.id) : 0;
    if (Date.now() - lastSent < resend.everyMs) return false;
    if (!(await this.queue.mayResend(claim))) return false;
    await this.commands.send(SendCoupon, { accountId, couponId: coupon.id, channel });
    return true;
  }

  /** What an attempt that did not live to tell has issued; without it a campaign of several a person gives two. */
  private async issuedBefore(claim: TakenClaim): Promise<Coupon | null> {
    const { accountId, campaignId, channel, address } = claim;
    const { data } = await this.commands.send(SearchCoupons, {
      accountId,
      campaignId,
      ...(channel === 'sms' ? { phone: address } : { email: address }),
      limit: 50,
    });
    return data.find(({ metadata }) => metadata?.claimId === claim.id) ?? null;
  }

  private async recordConsent({
    id,
    accountId,
    campaignId,
    channel,
    address,
    consent,
  }: TakenClaim): Promise<void> {
    if (!consent) return;
    await this.commands.send(RecordConsent, {
      id: sameIdAs('cns', id),
      accountId,
      campaignId,
      channel,
      address,
      kind: 'granted',
      how: consent.how,
      text: consent.text,
      at: new Date(timeOfId(id)).toISOString(),
    });
  }

  private async sendPasscode(claim: TakenClaim): Promise<ClaimResult> {
    const { id, accountId, campaignId, channel, address, text, passcodeId } = claim;
    if (Date.now() - timeOfId(id) > passcodeRules.minutes * 60_000)
      return { status: 'refused', reason: 'claim.passcode_expired' };
    const words = text!.replace('{code}', await this.passcodes.digits(passcodeId!));
    const { suppressed } = await this.commands.send(SendNotice, {
      accountId,
      campaignId,
      deliveryId: sameIdAs('dlv', id),
      channel,
      to: address,
      ...(channel === 'email' && { subject: words.split('\n')[0].slice(0, 200) }),
      text: words,
    });
    return { status: 'served', couponId: null, sent: !suppressed, message: suppressed ? null : passcodeId };
  }
}

/** An id of another kind that is the same whenever the claim is served again. */
const sameIdAs = (prefix: string, id: string): string => `${prefix}_${id.slice(id.indexOf('_') + 1)}`;

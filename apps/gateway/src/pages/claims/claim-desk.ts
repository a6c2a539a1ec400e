import { Injectable } from '@nestjs/common';
import {
  conflict,
  DomainError,
  FindCampaign,
  idPattern,
  invalid,
  newId,
  notFound,
  RecordConsent,
  type Campaign,
  type MessageContext,
} from '@tearoff/contracts';
import { CommandClient, type Transaction } from '@tearoff/messaging';
import { GameClaims } from '../game/game-claims';
import { Captcha } from './captcha';
import type { Agreement } from './claim.entity';
import { ClaimBreaker } from './claim-breaker';
import { ClaimLimits } from './claim-limits';
import type { ClaimOutcome } from './claim-outcome';
import { ClaimQueue, type NewClaim } from './claim-queue';
import type { ClaimRequest } from './claim-request';
import { claimantOf, type Claimant } from './claimant';
import { Passcodes } from './passcodes';
import { ProofOfWork } from './proof-of-work';

/** Who claims, as far as the request tells. */
export interface Visitor {
  /** Null for a server of the account's own, which is trusted to look after its visitors. */
  ip: string | null;
  how: Agreement['how'];
  /** The message that brings a passcode, with `{code}` in it. */
  passcodeText: string;
  context: MessageContext;
}

const campaignPattern = new RegExp(idPattern('campaign'));

/** Takes claims. Nothing it asks or answers depends on whether the person has claimed before. */
@Injectable()
export class ClaimDesk {
  constructor(
    private readonly commands: CommandClient,
    private readonly breaker: ClaimBreaker,
    private readonly limits: ClaimLimits,
    private readonly captcha: Captcha,
    private readonly proofs: ProofOfWork,
    private readonly passcodes: Passcodes,
    private readonly queue: ClaimQueue,
    private readonly games: GameClaims,
  ) {}

  /** A campaign that the public may see. Fails with `campaign.not_found`. */
  async campaign(campaignId: string, context: MessageContext): Promise<Campaign> {
    if (!campaignPattern.test(campaignId)) throw unknownCampaign();
    const campaign = await this.commands.send(FindCampaign, { campaignId }, { context });
    if (!campaign.claim.public || campaign.status === 'draft') throw unknownCampaign();
    return campaign;
  }

  /** Why it cannot be claimed right now: `campaign.ended`, `campaign.not_active`, `claim.halted`; null when it can. */
  async closedBecause(campaign: Campaign, now = new Date()): Promise<DomainError | null> {
    const { startsAt, endsAt } = campaign.validity;
    if (campaign.status === 'ended' || (endsAt && new Date(endsAt) <= now))
      return conflict('campaign.ended', 'The campaign has ended.');
    const early = campaign.type === 'game' && startsAt && new Date(startsAt) > now;
    if (campaign.status !== 'active' || early)
      return conflict('campaign.not_active', 'The campaign is not active.');
    if (await this.breaker.isHalted(campaign.id))
      return conflict('claim.halted', 'Claims of this campaign are closed for the moment.');
    return null;
  }

  /** Fails in any of the ways above, of `claimantOf`, of the gates asked for by the campaign, or `rate.limited`. */
  async claim(campaign: Campaign, request: ClaimRequest, visitor: Visitor): Promise<ClaimOutcome> {
    if (visitor.ip !== null) await this.limits.countVisit(visitor.ip);
    const closed = await this.closedBecause(campaign);
    if (closed) throw closed;
    const { id: campaignId, accountId, claim: rules } = campaign;
    refuseWrongOffer(campaign, request.offerId);
    const claimant = claimantOf(request.recipient, rules);
    if (rules.consent && request.consent !== true)
      throw invalid('claim.consent_required', 'This campaign asks for consent.');
    const { channel, address, recipient } = claimant;
    const taken: NewClaim = {
      accountId,
      campaignId,
      kind: 'coupon',
      channel,
      address,
      recipient,
      offerId: request.offerId ?? null,
      source: request.source ?? null,
      consent: rules.consent ? { how: visitor.how, text: rules.consent } : null,
      passcodeId: null,
      text: null,
    };
    // The passcode's sending has passed the other gates and was counted: asking for them again would cost them two.
    if (rules.passcode && request.passcode !== undefined) {
      const passcodeId = await this.passcodes.check(campaignId, address, request.passcode);
      return this.accept(campaign, taken, request, visitor, passcodeId);
    }
    if (rules.captcha) await this.captcha.check(request.captcha, visitor.ip);
    if (rules.proofOfWork) await this.proofs.spend(campaignId, request.proof);
    await this.limits.countClaim(campaign, claimant);
    if (rules.passcode) return this.sendPasscode(taken, claimant, visitor);
    return this.accept(campaign, taken, request, visitor);
  }

  private async accept(
    campaign: Campaign,
    claim: NewClaim,
    { source }: ClaimRequest,
    { context }: Visitor,
    passcodeId?: string,
  ): Promise<ClaimOutcome> {
    const { accountId, campaignId, channel, address, recipient } = claim;
    const use = async (tx?: Transaction): Promise<object> =>
      passcodeId === undefined ? {} : this.passcodes.use(campaignId, address, passcodeId, tx);
    if (campaign.type === 'game') {
      await this.recordConsent(claim, context);
      const played = await this.games.play({ accountId, campaignId, recipient, channel, source, context });
      // Afterwards: with a play that failed they try again, and one that did not is the same however often it is asked.
      await use();
      return played;
    }
    await this.queue.add(claim, use);
    return { status: 'accepted' };
  }

  /** A play is answered at once, so that what they agreed to is written down first. */
  private async recordConsent(claim: NewClaim, context: MessageContext): Promise<void> {
    const { accountId, campaignId, channel, address, consent } = claim;
    if (!consent) return;
    const id = newId('consent');
    const at = new Date().toISOString();
    const agreed = { id, accountId, campaignId, channel, address, kind: 'granted' as const, ...consent, at };
    await this.commands.send(RecordConsent, agreed, { context });
  }

  /** Too many for one address is answered as if one had been sent: the last one is still good. */
  private async sendPasscode(
    claim: NewClaim,
    { address }: Claimant,
    visitor: Visitor,
  ): Promise<ClaimOutcome> {
    const { campaignId } = claim;
    if (await this.limits.maySendPasscode(campaignId, address))
      await this.queue.add(
        {
          ...claim,
          kind: 'passcode',
          offerId: null,
          source: null,
          consent: null,
          text: visitor.passcodeText,
        },
        async (tx) => ({ passcodeId: await this.passcodes.begin(tx, campaignId, address) }),
      );
    return { status: 'passcode_sent' };
  }
}

function refuseWrongOffer({ type, offers }: Campaign, offerId: string | undefined): void {
  if (type === 'choice' && offerId === undefined)
    throw invalid('offer.required', 'The campaign leaves the choice to the recipient: name an offer.');
  if (offerId !== undefined && (type !== 'choice' || !offers.some(({ id }) => id === offerId)))
    throw invalid('offer.not_found', 'The campaign has no such offer to choose.');
}

const unknownCampaign = () => notFound('campaign.not_found', 'There is no such campaign.');

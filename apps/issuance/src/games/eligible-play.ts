import type { DomainError, MessageContext, Play, RequestOf } from '@tearoff/contracts';
import type { CampaignEntity } from '../campaigns/campaign.entity';
import { closedBecause, type IssueRequest } from '../coupons/issue-request';
import { addressFor } from '../coupons/message-payload';
import { refused, type Refused } from '../coupons/refusals';
import { identify } from '../recipients/identity';
import { playerNotFound } from './games.errors';
import type { PlayerEntity } from './player.entity';

export type PlayCommand = RequestOf<typeof Play>;

/** A play that may be made: also what their coupon is asked for with, should they win. */
export interface EligiblePlay extends IssueRequest {
  channel: PlayCommand['channel'];
  /** When they came by their link. */
  player: PlayerEntity | null;
}

/** Where a play stands among those it came with, and what is known about it. */
interface Place {
  position: number;
  context: MessageContext | null;
  campaign: CampaignEntity | undefined;
  player: PlayerEntity | null;
}

/** The play understood, or why there is none whatever has been played so far. */
export function eligiblePlayOf(
  request: PlayCommand,
  place: Place,
  now: Date,
): EligiblePlay | Refused | DomainError {
  const { campaign, player } = place;
  const { accountId, campaignId, playerId, channel, message, source } = request;
  if (playerId !== undefined && (player?.accountId !== accountId || player.campaignId !== campaignId))
    return playerNotFound();
  if (!campaign || campaign.accountId !== accountId) return refused('campaign.not_found');
  const closed = closedToPlay(campaign, now);
  if (closed) return closed;
  const named = player?.recipient ?? request.recipient;
  if (!named) return refused('recipient.missing');
  const identity = identify(named, campaign.limits);
  if (typeof identity === 'string') return refused(identity);
  if (!addressFor(identity.recipient, channel)) return refused('recipient.no_address');
  const issue = { accountId, campaignId, recipient: named, channel, message, source };
  return { ...place, ...identity, campaign, channel, request: issue };
}

export function closedToPlay(campaign: CampaignEntity, now: Date): Refused | null {
  if (campaign.type !== 'game') return refused('campaign.not_found', 'There is no such game.');
  const { startsAt } = campaign;
  return (
    closedBecause(campaign, now) ??
    (startsAt && startsAt > now ? refused('campaign.not_active', 'The game has not begun yet.') : null)
  );
}

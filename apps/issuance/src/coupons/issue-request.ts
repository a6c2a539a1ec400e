import type {
  Coupon,
  IssueCoupon,
  IssueOutcome,
  IssueRefusal,
  MessageContext,
  Recipient,
  RequestOf,
} from '@tearoff/contracts';
import type { CampaignEntity } from '../campaigns/campaign.entity';
import { identify } from '../recipients/identity';
import { refused, type Refused } from './refusals';

export type IssueCommand = RequestOf<typeof IssueCoupon>;

/** A request that may be served: its campaign gives coupons out and its recipient is a person. */
export interface IssueRequest {
  /** Its place in the batch. */
  position: number;
  request: IssueCommand;
  context: MessageContext | null;
  campaign: CampaignEntity;
  recipient: Recipient;
  keys: string[];
  channel: Coupon['channel'];
}

/** The request understood, or why it is refused whatever has been issued so far. */
export function examine(
  request: IssueCommand,
  campaign: CampaignEntity | undefined,
  now: Date,
): Omit<IssueRequest, 'position' | 'context'> | IssueOutcome {
  if (!campaign || campaign.accountId !== request.accountId) return refused('campaign.not_found');
  const closed = closedBecause(campaign, now);
  if (closed) return closed;
  const identity = identify(request.recipient, campaign.limits);
  if (typeof identity === 'string') return refused(identity);
  const channel = request.channel ?? 'none';
  const fault = offerFault(campaign, request.offerId);
  if (fault) return refused(fault);
  return { request, campaign, channel, ...identity };
}

function offerFault({ type, offers }: CampaignEntity, offerId: string | undefined): IssueRefusal | null {
  if (type === 'game') return 'campaign.is_game';
  if (offerId === undefined) return type === 'choice' ? 'offer.required' : null;
  if (type === 'mystery') return 'offer.not_allowed';
  return offers.some((offer) => offer.id === offerId) ? null : 'offer.not_found';
}

/** Why the campaign gives nothing out, or null. */
export function closedBecause({ status, endsAt }: CampaignEntity, now: Date): Refused | null {
  if (status === 'draft' || status === 'paused') return refused('campaign.not_active');
  if (status === 'ended' || (endsAt && now >= endsAt)) return refused('campaign.ended');
  return null;
}

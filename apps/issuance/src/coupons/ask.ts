import type {
  Coupon,
  IssueCoupon,
  IssueOutcome,
  MessageContext,
  Recipient,
  RequestOf,
} from '@tearoff/contracts';
import type { CampaignEntity } from '../campaigns/campaign.entity';
import { identify } from '../recipients/identity';
import { refused } from './refusals';

type Refused = Extract<IssueOutcome, { outcome: 'refused' }>;
export type IssueCommand = RequestOf<typeof IssueCoupon>;

/** A request that may be served: its campaign gives coupons out and its recipient is a person. */
export interface Ask {
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
): Omit<Ask, 'position' | 'context'> | IssueOutcome {
  if (!campaign || campaign.accountId !== request.accountId) return refused('campaign.not_found');
  const closed = closedBecause(campaign, now);
  if (closed) return closed;
  const identity = identify(request.recipient, campaign.limits);
  if (typeof identity === 'string') return refused(identity);
  const channel = request.channel ?? 'none';
  const { offerId } = request;
  if (offerId !== undefined && !campaign.offers.some((offer) => offer.id === offerId))
    return refused('offer.not_found');
  return { request, campaign, channel, ...identity };
}

/** Why the campaign gives nothing out, or null. */
export function closedBecause({ status, type, endsAt }: CampaignEntity, now: Date): Refused | null {
  if (status === 'draft' || status === 'paused') return refused('campaign.not_active');
  if (status === 'ended' || (endsAt && now >= endsAt)) return refused('campaign.ended');
  if (type !== 'direct')
    return refused('campaign.not_active', `A campaign of type ${type} cannot give coupons out yet.`);
  return null;
}

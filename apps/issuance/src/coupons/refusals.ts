import { recipientFaults, type IssueOutcome, type IssueRefusal } from '@tearoff/contracts';

export const messages: Record<IssueRefusal, string> = {
  'campaign.not_found': 'There is no such campaign.',
  'campaign.not_active': 'The campaign is not active.',
  'campaign.ended': 'The campaign has ended.',
  'campaign.exhausted': 'All coupons of the campaign have been given out.',
  'recipient.limit_reached': 'The recipient already has as many coupons of the campaign as they may have.',
  'recipient.suppressed': 'The recipient must not be written to at this address.',
  ...recipientFaults,
  'recipient.no_address': 'The recipient has no address for this channel.',
  'offer.not_found': 'The campaign has no such offer.',
  'offer.required': 'The campaign leaves the choice to the recipient: name an offer.',
  'offer.exhausted': 'All coupons of this offer have been given out.',
  'offer.not_allowed': 'The campaign draws the offer itself: name none.',
  'campaign.is_game': 'Coupons of this campaign are won by playing.',
};

export type Refused = Extract<IssueOutcome, { outcome: 'refused' }>;

export const refused = (reason: IssueRefusal, message = messages[reason]): Refused => ({
  outcome: 'refused',
  reason,
  message,
});

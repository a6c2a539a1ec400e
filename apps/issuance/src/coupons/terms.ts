import type { Limits } from '@tearoff/contracts';
import type { CampaignEntity } from '../campaigns/campaign.entity';
import { endOfDayAfter, periodOf } from '../recipients/calendar';

/** What is the same for all coupons of a campaign that are issued at one instant. */
export interface Terms {
  issuedAt: Date;
  validFrom: Date;
  ownValidTo: Date | null;
  /** How many coupons a person may have within `period`; null = as many as they ask for. */
  perPerson: number | null;
  period: string;
}

/** Mystery and choice: one offer a person for ever, whatever the campaign's own limit says. */
export const perRecipientOf = ({
  type,
  limits,
}: Pick<CampaignEntity, 'type' | 'limits'>): Limits['perRecipient'] =>
  type === 'mystery' || type === 'choice' ? { count: 1, per: 'campaign' } : limits.perRecipient;

export function termsOf(campaign: CampaignEntity, now: Date): Terms {
  const { startsAt, daysAfterIssue, timezone } = campaign;
  const perRecipient = perRecipientOf(campaign);
  const validFrom = startsAt && startsAt > now ? startsAt : now;
  return {
    issuedAt: now,
    validFrom,
    ownValidTo: daysAfterIssue === null ? null : endOfDayAfter(validFrom, daysAfterIssue, timezone),
    perPerson: perRecipient?.count ?? null,
    period: perRecipient ? periodOf(perRecipient.per, now, timezone) : '',
  };
}

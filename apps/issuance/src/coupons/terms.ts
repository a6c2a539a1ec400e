import type { CampaignEntity } from '../campaigns/campaign.entity';
import { endOfDayAfter, periodOf } from '../recipients/calendar';

/** What is the same for all coupons of a campaign that are issued at one instant. */
export interface Terms {
  issuedAt: Date;
  validFrom: Date;
  ownValidTo: Date | null;
  /** How many coupons a person may have within `period`; null = as many as she asks for. */
  perPerson: number | null;
  period: string;
}

export function termsOf(campaign: CampaignEntity, now: Date): Terms {
  const { startsAt, daysAfterIssue, timezone, limits } = campaign;
  const validFrom = startsAt && startsAt > now ? startsAt : now;
  return {
    issuedAt: now,
    validFrom,
    ownValidTo: daysAfterIssue === null ? null : endOfDayAfter(validFrom, daysAfterIssue, timezone),
    perPerson: limits.perRecipient?.count ?? null,
    period: limits.perRecipient ? periodOf(limits.perRecipient.per, now, timezone) : '',
  };
}

import type { IssueRefusal } from '@tearoff/contracts';
import type { CampaignEntity } from '../campaigns/campaign.entity';
import type { SuppliedCode } from '../codes/code-supply';
import type { IssueRequest } from './issue-request';
import { draftOf, type Draft } from './draft';
import { unboundSlots, type Holdings } from './holdings';
import type { Slot } from './issue.sql';
import type { OfferStock } from './offer-stock';
import type { Terms } from './terms';

/** What is to be written and what to answer, decided in memory while the campaign is locked. */
export interface Plan<R extends string = IssueRefusal> {
  slots: Slot[];
  drafts: Draft[];
  tickets: number;
  answers: ({ ask: IssueRequest } & ({ draft: Draft } | { heldId: string } | { reason: R }))[];
}

export const isFull = (holdings: Holdings, keys: readonly string[], { perPerson }: Terms): boolean =>
  perPerson !== null && holdings.coupons(keys).length >= perPerson;

/** What there is to give. */
export interface Supply {
  /** As many as may be given. */
  codes: readonly SuppliedCode[];
  /** How far down the stack others have come. */
  taken: number;
  offers: OfferStock;
}

/** Goes through the asks in their order as if they came one by one. */
export function planned(
  issueRequests: readonly IssueRequest[],
  campaign: CampaignEntity,
  terms: Terms,
  holdings: Holdings,
  { codes, taken, offers }: Supply,
): Plan {
  const plan: Plan = { slots: [], drafts: [], tickets: 0, answers: [] };
  const rejects = campaign.limits.onRepeat === 'reject';
  let used = 0;
  for (const asked of issueRequests) {
    const ask = { ...asked, campaign };
    const held = terms.perPerson === null ? [] : holdings.coupons(ask.keys);
    if (!isFull(holdings, ask.keys, terms)) {
      const code = codes[used];
      const choice = code ? offers.for(ask) : { reason: 'campaign.exhausted' as const };
      if ('offerId' in choice) {
        used++;
        offers.take(choice.offerId);
        const draft = draftOf(ask, terms, code, choice.offerId);
        const { id } = draft.coupon;
        plan.slots.push(
          ...(terms.perPerson === null
            ? unboundSlots(ask.keys, id)
            : holdings.link(ask.keys, [...held, id], terms.period, terms.perPerson)),
        );
        plan.drafts.push(draft);
        plan.answers.push({ ask, draft });
        if (code.ticket !== null) plan.tickets = code.ticket - taken;
        continue;
      }
      // What they hold they get again, even when there is nothing left for others.
      if (held.length === 0 || rejects) {
        plan.answers.push({ ask, reason: choice.reason });
        continue;
      }
    }
    if (rejects) {
      plan.answers.push({ ask, reason: 'recipient.limit_reached' });
      continue;
    }
    const heldId = holdings.again(ask.keys)!;
    plan.slots.push(...holdings.link(ask.keys, [heldId, ...held], terms.period, terms.perPerson!));
    plan.answers.push({ ask, heldId });
  }
  return plan;
}

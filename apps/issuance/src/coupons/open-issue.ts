import { Injectable } from '@nestjs/common';
import { CouponIssued, newId } from '@tearoff/contracts';
import { Outbox } from '@tearoff/messaging';
import { isSerializationFailure, isUniqueViolation, prepared } from '@tearoff/service-kit';
import { DataSource } from 'typeorm';
import { isOpen, openLanes } from '../campaigns/campaign-counters';
import type { CampaignEntity } from '../campaigns/campaign.entity';
import { CodeSupply } from '../codes/code-supply';
import type { IssueRequest } from './issue-request';
import { couponsById } from './coupons-by-id';
import { draftOf, rowOf, type Draft } from './draft';
import { unboundSlots } from './holdings';
import {
  holdersStatement,
  issueStatement,
  issueValues,
  type Holder,
  type IssueRow,
  type Row,
  type Slot,
} from './issue.sql';
import { failed, type IssueResult } from './issue-result';
import { busy } from './issue-retry';
import { perRecipientOf, termsOf, type Terms } from './terms';

const attempts = 5;

/** Issues coupons that depend on no count and on no other name of the person: one statement a batch, side by side. */
@Injectable()
export class OpenIssue {
  private lane = Math.floor(Math.random() * openLanes);

  constructor(
    private readonly dataSource: DataSource,
    private readonly outbox: Outbox,
    private readonly codes: CodeSupply,
  ) {}

  static serves({ campaign, keys }: IssueRequest): boolean {
    if (!isOpen(campaign, campaign.stacked)) return false;
    const perRecipient = perRecipientOf(campaign);
    return perRecipient === null || (perRecipient.count === 1 && keys.length === 1);
  }

  /** All asks are of one campaign. Null = the campaign is not open any more, nothing was done. */
  async settle(issueRequests: readonly IssueRequest[], now: Date): Promise<IssueResult[] | null> {
    const { campaign } = issueRequests[0];
    const terms = termsOf(campaign, now);
    const given = await this.give(campaign, issueRequests, terms);
    if (!given) return null;
    const { drafts, issued } = given;
    const settled = drafts
      .filter(({ coupon }) => issued.has(coupon.id))
      .map(({ ask, coupon }): IssueResult => ({ ask, outcome: 'issued', coupon }));
    const late = drafts.filter(({ coupon }) => !issued.has(coupon.id)).map(({ ask }) => ask);
    try {
      return [...settled, ...(await this.repeat(campaign, late, terms))];
    } catch (error) {
      // Not thrown: what is issued is committed, and the whole batch would be run again.
      return [...settled, ...late.map((ask) => failed(ask, error))];
    }
  }

  private async give(
    campaign: CampaignEntity,
    issueRequests: readonly IssueRequest[],
    terms: Terms,
  ): Promise<{ drafts: Draft[]; issued: Set<string> } | null> {
    for (let attempt = 1; ; attempt++) {
      const codes = await this.codes.fresh(campaign, issueRequests.length);
      if (codes.length < issueRequests.length) return null;
      const drafts = issueRequests.map((ask, index) =>
        draftOf(ask, terms, codes[index], ask.request.offerId ?? null),
      );
      const values = issueValues({
        campaignId: campaign.id,
        accountId: campaign.accountId,
        lane: 1 + (this.lane++ % openLanes),
        slots: drafts.flatMap((draft) => slotsOf(draft, terms)),
        drafts: drafts.map(rowOf),
        ...terms,
        tickets: 0,
        eventId: newId('event'),
        eventType: CouponIssued.type,
      });
      try {
        const [row] = await prepared<Row<IssueRow>>(this.dataSource, issueStatement, values);
        if (!row.open) return null;
        if (row.issued.length > 0) this.outbox.wake();
        return { drafts, issued: new Set(row.issued) };
      } catch (error) {
        // A code that exists, or a deadlock: nothing was written, other codes and another moment will do.
        if (attempt === attempts || !(isUniqueViolation(error) || isSerializationFailure(error))) throw error;
      }
    }
  }

  /** For people who had a coupon already: the last one they got. */
  private async repeat(
    campaign: CampaignEntity,
    late: readonly IssueRequest[],
    { period }: Terms,
  ): Promise<IssueResult[]> {
    if (late.length === 0) return [];
    if (campaign.limits.onRepeat === 'reject')
      return late.map((ask) => ({ ask, outcome: 'refused', reason: 'recipient.limit_reached' }));
    const keys = late.map((ask) => ask.keys[0]);
    const rows = await prepared<Row<Holder>>(this.dataSource, holdersStatement, [campaign.id, period, keys]);
    const lastOf = new Map<string, string>();
    for (const { key, couponId } of rows) if (couponId > (lastOf.get(key) ?? '')) lastOf.set(key, couponId);
    const coupons = await couponsById(this.dataSource.manager, campaign.accountId, lastOf.values());
    const byId = new Map(coupons.map((coupon) => [coupon.id, coupon]));
    return late.map((ask): IssueResult => {
      const coupon = byId.get(lastOf.get(ask.keys[0]) ?? '');
      // Of a given id someone else holds the slot.
      return coupon ? { ask, outcome: 'repeated', coupon } : failed(ask, busy());
    });
  }
}

const slotsOf = ({ ask, coupon }: Draft, { perPerson, period }: Terms): Slot[] =>
  perPerson === null
    ? unboundSlots(ask.keys, coupon.id)
    : [{ key: ask.keys[0], period, n: 1, couponId: coupon.id }];

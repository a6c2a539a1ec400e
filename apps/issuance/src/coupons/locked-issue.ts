import { Injectable } from '@nestjs/common';
import { BulkCouponsIssued, CouponIssued, newId, type IssueRefusal } from '@tearoff/contracts';
import { Outbox, type Transaction } from '@tearoff/messaging';
import { prepared } from '@tearoff/service-kit';
import type { EntityManager } from 'typeorm';
import { CampaignEntity } from '../campaigns/campaign.entity';
import { addToOfferCounts, hasBoundedOffers, readOfferCounts } from '../campaigns/offer-counters';
import { CodeSupply } from '../codes/code-supply';
import { LowStock, type StackCounter } from '../codes/low-stock';
import type { IssueRequest } from './issue-request';
import type { CouponEntity } from './coupon.entity';
import { couponsById } from './coupons-by-id';
import { rowOf } from './draft';
import { Enrichment } from './enrichment';
import { Holdings } from './holdings';
import { isFull, planned, type Plan } from './issue-plan';
import {
  holdersStatement,
  issueStatement,
  issueValues,
  type Holder,
  type IssueRow,
  type Row,
} from './issue.sql';
import { OfferStock } from './offer-stock';
import type { Decided, IssueResult } from './issue-result';
import { SlotTaken, retryUntilDecided } from './issue-retry';
import { termsOf, type Terms } from './terms';

/** What holds for a batch while its transaction lasts. */
export interface LockedCampaign {
  campaign: CampaignEntity;
  counter: StackCounter & { issued: number };
  terms: Terms;
  holdings: Holdings;
  offers: OfferStock;
}

/**
 * Issues coupons where the exact count matters (a total, a stack) or a person goes by several names: one
 * transaction a batch, which holds lane 0 of the campaign from before it reads until it commits.
 */
@Injectable()
export class LockedIssue {
  constructor(
    private readonly outbox: Outbox,
    private readonly codes: CodeSupply,
    private readonly lowStock: LowStock,
  ) {}

  /** All asks are of one campaign. */
  async settle(issueRequests: readonly IssueRequest[], now: Date): Promise<IssueResult[]> {
    const settled = await retryUntilDecided(() =>
      this.outbox.transaction((tx) => this.decideIn(tx, issueRequests, now)),
    );
    this.issued(settled);
    return settled;
  }

  /** To be told once the transaction has committed. */
  issued(settled: readonly { outcome: string }[]): void {
    if (!settled.some(({ outcome }) => outcome === 'issued')) return;
    this.outbox.wake();
    this.lowStock.committed();
  }

  /**
   * As `settle`, in a transaction of the caller's, who runs it `retryUntilDecided` and tells `issued` afterwards;
   * `eventType` is what the new coupons are told by.
   */
  async decideIn(
    tx: Transaction,
    issueRequests: readonly IssueRequest[],
    now: Date,
    eventType: string = CouponIssued.type,
  ): Promise<Decided[]> {
    const locked = await this.lock(tx, issueRequests, now);
    const { campaign, counter, terms, holdings, offers } = locked;
    const newcomers = issueRequests.filter(({ keys }) => !isFull(holdings, keys, terms)).length;
    const count = Math.min(newcomers, remaining(locked, issueRequests.length));
    const codes = await this.codes.next(tx, campaign, counter.taken, count, terms.issuedAt);
    const supply = { codes, taken: counter.taken, offers };
    return this.execute(tx, locked, planned(issueRequests, campaign, terms, holdings, supply), eventType);
  }

  /** Takes the campaign's counter until the transaction ends, and reads what is to be known under it. */
  async lock(tx: Transaction, issueRequests: readonly IssueRequest[], now: Date): Promise<LockedCampaign> {
    const campaignId = issueRequests[0].campaign.id;
    const [counter] = (await tx.query(
      `select issued::int, taken::int, stocked::int, low_told as "lowAnnounced"
       from campaign_counter where campaign_id = $1 and lane = 0 for update`,
      [campaignId],
    )) as LockedCampaign['counter'][];
    // Read again: a limit is changed under the same lock.
    const campaign = await tx.findOneByOrFail(CampaignEntity, { id: campaignId });
    const terms = termsOf(campaign, now);
    const holdings = await this.holdings(tx, campaignId, issueRequests, terms);
    const counts = hasBoundedOffers(campaign)
      ? await readOfferCounts(tx, campaignId)
      : new Map<string, number>();
    return { campaign, counter, terms, holdings, offers: new OfferStock(campaign.offers, counts) };
  }

  async execute<R extends string = IssueRefusal>(
    tx: Transaction,
    { campaign, counter, terms, offers }: LockedCampaign,
    plan: Plan<R>,
    eventType: string,
  ): Promise<Decided<R>[]> {
    const coupons = await this.heldCoupons(tx, campaign, plan);
    const enrichment = new Enrichment();
    const decided = plan.answers.map((answer): Decided<R> => {
      const { ask } = answer;
      if ('reason' in answer) return { ask, outcome: 'refused', reason: answer.reason };
      if ('draft' in answer) return { ask, outcome: 'issued', coupon: answer.draft.coupon };
      const coupon = coupons.get(answer.heldId)!;
      enrichment.add(coupon, ask.recipient);
      return { ask, outcome: 'repeated', coupon };
    });
    if (eventType === BulkCouponsIssued.type)
      for (const { coupon } of plan.drafts) for (const delivery of coupon.deliveries) delivery.bulk = true;
    await this.write(tx, campaign, terms, plan, eventType);
    if (hasBoundedOffers(campaign)) await addToOfferCounts(tx, campaign.id, offers.given);
    await enrichment.write(
      tx,
      plan.drafts.map(({ coupon }) => coupon),
    );
    await this.lowStock.afterTaking(tx, campaign, counter, plan.tickets);
    return decided;
  }

  /** Who holds what in the running period, of those who ask. */
  async holdings(
    tx: EntityManager,
    campaignId: string,
    issueRequests: readonly Pick<IssueRequest, 'keys'>[],
    terms: Terms,
  ): Promise<Holdings> {
    if (terms.perPerson === null) return new Holdings([]);
    const keys = issueRequests.flatMap((ask) => ask.keys);
    return new Holdings(await prepared<Row<Holder>>(tx, holdersStatement, [campaignId, terms.period, keys]));
  }

  private async heldCoupons(
    tx: Transaction,
    { accountId }: CampaignEntity,
    { answers, drafts }: Plan<string>,
  ): Promise<Map<string, CouponEntity>> {
    const ours = new Map(drafts.map(({ coupon }) => [coupon.id, coupon]));
    const others = answers.flatMap((answer) =>
      'heldId' in answer && !ours.has(answer.heldId) ? [answer.heldId] : [],
    );
    if (others.length === 0) return ours;
    const rows = await couponsById(tx, accountId, others);
    return new Map([...ours, ...rows.map((row) => [row.id, row] as const)]);
  }

  private async write(
    tx: Transaction,
    campaign: CampaignEntity,
    terms: Terms,
    plan: Plan<string>,
    eventType: string,
  ): Promise<void> {
    if (plan.slots.length === 0) return;
    const values = issueValues({
      campaignId: campaign.id,
      accountId: campaign.accountId,
      lane: 0,
      slots: plan.slots,
      drafts: plan.drafts.map(rowOf),
      ...terms,
      tickets: plan.tickets,
      eventId: newId('event'),
      eventType,
    });
    const [row] = await prepared<Row<IssueRow>>(tx, issueStatement, values);
    if (row.slots !== plan.slots.length) throw new SlotTaken();
  }
}

/** How many coupons may still be given: `count`, unless the total leaves less. */
export function remaining({ campaign, counter }: LockedCampaign, count: number): number {
  const { total } = campaign.limits;
  return total === null ? count : Math.min(count, Math.max(0, total - counter.issued));
}

import { Injectable } from '@nestjs/common';
import { newId } from '@tearoff/contracts';
import { Outbox, type Transaction } from '@tearoff/messaging';
import { prepared } from '@tearoff/service-kit';
import { In, type EntityManager } from 'typeorm';
import { CampaignEntity } from '../campaigns/campaign.entity';
import { addToOfferCounts, hasBoundedOffers, readOfferCounts } from '../campaigns/offer-counters';
import { CodeSupply } from '../codes/code-supply';
import type { Ask } from './ask';
import { CouponEntity } from './coupon.entity';
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
import type { Settled } from './settled';
import { SlotTaken, untilSettled } from './settling';
import { termsOf, type Terms } from './terms';

/**
 * Issues coupons where the exact count matters (a total, a stack) or a person goes by several names: one
 * transaction a batch, which holds lane 0 of the campaign from before it reads until it commits.
 */
@Injectable()
export class LockedIssue {
  constructor(
    private readonly outbox: Outbox,
    private readonly codes: CodeSupply,
  ) {}

  /** All asks are of one campaign. */
  async settle(asks: readonly Ask[], now: Date): Promise<Settled[]> {
    const settled = await untilSettled(() => this.outbox.transaction((tx) => this.settleIn(tx, asks, now)));
    if (settled.some(({ outcome }) => outcome === 'issued')) this.outbox.wake();
    return settled;
  }

  /** In a transaction of the caller's, who wakes the outbox afterwards and runs it `untilSettled`. */
  async settleIn(tx: Transaction, asks: readonly Ask[], now: Date): Promise<Settled[]> {
    const campaignId = asks[0].campaign.id;
    const [counter] = (await tx.query(
      `select issued::int, taken::int from campaign_counter where campaign_id = $1 and lane = 0 for update`,
      [campaignId],
    )) as { issued: number; taken: number }[];
    // Read again: a limit is changed under the same lock.
    const campaign = await tx.findOneByOrFail(CampaignEntity, { id: campaignId });
    const terms = termsOf(campaign, now);
    const holdings = await this.holdings(tx, campaignId, asks, terms);
    const { total } = campaign.limits;
    const remaining = total === null ? asks.length : Math.max(0, total - counter.issued);
    const newcomers = asks.filter(({ keys }) => !isFull(holdings, keys, terms)).length;
    const codes = await this.codes.next(tx, campaign, counter.taken, Math.min(newcomers, remaining));

    const counted = hasBoundedOffers(campaign);
    const offers = new OfferStock(
      campaign.offers,
      counted ? await readOfferCounts(tx, campaignId) : new Map(),
    );
    const plan = planned(asks, campaign, terms, holdings, { codes, taken: counter.taken, offers });
    const coupons = await this.heldCoupons(tx, campaign, plan);
    const enrichment = new Enrichment();
    const settled = plan.answers.map((answer): Settled => {
      const { ask } = answer;
      if ('reason' in answer) return { ask, outcome: 'refused', reason: answer.reason };
      if ('draft' in answer) return { ask, outcome: 'issued', coupon: answer.draft.coupon };
      const coupon = coupons.get(answer.heldId)!;
      enrichment.add(coupon, ask.recipient);
      return { ask, outcome: 'repeated', coupon };
    });
    await this.write(tx, campaign, terms, plan);
    if (counted) await addToOfferCounts(tx, campaignId, offers.given);
    await enrichment.write(
      tx,
      plan.drafts.map(({ coupon }) => coupon),
    );
    return settled;
  }

  /** Who holds what in the running period, of those who ask. */
  async holdings(
    tx: EntityManager,
    campaignId: string,
    asks: readonly Pick<Ask, 'keys'>[],
    terms: Terms,
  ): Promise<Holdings> {
    if (terms.perPerson === null) return new Holdings([]);
    const keys = asks.flatMap((ask) => ask.keys);
    return new Holdings(await prepared<Row<Holder>>(tx, holdersStatement, [campaignId, terms.period, keys]));
  }

  private async heldCoupons(
    tx: Transaction,
    { accountId }: CampaignEntity,
    { answers, drafts }: Plan,
  ): Promise<Map<string, CouponEntity>> {
    const ours = new Map(drafts.map(({ coupon }) => [coupon.id, coupon]));
    const others = answers.flatMap((answer) =>
      'heldId' in answer && !ours.has(answer.heldId) ? [answer.heldId] : [],
    );
    if (others.length === 0) return ours;
    const rows = await tx.findBy(CouponEntity, { accountId, id: In([...new Set(others)]) });
    return new Map([...ours, ...rows.map((row) => [row.id, row] as const)]);
  }

  private async write(tx: Transaction, campaign: CampaignEntity, terms: Terms, plan: Plan): Promise<void> {
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
    });
    const [row] = await prepared<Row<IssueRow>>(tx, issueStatement, values);
    if (row.slots !== plan.slots.length) throw new SlotTaken();
  }
}

import { Injectable } from '@nestjs/common';
import { DomainError, type IssueOutcome, type MessageContext } from '@tearoff/contracts';
import { DataSource } from 'typeorm';
import { CampaignsService } from '../campaigns/campaigns.service';
import { Clock } from '@tearoff/service-kit';
import type { IssueCommand } from './issue-request';
import { couponOf } from './coupon.view';
import { couponsById } from './coupons-by-id';

type Outcome = IssueOutcome | DomainError;
type Issue = (
  requests: readonly IssueCommand[],
  contexts: readonly MessageContext[],
) => Promise<readonly Outcome[]>;

/** Coupons whose ids their callers gave: asked for again, by someone who never got the answer, they are not issued again. */
@Injectable()
export class IssueIdempotency {
  constructor(
    private readonly dataSource: DataSource,
    private readonly campaigns: CampaignsService,
    private readonly clock: Clock,
  ) {}

  /** One outcome a request, in their order; `issue` is asked for what is not out. */
  async once(
    requests: readonly IssueCommand[],
    contexts: readonly MessageContext[],
    issue: Issue,
  ): Promise<Outcome[]> {
    const outcomes: (Outcome | undefined)[] = await this.repeated(requests);
    const twinOf = twins(requests);
    const fresh = [...requests.keys()].filter((at) => !outcomes[at] && !twinOf.has(at));
    const issued = await issue(
      fresh.map((at) => requests[at]),
      fresh.map((at) => contexts[at]),
    );
    fresh.forEach((at, index) => (outcomes[at] = issued[index]));
    // Someone else with the same id was quicker.
    const failed = fresh.filter((at) => outcomes[at] instanceof DomainError);
    const late = await this.repeated(failed.map((at) => requests[at]));
    failed.forEach((at, index) => (outcomes[at] = late[index] ?? outcomes[at]));
    for (const [at, first] of twinOf) outcomes[at] ??= again(outcomes[first]!);
    return outcomes as Outcome[];
  }

  /** At the places of those whose coupon is out. */
  private async repeated(requests: readonly IssueCommand[]): Promise<(IssueOutcome | undefined)[]> {
    const outcomes = requests.map((): IssueOutcome | undefined => undefined);
    for (const accountId of new Set(requests.map((request) => request.accountId))) {
      const ids = requests.flatMap((one) => (one.accountId === accountId && one.couponId) || []);
      if (ids.length === 0) continue;
      const coupons = await couponsById(this.dataSource.manager, accountId, ids);
      const campaigns = await this.campaigns.byId(coupons.map(({ campaignId }) => campaignId));
      const byId = new Map(coupons.map((coupon) => [coupon.id, coupon]));
      requests.forEach((request, at) => {
        const coupon = request.accountId === accountId && byId.get(request.couponId ?? '');
        if (!coupon) return;
        const campaign = campaigns.get(coupon.campaignId)!;
        outcomes[at] = { outcome: 'repeated', coupon: couponOf(coupon, campaign, this.clock.now()) };
      });
    }
    return outcomes;
  }
}

/** Where a request of the same batch names the coupon of an earlier one: its position, and that one's. */
function twins(requests: readonly IssueCommand[]): Map<number, number> {
  const first = new Map<string, number>();
  const twinOf = new Map<number, number>();
  requests.forEach(({ accountId, couponId }, at) => {
    if (!couponId) return;
    const name = `${accountId} ${couponId}`;
    const earlier = first.get(name);
    if (earlier === undefined) first.set(name, at);
    else twinOf.set(at, earlier);
  });
  return twinOf;
}

const again = (outcome: Outcome): Outcome =>
  !(outcome instanceof DomainError) && outcome.outcome === 'issued'
    ? { ...outcome, outcome: 'repeated' }
    : outcome;

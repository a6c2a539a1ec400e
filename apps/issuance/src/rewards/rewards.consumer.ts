import { Controller } from '@nestjs/common';
import { Ctx, EventPattern, Payload } from '@nestjs/microservices';
import {
  DomainError,
  RewardGranted,
  RewardOrderSettled,
  type IssueOutcome,
  type ItemOf,
  type RewardOrder,
} from '@tearoff/contracts';
import { Outbox, type EventContext } from '@tearoff/messaging';
import { Clock } from '@tearoff/service-kit';
import { IssueService } from '../coupons/issue.service';

type Settled = ItemOf<typeof RewardOrderSettled>;

/** Issues the coupons of rewards that members have paid for, and says what became of each. */
@Controller()
export class RewardsConsumer {
  constructor(
    private readonly issuing: IssueService,
    private readonly outbox: Outbox,
    private readonly clock: Clock,
  ) {}

  /** In transactions of their own: the coupon's id was given, so it is issued once, however often this is tried. */
  @EventPattern<string>(RewardGranted.type)
  async onGranted(@Payload() orders: RewardOrder[], @Ctx() { tx, contexts }: EventContext): Promise<void> {
    const outcomes = await this.issuing.issue(
      orders.map(({ rewardIssueId: _id, ...request }) => request),
      contexts,
    );
    const at = this.clock.now().toISOString();
    const settled = orders.map((order, index) => settledOf(order, outcomes[index], at));
    await this.outbox.add(tx, RewardOrderSettled, settled, { contexts });
  }
}

/** What failed for a reason that may pass is thrown, to be tried again. */
function settledOf(order: RewardOrder, outcome: IssueOutcome | DomainError, at: string): Settled {
  if (outcome instanceof DomainError && outcome.kind !== 'invalid') throw outcome;
  const { rewardIssueId, accountId, couponId } = order;
  const reason = refusalOf(order, outcome);
  return { rewardIssueId, accountId, couponId, outcome: reason === null ? 'issued' : 'refused', reason, at };
}

/** A coupon that they held before is not what they have paid for. */
function refusalOf({ couponId }: RewardOrder, outcome: IssueOutcome | DomainError): string | null {
  if (outcome instanceof DomainError) return outcome.code;
  if (outcome.outcome === 'refused') return outcome.reason;
  return outcome.coupon.id === couponId ? null : 'recipient.limit_reached';
}

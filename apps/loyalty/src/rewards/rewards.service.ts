import { Injectable } from '@nestjs/common';
import {
  notFound,
  RewardIssued,
  type DomainError,
  type GetRewardIssue,
  type ItemOf,
  type RedeemReward,
  type ReplyOf,
  type RequestOf,
  type RewardIssue,
  type RewardOrderSettled,
} from '@tearoff/contracts';
import { Outbox, type Transaction } from '@tearoff/messaging';
import { DataSource, In } from 'typeorm';
import { CardsService } from '../cards/cards.service';
import { Clock, retryOnConflict } from '@tearoff/service-kit';
import { systemCause, type Ledger } from '../ledger/ledger';
import { Ledgers, keyOf } from '../ledger/ledgers';
import { MembersService } from '../members/members.service';
import { RewardIssueEntity, rewardIssueOf } from './reward-issue.entity';

type Reply = ReplyOf<typeof RedeemReward>;
type Refusal = Extract<Reply, { outcome: 'refused' }>;
type Settled = ItemOf<typeof RewardOrderSettled>;

const refused = (reason: Refusal['reason'], balance: number | null = null): Refusal => ({
  outcome: 'refused',
  reason,
  balance,
});

@Injectable()
export class RewardsService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly outbox: Outbox,
    private readonly cards: CardsService,
    private readonly members: MembersService,
    private readonly ledgers: Ledgers,
    private readonly clock: Clock,
  ) {}

  redeem(request: RequestOf<typeof RedeemReward>): Promise<Reply> {
    return retryOnConflict(() => this.outbox.transaction((tx) => this.redeemIn(tx, request)));
  }

  async get(requests: readonly RequestOf<typeof GetRewardIssue>[]): Promise<(RewardIssue | DomainError)[]> {
    const ids = requests.map(({ rewardIssueId }) => rewardIssueId);
    const rows = await this.dataSource.manager.findBy(RewardIssueEntity, {
      accountId: In(requests.map(({ accountId }) => accountId)),
      id: In(ids),
    });
    const byId = new Map(rows.map((row) => [row.id, row]));
    return requests.map(({ accountId, rewardIssueId }) => {
      const row = byId.get(rewardIssueId);
      return row?.accountId === accountId
        ? rewardIssueOf(row)
        : notFound('reward_issue.not_found', 'There is no such reward of a member.');
    });
  }

  /** Their coupons are out, or the points go back; once, whatever is told again. */
  async settle(tx: Transaction, items: readonly Settled[]): Promise<void> {
    const issued: RewardIssueEntity[] = [];
    const returned: RewardIssueEntity[] = [];
    for (const { accountId, rewardIssueId, outcome, reason } of items) {
      const issue = await tx.findOne(RewardIssueEntity, {
        where: { accountId, id: rewardIssueId, status: 'granted' },
        lock: { mode: 'pessimistic_write' },
      });
      if (!issue) continue;
      await tx.update(RewardIssueEntity, { accountId, id: issue.id }, { status: outcome, reason });
      (outcome === 'issued' ? issued : returned).push(issue);
    }
    await this.giveBack(tx, returned, 'refused');
    await this.tell(tx, issued, items);
  }

  /** A coupon that was withdrawn gives its reward's points back. */
  async withdraw(
    tx: Transaction,
    coupons: readonly { accountId: string; couponId: string }[],
  ): Promise<void> {
    const returned: RewardIssueEntity[] = [];
    for (const { accountId, couponId } of coupons) {
      const issue = await tx.findOne(RewardIssueEntity, {
        where: { accountId, couponId, status: In<RewardIssue['status']>(['granted', 'issued']) },
        lock: { mode: 'pessimistic_write' },
      });
      if (!issue) continue;
      await tx.update(RewardIssueEntity, { accountId, id: issue.id }, { status: 'returned' });
      returned.push(issue);
    }
    await this.giveBack(tx, returned, 'voided');
  }

  private async redeemIn(tx: Transaction, request: RequestOf<typeof RedeemReward>): Promise<Reply> {
    const { accountId, cardId, memberId, rewardId, reference = null, channel = null, by } = request;
    const key = { accountId, cardId, memberId };
    if ((await this.cards.byId(tx, [cardId])).get(cardId)?.accountId !== accountId)
      return refused('card.not_found');
    if (!(await this.members.byId(tx, [key])).has(memberId)) return refused('member.not_found');
    const ledgers = await this.ledgers.open(tx, [key], true);
    const ledger = ledgers.get(keyOf(key));
    if (!ledger) return refused('enrolment.not_found');
    ledger.settle(this.clock.now());
    const answer = async (outcome: 'granted' | 'repeated', where: object, own: Ledger): Promise<Reply> => {
      const issue = await tx.findOneByOrFail(RewardIssueEntity, where);
      return { outcome, issue: rewardIssueOf(issue), balance: own.spendable };
    };
    const again = { cardId, memberId, reference: reference ?? '' };
    if (reference !== null && (await tx.existsBy(RewardIssueEntity, again)))
      return answer('repeated', again, ledger);
    const reward = ledger.card.rewards.find(({ id }) => id === rewardId);
    if (!ledger.card.active) return refused('card.not_active');
    if (!reward) return refused('reward.not_found');
    const grant = ledger.grant(reward, by, { reference, channel });
    if (!grant) return refused('points.insufficient', ledger.spendable);
    await this.ledgers.close(tx, [ledger]);
    return answer('granted', { accountId, id: grant.rewardIssueId }, ledger);
  }

  private async giveBack(
    tx: Transaction,
    issues: readonly RewardIssueEntity[],
    reason: 'refused' | 'voided',
  ): Promise<void> {
    const ledgers = await this.ledgers.open(tx, issues, true);
    const now = this.clock.now();
    for (const ledger of ledgers.values()) ledger.settle(now);
    for (const issue of issues) {
      const cause = { ...systemCause('reward', `reverse:${issue.id}`), reason };
      const ledger = ledgers.get(keyOf(issue))!;
      ledger.giveBack(Number(issue.cost), cause);
      if (reason === 'refused') ledger.rest(issue.rewardId);
    }
    await this.ledgers.close(tx, ledgers.values());
  }

  private async tell(
    tx: Transaction,
    issues: readonly RewardIssueEntity[],
    settled: readonly Settled[],
  ): Promise<void> {
    if (issues.length === 0) return;
    const members = await this.members.byId(tx, issues);
    const items = issues.map((issue): ItemOf<typeof RewardIssued> => {
      const { phone, email, externalId } = members.get(issue.memberId)!;
      return {
        rewardIssueId: issue.id,
        accountId: issue.accountId,
        cardId: issue.cardId,
        memberId: issue.memberId,
        rewardId: issue.rewardId,
        campaignId: issue.campaignId,
        couponId: issue.couponId,
        cost: Number(issue.cost),
        phone,
        email,
        externalId,
        at: settled.find(({ rewardIssueId }) => rewardIssueId === issue.id)!.at,
      };
    });
    await this.outbox.add(tx, RewardIssued, items);
  }
}

import { Injectable, Logger } from '@nestjs/common';
import type { DomainError, IssueOutcome, MessageContext } from '@tearoff/contracts';
import { Clock, isDatabaseUnavailable } from '@tearoff/service-kit';
import type { CampaignEntity } from '../campaigns/campaign.entity';
import { CampaignsService } from '../campaigns/campaigns.service';
import { examine, type IssueRequest, type IssueCommand } from './issue-request';
import { couponOf } from './coupon.view';
import { IssueIdempotency } from './issue-idempotency';
import { KnownAddresses } from './known-addresses';
import { addressFor } from './message-payload';
import { LockedIssue } from './locked-issue';
import { OpenIssue } from './open-issue';
import { refused } from './refusals';
import { Sending } from './sending';
import { failed, type Repeated, type IssueResult } from './issue-result';

/** An event carries 500 items at most, and a batch is one event. */
const maxBatch = 400;

@Injectable()
export class IssueService {
  private readonly logger = new Logger(IssueService.name);
  private askedAt = -Infinity;

  constructor(
    private readonly campaigns: CampaignsService,
    private readonly addresses: KnownAddresses,
    private readonly open: OpenIssue,
    private readonly locked: LockedIssue,
    private readonly sending: Sending,
    private readonly idempotency: IssueIdempotency,
    private readonly clock: Clock,
  ) {}

  /** Whether someone who waits for a coupon has asked this process for one in the last `ms`. */
  askedWithin(ms: number): boolean {
    return performance.now() - this.askedAt < ms;
  }

  /** One outcome a request, in their order; a request that fails leaves the others alone. */
  issue(
    requests: readonly IssueCommand[],
    contexts: readonly MessageContext[],
  ): Promise<(IssueOutcome | DomainError)[]> {
    if (!requests.some(({ couponId }) => couponId)) return this.issueNew(requests, contexts);
    return this.idempotency.once(requests, contexts, (fresh, theirs) => this.issueNew(fresh, theirs));
  }

  private async issueNew(
    requests: readonly IssueCommand[],
    contexts: readonly MessageContext[],
  ): Promise<(IssueOutcome | DomainError)[]> {
    const now = this.clock.now();
    const campaigns = await this.campaigns.byId(requests.map(({ campaignId }) => campaignId));
    this.askedAt = performance.now();
    const { issueRequests, outcomes } = await this.examined(requests, contexts, campaigns, now);
    const settled = (
      await Promise.all(batchesOf(issueRequests).map((batch) => this.settle(batch, now)))
    ).flat();
    for (const one of await this.send(settled, now)) outcomes[one.ask.position] = outcomeOf(one, now);
    return outcomes;
  }

  /** Those who may be served and written to, and at their places the outcomes of the others. */
  async examined(
    requests: readonly IssueCommand[],
    contexts: readonly (MessageContext | null)[],
    campaigns: ReadonlyMap<string, CampaignEntity>,
    now: Date,
  ): Promise<{ issueRequests: IssueRequest[]; outcomes: (IssueOutcome | DomainError)[] }> {
    const outcomes: (IssueOutcome | DomainError)[] = [];
    const issueRequests: IssueRequest[] = [];
    requests.forEach((request, position) => {
      const examined = examine(request, campaigns.get(request.campaignId), now);
      if ('outcome' in examined) outcomes[position] = examined;
      else issueRequests.push({ ...examined, position, context: contexts[position] ?? null });
    });
    const reached = await this.withAddress(issueRequests, outcomes, now);
    return { issueRequests: await this.withoutSuppressed(reached, outcomes), outcomes };
  }

  /** Those who named an address for their channel, or whose coupons know one. */
  private async withAddress(
    issueRequests: readonly IssueRequest[],
    outcomes: (IssueOutcome | DomainError)[],
    now: Date,
  ): Promise<IssueRequest[]> {
    const reached = await this.addresses.complete(issueRequests, now);
    return reached.filter(({ channel, recipient, position }) => {
      if (channel === 'none' || addressFor(recipient, channel)) return true;
      outcomes[position] = refused('recipient.no_address');
      return false;
    });
  }

  private async withoutSuppressed(
    issueRequests: readonly IssueRequest[],
    outcomes: (IssueOutcome | DomainError)[],
  ): Promise<IssueRequest[]> {
    const suppressed = await Promise.all(
      issueRequests.map(async ({ channel, recipient, campaign: { accountId }, context }) => {
        if (channel === 'none') return false;
        const address = addressFor(recipient, channel)!;
        return this.sending.isSuppressed(accountId, channel, address, context ?? undefined);
      }),
    );
    return issueRequests.filter((ask, index) => {
      if (suppressed[index]) outcomes[ask.position] = refused('recipient.suppressed');
      return !suppressed[index];
    });
  }

  private async settle(issueRequests: readonly IssueRequest[], now: Date): Promise<IssueResult[]> {
    try {
      if (OpenIssue.serves(issueRequests[0])) {
        const settled = await this.open.settle(issueRequests, now);
        if (settled) return settled;
      }
      return await this.locked.settle(issueRequests, now);
    } catch (error) {
      // With the database away no one knows whether it committed: doing it again could do it twice.
      if (issueRequests.length === 1 || isDatabaseUnavailable(error)) {
        this.logger.error(error);
        return issueRequests.map((ask) => failed(ask, error));
      }
      this.logger.warn(`${issueRequests.length} coupons could not be issued together: ${String(error)}`);
      const singly: IssueResult[] = [];
      for (const ask of issueRequests) singly.push(...(await this.settle([ask], now)));
      return singly;
    }
  }

  private async send(settled: readonly IssueResult[], now: Date): Promise<readonly IssueResult[]> {
    const repeated = settled.filter((one): one is Repeated => one.outcome === 'repeated');
    try {
      await this.sending.sendWhereMissing(repeated, now);
      return settled;
    } catch (error) {
      this.logger.error(error);
      return settled.map((one) =>
        one.outcome === 'repeated' && one.ask.channel !== 'none' ? failed(one.ask, error) : one,
      );
    }
  }
}

/** By campaign and by the way they are issued. */
function batchesOf(issueRequests: readonly IssueRequest[]): IssueRequest[][] {
  const groups = new Map<string, IssueRequest[]>();
  for (const ask of issueRequests) {
    const name = `${OpenIssue.serves(ask)} ${ask.campaign.id}`;
    const group = groups.get(name);
    if (group) group.push(ask);
    else groups.set(name, [ask]);
  }
  return [...groups.values()].flatMap((group) =>
    Array.from({ length: Math.ceil(group.length / maxBatch) }, (_, part) =>
      group.slice(part * maxBatch, (part + 1) * maxBatch),
    ),
  );
}

function outcomeOf(settled: IssueResult, now: Date): IssueOutcome | DomainError {
  if (settled.outcome === 'failed') return settled.error;
  if (settled.outcome === 'refused') return refused(settled.reason);
  const { ask, outcome, coupon } = settled;
  const to = ask.channel === 'none' ? undefined : addressFor(ask.recipient, ask.channel);
  return { outcome, coupon: couponOf(coupon, ask.campaign, now, to) };
}

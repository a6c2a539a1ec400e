import { Injectable, Logger, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { CouponPageOpened, TrafficCounted, type TrafficItem } from '@tearoff/contracts';
import { Outbox } from '@tearoff/messaging';
import { CampaignDirectory } from './campaign-directory';
import { CouponPageOpenings } from './coupon-page-openings';
import { TrafficCounts } from './traffic-counts';

const everyMs = 1_000;

/**
 * Tells once a second what was seen since, in one transaction. A process that is killed loses that second of
 * visits; one that is stopped tells it.
 */
@Injectable()
export class VisitReporter implements OnModuleInit, OnApplicationShutdown {
  readonly traffic = new TrafficCounts();
  readonly openings = new CouponPageOpenings();
  private readonly logger = new Logger(VisitReporter.name);
  private timer: NodeJS.Timeout | undefined;
  private telling: Promise<void> = Promise.resolve();
  private waiting = 0;

  constructor(
    private readonly outbox: Outbox,
    private readonly campaigns: CampaignDirectory,
  ) {}

  onModuleInit(): void {
    // Not while an earlier one still waits for a database that is away.
    this.timer = setInterval(() => void (this.waiting === 0 && this.tell()), everyMs).unref();
  }

  /** After the last request was answered. */
  async onApplicationShutdown(): Promise<void> {
    clearInterval(this.timer);
    await this.tell();
  }

  /** Resolves when everything seen so far is told, or kept for the next time. */
  tell(): Promise<void> {
    this.waiting++;
    this.telling = this.telling.then(() => this.reportOnce()).finally(() => this.waiting--);
    return this.telling;
  }

  private async reportOnce(): Promise<void> {
    const opened = this.openings.take();
    const counted = this.traffic.take();
    try {
      const items = await this.withAccounts(counted);
      if (items.length > 0 || opened.length > 0)
        await this.outbox.transaction(async (tx) => {
          if (items.length > 0) await this.outbox.add(tx, TrafficCounted, items);
          if (opened.length > 0) await this.outbox.add(tx, CouponPageOpened, opened);
        });
      this.traffic.prune();
    } catch (error) {
      this.openings.putBack(opened);
      this.traffic.putBack(counted);
      this.logger.warn(`visits could not be told yet: ${String(error)}`);
    }
  }

  /** Those of campaigns that do not exist are dropped; those that no one could be asked about wait. */
  private async withAccounts(counted: ReturnType<TrafficCounts['take']>): Promise<TrafficItem[]> {
    const ids = [...new Set(counted.map(({ campaignId }) => campaignId))];
    const accounts = new Map<string, string>();
    const unknown = new Set<string>();
    await Promise.all(
      ids.map(async (id) => {
        const campaign = await this.campaigns.find(id).catch(() => undefined);
        if (campaign) accounts.set(id, campaign.accountId);
        else if (campaign === null) unknown.add(id);
      }),
    );
    for (const id of unknown) this.traffic.forget(id);
    for (const id of accounts.keys()) this.traffic.confirm(id);
    this.traffic.putBack(
      counted.filter(({ campaignId }) => !accounts.has(campaignId) && !unknown.has(campaignId)),
    );
    return counted.flatMap((totals) => {
      const accountId = accounts.get(totals.campaignId);
      return accountId === undefined ? [] : [{ accountId, ...totals }];
    });
  }
}

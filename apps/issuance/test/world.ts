import {
  CreateCampaign,
  GetCampaign,
  GetJob,
  IssueCoupon,
  newId,
  UpdateCampaign,
  type CampaignInput,
  type CampaignView,
  type CommandDefinition,
  type Coupon,
  type EventDefinition,
  type IssueOutcome,
  type IssueRequest,
  type ItemOf,
  type Job,
  type ReplyOf,
  type RequestOf,
} from '@tearoff/contracts';
import type { Transport } from '@tearoff/messaging';
import type { RunningService } from '@tearoff/service-kit';
import { Callers, eventually, openTestHost, TestClock, times, type OpenTransport } from '@tearoff/testing';
import { openIssuanceDatabase } from '../src/database';
import { start } from '../src/start';
import { startNotification, type Notification } from './notification.stand-in';

const env = { LOG_LEVEL: 'fatal', DATABASE_POOL: '4' };

interface WorldOptions {
  instances?: number;
  means?: OpenTransport;
  callers?: number;
}

/** Issuance, running, with a stand-in for notification and callers that ask. */
export class World {
  static async start({ instances = 1, means, callers = 1 }: WorldOptions = {}): Promise<World> {
    const { transport, databaseUrl, cleanup } = await openTestHost(means);
    const clock = new TestClock();
    const startInstance = () => start({ env, transport, databaseUrl, clock });
    const services = await Promise.all(times(instances, startInstance));
    const notification = await startNotification(transport, databaseUrl);
    const dataSource = await openIssuanceDatabase(databaseUrl, 2);
    const asking = await Callers.open(transport, dataSource, callers);
    return new World(clock, notification, services, startInstance, dataSource, asking, transport, cleanup);
  }

  readonly accountId = newId('account');

  private constructor(
    readonly clock: TestClock,
    readonly notification: Notification,
    readonly services: RunningService[],
    readonly startInstance: () => Promise<RunningService>,
    /** Issuance's own tables, to look at. */
    readonly dataSource: Awaited<ReturnType<typeof openIssuanceDatabase>>,
    private readonly callers: Callers,
    readonly transport: Transport,
    private readonly cleanup: () => Promise<void>,
  ) {}

  ask<C extends CommandDefinition>(command: C, request: RequestOf<C>): Promise<ReplyOf<C>> {
    return this.callers.ask(command, request);
  }

  campaign(input: Partial<CampaignInput> = {}, accountId = this.accountId): Promise<CampaignView> {
    return this.ask(CreateCampaign, { accountId, campaign: { name: 'Spring', ...input } });
  }

  change({ id }: { id: string }, patch: Record<string, unknown>): Promise<CampaignView> {
    return this.ask(UpdateCampaign, { accountId: this.accountId, campaignId: id, patch });
  }

  counts({ id }: { id: string }): Promise<CampaignView> {
    return this.ask(GetCampaign, { accountId: this.accountId, campaignId: id });
  }

  issue(
    campaign: { id: string },
    recipient: IssueRequest['recipient'],
    rest: Partial<RequestOf<typeof IssueCoupon>> = {},
  ): Promise<IssueOutcome> {
    return this.ask(IssueCoupon, {
      accountId: this.accountId,
      campaignId: campaign.id,
      recipient,
      ...rest,
    });
  }

  async coupon(...asked: Parameters<World['issue']>): Promise<Coupon> {
    return couponIn(await this.issue(...asked));
  }

  /** An event of another service. */
  tell<E extends EventDefinition>(event: E, items: ItemOf<E>[]): Promise<void> {
    return this.callers.tell(event, items);
  }

  /** The job once it is over. */
  async finished({ id }: { id: string }): Promise<Job> {
    return eventually(
      async () => {
        const job = await this.ask(GetJob, { accountId: this.accountId, jobId: id });
        if (!job.finishedAt) throw new Error(`the job is ${job.status}`);
        return job;
      },
      { timeoutMs: 25_000 },
    );
  }

  async count(table: string, where = 'true'): Promise<number> {
    const [row] = (await this.dataSource.query(
      `select count(*)::int as count from ${table} where ${where}`,
    )) as { count: number }[];
    return row.count;
  }

  async stop(): Promise<void> {
    await this.callers.close();
    await Promise.all(this.services.map((service) => service.stop()));
    await this.notification.stop();
    await this.dataSource.destroy();
    await this.cleanup();
  }
}

export function couponIn(outcome: IssueOutcome): Coupon {
  if (outcome.outcome === 'refused') throw new Error(`refused: ${outcome.reason}`);
  return outcome.coupon;
}

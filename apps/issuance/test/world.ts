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
import {
  inProcessTransport,
  openMessaging,
  rabbitTransport,
  type Messaging,
  type Transport,
} from '@tearoff/messaging';
import type { RunningService } from '@tearoff/service-kit';
import { createTestDatabase, describeWithBroker, eventually, testBroker } from '@tearoff/testing';
import { Clock } from '../src/clock';
import { openIssuanceDatabase } from '../src/database';
import { start } from '../src/start';
import { startNotification, type Notification } from './notification.stand-in';

const env = { LOG_LEVEL: 'fatal', DATABASE_POOL: '4' };

interface Means {
  transport: Transport;
  cleanup: () => Promise<void>;
}
export type MeansOf = () => Means;

const inProcess: MeansOf = () => ({ transport: inProcessTransport(), cleanup: () => Promise.resolve() });

const overRabbit: MeansOf = () => {
  const broker = testBroker();
  return {
    transport: rabbitTransport({ url: broker.url, prefix: broker.prefix }),
    cleanup: () => broker.cleanup(),
  };
};

/** The same tests on each transport. */
export function overBothTransports(tests: (means: MeansOf) => void): void {
  describe('in-process', () => tests(inProcess));
  describeWithBroker('over RabbitMQ', () => tests(overRabbit));
}

/** Stands still where a test sets it, and goes on from there otherwise. */
export class TestClock extends Clock {
  private set: Date | null = null;

  now(): Date {
    return this.set ?? new Date();
  }

  is(instant: string): void {
    this.set = new Date(instant);
  }

  goOn(): void {
    this.set = null;
  }
}

interface WorldOptions {
  instances?: number;
  means?: MeansOf;
  callers?: number;
}

/** Issuance, running, with a stand-in for notification and callers that ask. */
export class World {
  static async start({ instances = 1, means = inProcess, callers = 1 }: WorldOptions = {}): Promise<World> {
    const { transport, cleanup } = means();
    const database = await createTestDatabase();
    const clock = new TestClock();
    const startInstance = () => start({ env, transport, databaseUrl: database.url, clock });
    const services = await Promise.all(Array.from({ length: instances }, startInstance));
    const notification = await startNotification(transport, database.url);
    const dataSource = await openIssuanceDatabase(database.url, 2);
    const askers = await Promise.all(
      Array.from({ length: callers }, () => openMessaging({ service: 'gateway', transport, dataSource })),
    );
    return new World(
      clock,
      notification,
      services,
      startInstance,
      dataSource,
      askers,
      transport,
      async () => {
        await cleanup();
        await database.drop();
      },
    );
  }

  readonly accountId = newId('account');
  private turn = 0;

  private constructor(
    readonly clock: TestClock,
    readonly notification: Notification,
    readonly services: RunningService[],
    readonly startInstance: () => Promise<RunningService>,
    /** Issuance's own tables, to look at. */
    readonly dataSource: Awaited<ReturnType<typeof openIssuanceDatabase>>,
    private readonly askers: Messaging[],
    readonly transport: Transport,
    private readonly cleanup: () => Promise<void>,
  ) {}

  /** Each time from another caller's connection, so that requests do not all travel in one message. */
  ask<C extends CommandDefinition>(command: C, request: RequestOf<C>): Promise<ReplyOf<C>> {
    return this.askers[this.turn++ % this.askers.length].commands.send(command, request, {
      deadlineMs: 20_000,
    });
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
  async tell<E extends EventDefinition>(event: E, items: ItemOf<E>[]): Promise<void> {
    const { outbox } = this.askers[0];
    await outbox.transaction((tx) => outbox.add(tx, event, items));
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
    await Promise.all(this.askers.map((asker) => asker.close()));
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

/** How often each outcome, or reason of a refusal, came. */
export function tally(outcomes: readonly IssueOutcome[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const outcome of outcomes) {
    const name = outcome.outcome === 'refused' ? outcome.reason : outcome.outcome;
    counts[name] = (counts[name] ?? 0) + 1;
  }
  return counts;
}

export const times = <T>(count: number, make: (index: number) => T): T[] =>
  Array.from({ length: count }, (_, index) => make(index));

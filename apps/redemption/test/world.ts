import {
  GetCouponState,
  newId,
  RedeemCode,
  type Campaign,
  type CodeEntry,
  type CommandDefinition,
  type RedeemOutcome,
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
import { openRedemptionDatabase } from '../src/database';
import { start } from '../src/start';
import { entryOf } from './builders';
import { startIssuance, type Issuance } from './issuance.stand-in';

const tills = 10;
const env = { LOG_LEVEL: process.env.LOG_LEVEL ?? 'fatal', DATABASE_POOL: '4' };

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

/** Redemption, running, with a stand-in for issuance and tills that ask. */
export class World {
  static async start(instances = 1, means: MeansOf = inProcess): Promise<World> {
    const { transport, cleanup } = means();
    const database = await createTestDatabase();
    const issuance = await startIssuance(transport, database.url);
    const services = await Promise.all(
      Array.from({ length: instances }, () => start({ env, transport, databaseUrl: database.url })),
    );
    const dataSource = await openRedemptionDatabase(database.url, 2);
    const askers = await Promise.all(
      Array.from({ length: tills }, () => openMessaging({ service: 'gateway', transport, dataSource })),
    );
    return new World(issuance, services, dataSource, askers, async () => {
      await cleanup();
      await database.drop();
    });
  }

  private turn = 0;

  private constructor(
    readonly issuance: Issuance,
    readonly services: RunningService[],
    /** Redemption's own tables, to look at and to set clocks back. */
    readonly dataSource: Awaited<ReturnType<typeof openRedemptionDatabase>>,
    private readonly askers: Messaging[],
    private readonly cleanup: () => Promise<void>,
  ) {}

  /** Each time from another till's connection, so that questions do not all travel in one message. */
  ask<C extends CommandDefinition>(command: C, request: RequestOf<C>): Promise<ReplyOf<C>> {
    return this.askers[this.turn++ % this.askers.length].commands.send(command, request, {
      deadlineMs: 20_000,
    });
  }

  /** All from one till's connection, so that they arrive as one batch. */
  askTogether<C extends CommandDefinition>(command: C, requests: RequestOf<C>[]): Promise<ReplyOf<C>[]> {
    return Promise.all(requests.map((request) => this.askers[0].commands.send(command, request)));
  }

  redeem(
    { accountId, code }: CodeEntry,
    rest: Partial<RequestOf<typeof RedeemCode>> = {},
  ): Promise<RedeemOutcome> {
    return this.ask(RedeemCode, { accountId, code, ...rest });
  }

  /** Coupons that issuance has given out and that redemption was told of. */
  async issue(campaign: Campaign, count = 1, parts: Partial<CodeEntry> = {}): Promise<CodeEntry[]> {
    const entries = Array.from({ length: count }, () => entryOf(campaign, parts));
    this.issuance.ledger.give(campaign, ...entries);
    await this.issuance.tellCampaign(campaign);
    await this.issuance.tellIssued(campaign, entries);
    await eventually(async () => {
      const states = await this.askTogether(GetCouponState, entries);
      return states.every(({ state }) => state === 'issued');
    });
    return entries;
  }

  /**
   * What `asked` answers when more than `waiting` of its statements have met at one coupon: its row is held until
   * so many queue for it. Also tells when it was let go, by the database's clock.
   */
  async whileHeld<T>({ accountId, code }: CodeEntry, waiting: number, asked: () => Promise<T>) {
    const runner = this.dataSource.createQueryRunner();
    await runner.startTransaction();
    try {
      await runner.query(`select from coupon where account_id = $1 and code = $2 for update`, [
        accountId,
        code,
      ]);
      const answers = asked();
      await eventually(async () => {
        const queue = (await this.dataSource.query(
          `select pid from pg_locks where relation = 'coupon'::regclass and locktype = 'tuple' and not granted`,
        )) as unknown[];
        return queue.length >= waiting;
      });
      const [{ now }] = (await runner.query(`select clock_timestamp() as now`)) as [{ now: Date }];
      await runner.commitTransaction();
      return { answers: await answers, releasedAt: now };
    } finally {
      if (runner.isTransactionActive) await runner.rollbackTransaction();
      await runner.release();
    }
  }

  async stop(): Promise<void> {
    await Promise.all(this.askers.map((asker) => asker.close()));
    await Promise.all(this.services.map((service) => service.stop()));
    await this.issuance.stop();
    await this.dataSource.destroy();
    await this.cleanup();
  }
}

export const newAccount = (): string => newId('account');

/** How often each outcome, or reason of a refusal, came. */
export function tally(outcomes: readonly RedeemOutcome[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const outcome of outcomes) {
    const name = outcome.outcome === 'refused' ? outcome.reason : outcome.outcome;
    counts[name] = (counts[name] ?? 0) + 1;
  }
  return counts;
}

export function redemptionOf(outcome: RedeemOutcome) {
  if (outcome.outcome === 'refused') throw new Error(`refused: ${outcome.reason}`);
  return outcome.redemption;
}

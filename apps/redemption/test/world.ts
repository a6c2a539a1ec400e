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
import type { RunningService } from '@tearoff/service-kit';
import { Callers, eventually, openTestHost, times, type OpenTransport } from '@tearoff/testing';
import { openRedemptionDatabase } from '../src/database';
import { start } from '../src/start';
import { entryOf } from './builders';
import { startIssuance, type Issuance } from './issuance.stand-in';

const tills = 10;
const env = { LOG_LEVEL: process.env.LOG_LEVEL ?? 'fatal', DATABASE_POOL: '4' };

/** Redemption, running, with a stand-in for issuance and tills that ask. */
export class World {
  static async start(instances = 1, means?: OpenTransport): Promise<World> {
    const { transport, databaseUrl, cleanup } = await openTestHost(means);
    const issuance = await startIssuance(transport, databaseUrl);
    const services = await Promise.all(times(instances, () => start({ env, transport, databaseUrl })));
    const dataSource = await openRedemptionDatabase(databaseUrl, 2);
    const callers = await Callers.open(transport, dataSource, tills);
    return new World(issuance, services, dataSource, callers, cleanup);
  }

  private constructor(
    readonly issuance: Issuance,
    readonly services: RunningService[],
    /** Redemption's own tables, to look at and to set clocks back. */
    readonly dataSource: Awaited<ReturnType<typeof openRedemptionDatabase>>,
    private readonly callers: Callers,
    private readonly cleanup: () => Promise<void>,
  ) {}

  ask<C extends CommandDefinition>(command: C, request: RequestOf<C>): Promise<ReplyOf<C>> {
    return this.callers.ask(command, request);
  }

  /** All from one till's connection, so that they arrive as one batch. */
  askTogether<C extends CommandDefinition>(command: C, requests: RequestOf<C>[]): Promise<ReplyOf<C>[]> {
    return this.callers.askTogether(command, requests);
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
   * so many queue for it. Also says when it was let go, by the database's clock.
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
    await this.callers.close();
    await Promise.all(this.services.map((service) => service.stop()));
    await this.issuance.stop();
    await this.dataSource.destroy();
    await this.cleanup();
  }
}

export const newAccount = (): string => newId('account');

export function redemptionOf(outcome: RedeemOutcome) {
  if (outcome.outcome === 'refused') throw new Error(`refused: ${outcome.reason}`);
  return outcome.redemption;
}

import {
  ChangePoints,
  CreateCard,
  CreateMember,
  EnrolMember,
  GetEnrolment,
  ListLedger,
  newId,
  UpdateCard,
  type Card,
  type CardInput,
  type CardPatch,
  type CommandDefinition,
  type Enrolment,
  type EventDefinition,
  type ItemOf,
  type LedgerEntry,
  type Member,
  type MemberInput,
  type PointsOutcome,
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
import type { DataSource } from 'typeorm';
import { Clock } from '../src/clock';
import { openLoyaltyDatabase } from '../src/database';
import { SweepPace } from '../src/expiry/sweep-pace';
import { start } from '../src/start';
import { Neighbours } from './neighbours.stand-in';

const env = { LOG_LEVEL: process.env.LOG_LEVEL ?? 'fatal', DATABASE_POOL: '4' };

type Means = { transport: Transport; cleanup: () => Promise<void> };
export type MeansOf = () => Means;

const inProcess: MeansOf = () => ({
  transport: inProcessTransport(['loyalty', 'issuance', 'automation']),
  cleanup: () => Promise.resolve(),
});
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
  means?: MeansOf;
  instances?: number;
  callers?: number;
  /** How soon a sweeper looks again; never, where a test is about those who look themselves. */
  sweepMs?: number;
}

/** Loyalty, running, with stand-ins for its neighbours and callers that ask. */
export class World {
  static async start(options: WorldOptions = {}): Promise<World> {
    const { means = inProcess, instances = 1, callers = 1, sweepMs = 60_000 } = options;
    const { transport, cleanup } = means();
    const database = await createTestDatabase();
    const clock = new TestClock();
    const sweepPace = new SweepPace(sweepMs);
    const launch = () => start({ env, transport, databaseUrl: database.url, clock, sweepPace });
    const services = await Promise.all(Array.from({ length: instances }, launch));
    const neighbours = await Neighbours.open(transport);
    const dataSource = await openLoyaltyDatabase(database.url, 2);
    const askers = await Promise.all(
      Array.from({ length: callers }, () => openMessaging({ service: 'gateway', transport, dataSource })),
    );
    await askers[0].start();
    return new World(clock, neighbours, services, dataSource, askers, async () => {
      await cleanup();
      await database.drop();
    });
  }

  accountId = newId('account');
  private turn = 0;
  private told = 0;

  private constructor(
    readonly clock: TestClock,
    readonly neighbours: Neighbours,
    readonly services: RunningService[],
    /** Loyalty's own tables. */
    readonly dataSource: DataSource,
    private readonly askers: Messaging[],
    private readonly cleanup: () => Promise<void>,
  ) {}

  /** Each time from another caller's connection, so that requests do not all travel in one message. */
  ask<C extends CommandDefinition>(command: C, request: RequestOf<C>): Promise<ReplyOf<C>> {
    return this.askers[this.turn++ % this.askers.length].commands.send(command, request, {
      deadlineMs: 20_000,
    });
  }

  /** Tells events of other services; resolves when loyalty has handled every one of them. */
  async tell<E extends EventDefinition>(event: E, ...items: ItemOf<E>[]): Promise<void> {
    const { outbox } = this.askers[0];
    // To its queue alone: nobody here would take what others are bound to.
    await outbox.transaction((tx) => outbox.add(tx, event, items, { queue: 'loyalty.events' }));
    this.told++;
    await this.heard();
  }

  heard(): Promise<boolean> {
    return eventually(async () => {
      const [{ n, dead }] = (await this.dataSource.query(
        `select (select count(*)::int from inbox where queue = 'loyalty.events') as n, (select count(*)::int from dead_letter) as dead`,
      )) as { n: number; dead: number }[];
      expect(dead).toBe(0);
      return n >= this.told;
    });
  }

  card(input: Partial<CardInput> = {}): Promise<Card> {
    return this.ask(CreateCard, {
      accountId: this.accountId,
      card: { name: 'Coffee', kind: 'points', ...input },
    });
  }

  change({ id }: Card, patch: CardPatch): Promise<Card> {
    return this.ask(UpdateCard, { accountId: this.accountId, cardId: id, patch });
  }

  member(input: MemberInput = { externalId: newId('contact') }): Promise<Member> {
    return this.ask(CreateMember, { accountId: this.accountId, member: input });
  }

  async enrol(card: Card, member?: Member): Promise<Enrolment> {
    const { id: memberId } = member ?? (await this.member());
    const { enrolment } = await this.ask(EnrolMember, {
      accountId: this.accountId,
      cardId: card.id,
      memberId,
    });
    return enrolment;
  }

  points(
    { cardId, memberId }: { cardId: string; memberId: string },
    amount: number,
    rest: Partial<RequestOf<typeof ChangePoints>> = {},
  ): Promise<PointsOutcome> {
    const { accountId } = this;
    return this.ask(ChangePoints, { accountId, cardId, memberId, amount, by: 'key_test', ...rest });
  }

  standing({ cardId, memberId }: Enrolment): Promise<Enrolment> {
    return this.ask(GetEnrolment, { accountId: this.accountId, cardId, memberId });
  }

  /** The ledger, oldest first. */
  async ledger({ cardId, memberId }: Enrolment): Promise<LedgerEntry[]> {
    const { accountId } = this;
    const { data } = await this.ask(ListLedger, { accountId, cardId, memberId, limit: 500 });
    return data.reverse();
  }

  /** What anybody can check of all ledgers at any moment. */
  async expectSoundLedgers(): Promise<void> {
    const faults = (await this.dataSource.query(
      `select e.card_id, e.member_id, e.balance, l.sum, l.count, l.last, o.remaining
       from enrolment e
       left join lateral (
         select coalesce(sum(amount), 0) as sum, count(*) as count, coalesce(max(seq), 0) as last,
           coalesce((array_agg(n.balance order by seq desc))[1], 0) as told,
           bool_and(n.balance = n.running) as chained
         from (select *, sum(amount) over (order by seq) as running from entry
               where card_id = e.card_id and member_id = e.member_id) n) l on true
       left join lateral (
         select coalesce(sum(remaining), 0) as remaining from lot
         where card_id = e.card_id and member_id = e.member_id) o on true
       where e.balance <> l.sum or e.balance <> o.remaining or e.entries <> l.count or l.count <> l.last
         or l.told <> e.balance or not coalesce(l.chained, true)`,
    )) as unknown[];
    expect(faults).toEqual([]);
  }

  async stop(): Promise<void> {
    await Promise.all(this.askers.map((asker) => asker.close()));
    await Promise.all(this.services.map((service) => service.stop()));
    await this.neighbours.close();
    await this.dataSource.destroy();
    await this.cleanup();
  }
}

export const times = <T>(count: number, make: (index: number) => T): T[] =>
  Array.from({ length: count }, (_, index) => make(index));

/** How often each outcome, or reason of a refusal, came. */
export function tally(outcomes: readonly PointsOutcome[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const outcome of outcomes) {
    const name = outcome.outcome === 'refused' ? outcome.reason : outcome.outcome;
    counts[name] = (counts[name] ?? 0) + 1;
  }
  return counts;
}

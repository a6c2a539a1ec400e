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
import type { RunningService } from '@tearoff/service-kit';
import { Callers, eventually, openTestHost, TestClock, times, type OpenTransport } from '@tearoff/testing';
import type { DataSource } from 'typeorm';
import { openLoyaltyDatabase } from '../src/database';
import { SweepPace } from '../src/expiry/sweep-pace';
import { start } from '../src/start';
import { Neighbours } from './neighbours.stand-in';

const env = { LOG_LEVEL: process.env.LOG_LEVEL ?? 'fatal', DATABASE_POOL: '4' };

interface WorldOptions {
  means?: OpenTransport;
  instances?: number;
  callers?: number;
  /** How soon a sweeper looks again; never, where a test is about those who look themselves. */
  sweepMs?: number;
}

/** Loyalty, running, with stand-ins for its neighbours and callers that ask. */
export class World {
  static async start(options: WorldOptions = {}): Promise<World> {
    const { means, instances = 1, callers = 1, sweepMs = 60_000 } = options;
    const hosted = ['loyalty', 'issuance', 'automation'] as const;
    const { transport, databaseUrl, cleanup } = await openTestHost(means, hosted);
    const clock = new TestClock();
    const sweepPace = new SweepPace(sweepMs);
    const launch = () => start({ env, transport, databaseUrl, clock, sweepPace });
    const services = await Promise.all(times(instances, launch));
    const neighbours = await Neighbours.open(transport);
    const dataSource = await openLoyaltyDatabase(databaseUrl, 2);
    const asking = await Callers.open(transport, dataSource, callers);
    await asking.relay();
    return new World(clock, neighbours, services, dataSource, asking, cleanup);
  }

  accountId = newId('account');
  private told = 0;

  private constructor(
    readonly clock: TestClock,
    readonly neighbours: Neighbours,
    readonly services: RunningService[],
    /** Loyalty's own tables. */
    readonly dataSource: DataSource,
    private readonly callers: Callers,
    private readonly cleanup: () => Promise<void>,
  ) {}

  ask<C extends CommandDefinition>(command: C, request: RequestOf<C>): Promise<ReplyOf<C>> {
    return this.callers.ask(command, request);
  }

  /** Tells events of other services; resolves when loyalty has handled every one of them. */
  async tell<E extends EventDefinition>(event: E, ...items: ItemOf<E>[]): Promise<void> {
    // To its queue alone: no one here would take what others are bound to.
    await this.callers.tell(event, items, { queue: 'loyalty.events' });
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

  /** What anyone can check of all ledgers at any moment. */
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
    await this.callers.close();
    await Promise.all(this.services.map((service) => service.stop()));
    await this.neighbours.close();
    await this.dataSource.destroy();
    await this.cleanup();
  }
}

import { Controller, Inject, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { EventPattern, Payload } from '@nestjs/microservices';
import { newId, RunDue, type ItemOf } from '@tearoff/contracts';
import { eventually } from '@tearoff/testing';
import type { DataSource } from 'typeorm';
import { inProcessTransport, MessagingModule, openMessaging, Outbox } from '../src';
import { batchedTypes, deferredQueue } from '../src/outbox/broadcast-queue';
import { claimDue, msUntilNextDue, type OutboxPartition } from '../src/outbox/outbox-claim';
import {
  recordEffects,
  count,
  effects,
  effectsDatabase,
  startConsumer,
  startProducer,
  publish,
  type Database,
} from './fixture';

type Due = ItemOf<typeof RunDue>;
const queue = 'automation.runs';
const all: OutboxPartition = { name: 'all', where: '', values: [], limit: 500 };

@Controller()
class Runs {
  constructor(@Inject('onDue') private readonly handle: (items: Due[]) => Promise<void>) {}

  @EventPattern<string>(RunDue.type)
  onDue(@Payload() items: Due[]): Promise<void> {
    return this.handle(items);
  }
}

/** A service that publishes to its own work queue, in one process. */
async function startRuns(dataSource: DataSource, leaseMs: number, onDue: (items: Due[]) => Promise<void>) {
  const transport = inProcessTransport(['automation']);
  const messaging = await openMessaging({
    service: 'automation',
    transport,
    dataSource,
    consume: [queue],
    leaseMs,
  });
  @Module({
    imports: [MessagingModule.forRoot(messaging)],
    controllers: [Runs],
    providers: [{ provide: 'onDue', useValue: onDue }],
  })
  class RunsModule {}
  const app = await NestFactory.createMicroservice(RunsModule, { strategy: messaging.server, logger: false });
  await app.listen();
  const add = (runId: string): Promise<void> =>
    messaging.outbox.transaction((tx) => messaging.outbox.add(tx, RunDue, [{ runId }], { queue }));
  return { add, stop: async () => (await app.close(), await messaging.close()) };
}

describe('a lease of outbox rows', () => {
  let database: Database;
  let dataSource: DataSource;
  beforeAll(async () => {
    database = await effectsDatabase();
  });
  afterAll(() => database.drop());
  beforeEach(async () => {
    await database.empty();
    // With this timeout the server ends a transaction that stays open while a handler runs.
    dataSource = await database.connect(3, '-c idle_in_transaction_session_timeout=300');
  });
  afterEach(() => dataSource.destroy());

  const leasedUntil = async (): Promise<number> => {
    const [row]: { at: Date | null }[] = await dataSource.query('select max(locked_until) as at from outbox');
    return row.at?.getTime() ?? 0;
  };

  it('is renewed while a handler takes longer than it, and the handler gets its event once', async () => {
    const calls: string[] = [];
    let free: () => void = () => undefined;
    const held = new Promise<void>((resolve) => (free = resolve));
    const runs = await startRuns(dataSource, 400, async (items) => {
      calls.push(...items.map(({ runId }) => runId));
      await held;
    });
    const runId = newId('run');
    await runs.add(runId);
    await eventually(() => expect(calls).toEqual([runId]));
    const first = await leasedUntil();
    expect(first).toBeGreaterThan(0);
    await eventually(async () => expect(await leasedUntil()).toBeGreaterThan(first + 1_200));
    const [open]: { n: number }[] = await dataSource.query(
      `select count(*)::int as n from pg_stat_activity
       where datname = current_database() and state like 'idle in transaction%'`,
    );
    expect(open.n).toBe(0);
    free();
    await eventually(async () => expect(await count(dataSource, 'outbox')).toBe(0));
    expect(calls).toEqual([runId]);
    await runs.stop();
  });

  it('of a process that died expires, and another process publishes its rows', async () => {
    const outbox = new Outbox(dataSource);
    const runId = newId('run');
    await outbox.transaction((tx) => outbox.add(tx, RunDue, [{ runId }], { queue }));
    const dead = await claimDue(dataSource, all, 600);
    expect(dead?.rows).toHaveLength(1);
    expect(await claimDue(dataSource, all, 600)).toBeNull();
    const calls: string[] = [];
    const runs = await startRuns(dataSource, 600, (items) => {
      calls.push(...items.map((item) => item.runId));
      return Promise.resolve();
    });
    await eventually(async () => expect(await count(dataSource, 'outbox')).toBe(0));
    expect(calls).toEqual([runId]);
    await runs.stop();
  });

  it('is given for rows that are due, those first that have been so longest', async () => {
    const outbox = new Outbox(dataSource);
    const add = (runId: string, availableAt: Date): Promise<void> =>
      outbox.transaction((tx) => outbox.add(tx, RunDue, [{ runId }], { queue, availableAt }));
    const runIdsOf = async (limit: number): Promise<string[] | undefined> => {
      const claim = await claimDue(dataSource, { ...all, limit }, 60_000);
      return claim?.rows.flatMap(({ data }) =>
        (JSON.parse(data) as { items: Due[] }).items.map(({ runId }) => runId),
      );
    };
    const [first, second, third, late] = [newId('run'), newId('run'), newId('run'), newId('run')];
    await add(late, new Date(Date.now() + 3_600_000));
    await add(third, new Date(Date.now() - 1_000));
    await add(first, new Date(Date.now() - 3_000));
    await add(second, new Date(Date.now() - 2_000));
    expect((await runIdsOf(2))?.sort()).toEqual([first, second].sort());
    expect(await runIdsOf(2)).toEqual([third]);
    expect(await runIdsOf(2)).toBeUndefined();
  });

  it('that was put off ends with its row due some time later, and not before', async () => {
    const outbox = new Outbox(dataSource);
    await outbox.transaction((tx) => outbox.add(tx, RunDue, [{ runId: newId('run') }], { queue }));
    await dataSource.query(`update outbox set created_at = now() - interval '1 minute'`);
    const claim = (await claimDue(dataSource, all, 60_000))!;
    await claim.reschedule(claim.rows);
    expect(await leasedUntil()).toBe(0);
    expect(await claimDue(dataSource, all, 60_000)).toBeNull();
    const due = await msUntilNextDue(dataSource, all);
    expect(due).toBeGreaterThan(0);
    expect(due).toBeLessThanOrEqual(30_000);
  });

  it('that has expired cannot change rows that another claim holds', async () => {
    const outbox = new Outbox(dataSource);
    await outbox.transaction((tx) => outbox.add(tx, RunDue, [{ runId: newId('run') }], { queue }));
    const lost = (await claimDue(dataSource, all, 0))!;
    const taken = (await claimDue(dataSource, all, 60_000))!;
    const until = await leasedUntil();
    await lost.confirm(lost.rows);
    await lost.release(lost.rows);
    await lost.reschedule(lost.rows);
    await lost.renew(3_600_000);
    expect([await count(dataSource, 'outbox'), await leasedUntil()]).toEqual([1, until]);
    await taken.confirm(taken.rows);
    expect(await count(dataSource, 'outbox')).toBe(0);
  });

  it('that was lost leaves what is to be told later as the other holds it', async () => {
    const immediate: OutboxPartition = { ...all, group: 'immediate' };
    await dataSource.query(`insert into outbox (id, type, data) values ($1, $2, '{"items": []}')`, [
      newId('event'),
      batchedTypes[0],
    ]);
    const row = async (): Promise<unknown> => {
      const [one]: unknown[] = await dataSource.query('select queue, locked_by, locked_until from outbox');
      return one;
    };
    const lost = (await claimDue(dataSource, immediate, 0))!;
    const taken = (await claimDue(dataSource, immediate, 60_000))!;
    const held = await row();
    await lost.confirm(lost.rows);
    expect(await row()).toEqual(held);
    await taken.confirm(taken.rows);
    expect(await row()).toEqual({ queue: deferredQueue, locked_by: null, locked_until: null });
  });

  it('is held by one claim only when several claim at the same time', async () => {
    const outbox = new Outbox(dataSource);
    await outbox.transaction(async (tx) => {
      for (let row = 0; row < 200; row++) await outbox.add(tx, RunDue, [{ runId: newId('run') }], { queue });
    });
    const claims = await Promise.all(
      Array.from({ length: 6 }, () => claimDue(dataSource, { ...all, limit: 40 }, 60_000)),
    );
    const seqs = claims.flatMap((claim) => claim?.rows.map(({ seq }) => seq) ?? []);
    expect(new Set(seqs).size).toBe(seqs.length);
    expect(seqs.length).toBeGreaterThanOrEqual(160);
  });

  it('counts for the next due time when every due row is leased, and rows without a lease are due before it ends', async () => {
    const outbox = new Outbox(dataSource);
    const add = (availableAt?: Date): Promise<void> =>
      outbox.transaction((tx) => outbox.add(tx, RunDue, [{ runId: newId('run') }], { queue, availableAt }));
    expect(await msUntilNextDue(dataSource, all)).toBe(Infinity);
    await add();
    expect(await msUntilNextDue(dataSource, all)).toBeLessThanOrEqual(0);
    const claim = (await claimDue(dataSource, all, 60_000))!;
    expect(await msUntilNextDue(dataSource, all)).toBeGreaterThan(50_000);
    await add(new Date(Date.now() + 20_000));
    expect(await msUntilNextDue(dataSource, all)).toBeLessThan(20_001);
    await claim.release(claim.rows);
    expect(await msUntilNextDue(dataSource, all)).toBeLessThanOrEqual(0);
  });

  it('writes no index entries', async () => {
    const transport = inProcessTransport(['gateway', 'issuance', 'insights']);
    const consumer = await startConsumer(transport, database, { onVoided: recordEffects });
    const producer = await startProducer(transport, database);
    const codes = Array.from({ length: 300 }, (_, index) => `c${index}`);
    await publish(producer, ...codes);
    await eventually(async () => expect(await effects(dataSource)).toHaveLength(300));
    await eventually(async () => expect(await count(dataSource, 'outbox')).toBe(0));
    await Promise.all([consumer.stop(), producer.stop()]);
    await eventually(async () => {
      const [{ updated, hot }]: { updated: number; hot: number }[] = await dataSource.query(
        `select n_tup_upd::int as updated, n_tup_hot_upd::int as hot from pg_stat_user_tables where relname = 'outbox'`,
      );
      expect(updated).toBeGreaterThanOrEqual(300);
      expect(hot / updated).toBeGreaterThan(0.9);
    });
  });
});

import { newId } from '@tearoff/contracts';
import { messagingEntities, Outbox } from '@tearoff/messaging';
import { metrics, openDatabase } from '@tearoff/service-kit';
import { createTestDatabase, type TestDatabase } from '@tearoff/testing';
import type { DataSource } from 'typeorm';
import { entities } from '../src/entities';
import { migrations } from '../src/migrations/migrations';
import { claim, type ClaimedRow } from '../src/sending/claim';
import { Outcomes, type Outcome } from '../src/sending/outcomes';
import { Sweeper } from '../src/sending/sweeper';

const leaseMs = 60_000;
const lostMs = 600_000;
const hour = 3_600_000;
const ago = (ms: number): Date => new Date(Date.now() - ms);

let database: TestDatabase;
let dataSource: DataSource;
let outbox: Outbox;

beforeAll(async () => {
  database = await createTestDatabase();
  dataSource = await openDatabase({
    service: 'notification',
    url: database.url,
    entities: [...messagingEntities, ...entities],
    migrations,
    poolSize: 3,
  });
  outbox = new Outbox(dataSource);
});
afterAll(async () => {
  await dataSource?.destroy();
  await database?.drop();
});
beforeEach(() => dataSource.query('truncate delivery, message, outbox'));

const insertDelivery = async (columns: Record<string, unknown> = {}): Promise<string> => {
  const row: Record<string, unknown> = {
    id: newId('delivery'),
    account_id: 'acc_1',
    channel: 'sms',
    address: '+447400123456',
    status: 'queued',
    ...columns,
  };
  const names = Object.keys(row);
  await dataSource.query(
    `with written as (insert into message (delivery_id, text) values ($1, 'Hello'))
     insert into delivery (${names.join(', ')}) values (${names.map((_, index) => `$${index + 1}`).join(', ')})`,
    Object.values(row),
  );
  return row.id as string;
};
const rowOf = async (id: string): Promise<Record<string, unknown>> => {
  const [row] = await dataSource.query<Record<string, unknown>[]>('select * from delivery where id = $1', [
    id,
  ]);
  return row;
};
const messages = async (): Promise<string[]> => {
  const rows = await dataSource.query<{ id: string }[]>(
    'select delivery_id as id from message order by delivery_id',
  );
  return rows.map(({ id }) => id);
};
/** What was written for others: the news of deliveries, and items of the work queues. */
const outboxIds = async (): Promise<string[]> => {
  const rows = await dataSource.query<{ id: string }[]>(
    `select item ->> 'deliveryId' as id from outbox, json_array_elements(data -> 'items') as item order by id`,
  );
  return rows.map(({ id }) => id);
};

describe('the lease of a delivery', () => {
  const claimAll = (...ids: string[]): Promise<ClaimedRow[]> =>
    claim(dataSource, ids, { sms: 'one', email: 'one' }, leaseMs);
  const claimed = async (id: string): Promise<ClaimedRow> => {
    const [row] = await claimAll(id);
    return row;
  };
  const expireLease = (id: string): Promise<unknown> =>
    dataSource.query(
      `update delivery set sending_since = now() - ($2::int + 1000) * interval '1 millisecond' where id = $1`,
      [id, leaseMs],
    );
  const record = (
    { id, attempts }: ClaimedRow,
    status: Outcome['status'],
    rest: Partial<Outcome> = {},
  ): Promise<void> => {
    const nothing = { error: null, providerMessageId: null, dueAt: null, context: null };
    return new Outcomes(dataSource, outbox).record({ id, attempt: attempts, status, ...nothing, ...rest });
  };

  it('keeps other workers away until it runs out, and tells them when that is', async () => {
    const id = await insertDelivery();
    expect(await claimed(id)).toMatchObject({ id, attempts: 1, text: 'Hello', busyUntil: null });
    const { busyUntil } = await claimed(id);
    const since = (await rowOf(id)).sending_since as Date;
    expect(busyUntil!.getTime()).toBe(since.getTime() + leaseMs);
    expect(await rowOf(id)).toMatchObject({ attempts: 1 });
    await expireLease(id);
    // The provider of the attempt of which nobody knows how it ended.
    expect(await claimed(id)).toMatchObject({ id, attempts: 2, busyUntil: null, abandonedWith: 'one' });
    expect(await claimed(id)).toMatchObject({ busyUntil: expect.any(Date) });
  });

  it('is given for the deliveries asked for that are open', async () => {
    const id = await insertDelivery();
    const other = await insertDelivery();
    const settled: string[] = [];
    for (const status of ['sent', 'failed', 'suppressed', 'delivered'])
      settled.push(await insertDelivery({ status }));
    expect((await claimAll(id, ...settled)).map((row) => row.id)).toEqual([id]);
    expect(await rowOf(other)).toMatchObject({ status: 'queued', attempts: 0 });
  });

  const outcomes = ['sent', 'failed', 'queued', 'released'] as const;
  it.each(outcomes)('that was lost to another worker writes nothing: %s', async (status) => {
    const id = await insertDelivery();
    const late = await claimed(id);
    await expireLease(id);
    const holder = await claimed(id);
    const held = await rowOf(id);
    const rest = { error: 'late', dueAt: status === 'queued' ? ago(0) : null };
    await record(late, status, rest);
    expect(await rowOf(id)).toEqual(held);
    expect([await messages(), await outboxIds()]).toEqual([[id], []]);
    await record(holder, 'sent', { providerMessageId: 'm-1' });
    const sent = await rowOf(id);
    expect(sent).toMatchObject({ status: 'sent', sending_since: null, provider_message_id: 'm-1' });
    await record(late, status, rest);
    // Nor does its own worker change it, who says it once more.
    await record(holder, status, rest);
    expect(await rowOf(id)).toEqual(sent);
    expect([await messages(), await outboxIds()]).toEqual([[], [id]]);
  });

  it.each(outcomes)('ends with the outcome, which is of that delivery alone: %s', async (status) => {
    const [id, other] = [await insertDelivery(), await insertDelivery()];
    const [row] = (await claimAll(id, other)).filter((each) => each.id === id);
    const before = await rowOf(other);
    await record(row, status, { dueAt: status === 'queued' ? ago(-hour) : null });
    const open = status === 'queued' || status === 'released';
    expect(await rowOf(id)).toMatchObject({
      status: open ? 'queued' : status,
      sending_since: null,
      attempts: status === 'released' ? 0 : 1,
    });
    expect(await messages()).toEqual(open ? [id, other].sort() : [other]);
    expect(await outboxIds()).toEqual([id]);
    expect(await rowOf(other)).toEqual(before);
  });
});

describe('a sweep of deliveries', () => {
  const sweep = (): Promise<number> => {
    const env = { DELIVERY_SWEEP_MS: hour, DELIVERY_LOST_MS: lostMs, DELIVERY_LEASE_MS: leaseMs };
    return new Sweeper(outbox, env, { warn: () => undefined }).sweep();
  };
  const minute = 60_000;

  it('brings back those that are overdue and in no one’s hands, and no others', async () => {
    const overdue = { due_at: ago(lostMs + minute) };
    const held = (forMs: number): Record<string, unknown> => ({
      ...overdue,
      status: 'sending',
      sending_since: ago(forMs),
    });
    const lost = [
      await insertDelivery(overdue),
      await insertDelivery({ ...overdue, account_id: 'acc_2' }),
      await insertDelivery(held(leaseMs + lostMs + minute)),
      await insertDelivery({ bulk: true, due_at: ago(12 * lostMs + minute) }),
    ];
    const others = [
      await insertDelivery({ due_at: ago(lostMs - minute) }),
      await insertDelivery(held(leaseMs + lostMs - minute)),
      await insertDelivery({ bulk: true, due_at: ago(12 * lostMs - minute) }),
      await insertDelivery({ ...overdue, status: 'sent' }),
      await insertDelivery({ ...overdue, status: 'failed' }),
    ];
    const before = await Promise.all(others.map(rowOf));
    expect(await sweep()).toBe(lost.length);
    expect(await outboxIds()).toEqual(lost.sort());
    expect(await Promise.all(others.map(rowOf))).toEqual(before);
    expect(await sweep()).toBe(0);
  });

  it('looks again at what was still open at its last look, however old that is', async () => {
    const env = { DELIVERY_SWEEP_MS: hour, DELIVERY_LOST_MS: lostMs, DELIVERY_LEASE_MS: leaseMs };
    const sweeper = new Sweeper(outbox, env, { warn: () => undefined });
    const old = await insertDelivery({ id: newId('delivery', Date.now() - 24 * hour), due_at: ago(0) });
    await insertDelivery({ id: newId('delivery', Date.now() - 3 * hour), status: 'sent' });
    await insertDelivery();
    expect(await sweeper.sweep()).toBe(0);
    await dataSource.query(`update delivery set due_at = $2 where id = $1`, [old, ago(lostMs + minute)]);
    expect(await sweeper.sweep()).toBe(1);
    expect(await outboxIds()).toEqual([old]);
  });

  it('counts those that are open, by channel and lane', async () => {
    for (const status of ['queued', 'sending', 'sent', 'failed']) await insertDelivery({ status });
    for (const status of ['queued', 'sent']) await insertDelivery({ status, channel: 'email', bulk: true });
    await sweep();
    const { values } = await metrics.getSingleMetric('tearoff_deliveries_open')!.get();
    expect(values.map(({ value, labels }) => ({ ...labels, value }))).toEqual(
      expect.arrayContaining([
        { channel: 'sms', lane: 'single', value: 2 },
        { channel: 'email', lane: 'list', value: 1 },
      ]),
    );
    expect(values).toHaveLength(2);
  });
});

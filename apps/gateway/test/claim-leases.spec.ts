import { newId } from '@tearoff/contracts';
import { Outbox } from '@tearoff/messaging';
import { openDatabase } from '@tearoff/service-kit';
import { createTestDatabase, type TestDatabase } from '@tearoff/testing';
import type { DataSource } from 'typeorm';
import { ClaimQueue, type ClaimResult, type TakenClaim } from '../src/pages/claims/claim-queue';
import { ClaimsSweeper } from '../src/pages/claims/claims.sweeper';
import { entities, migrations } from '../src/database';

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;
const ago = (ms: number): Date => new Date(Date.now() - ms);

let database: TestDatabase;
let dataSource: DataSource;

beforeAll(async () => {
  database = await createTestDatabase();
  dataSource = await openDatabase({
    service: 'gateway',
    url: database.url,
    entities,
    migrations,
    poolSize: 2,
  });
});
afterAll(async () => {
  await dataSource?.destroy();
  await database?.drop();
});
beforeEach(() =>
  dataSource.query('truncate claim, claim_message, claim_counter, claim_passcode, spent_proof'),
);

const insert = async (table: string, row: Record<string, unknown>): Promise<void> => {
  const names = Object.keys(row);
  await dataSource.query(
    `insert into ${table} (${names.join(', ')}) values (${names.map((_, index) => `$${index + 1}`).join(', ')})`,
    Object.values(row),
  );
};
const insertClaim = async (columns: Record<string, unknown> = {}): Promise<string> => {
  const row = {
    id: newId('claim'),
    account_id: newId('account'),
    campaign_id: 'cam_1',
    kind: 'coupon',
    channel: 'sms',
    address: '+447400123456',
    recipient: '{}',
    ...columns,
  };
  await insert('claim', row);
  return row.id;
};

describe('the lease of a claim', () => {
  let queue: ClaimQueue;

  beforeAll(() => {
    queue = new ClaimQueue(dataSource, new Outbox(dataSource));
  });

  const rowOf = async (id: string): Promise<Record<string, unknown>> => {
    const [row] = await dataSource.query<Record<string, unknown>[]>('select * from claim where id = $1', [
      id,
    ]);
    return row;
  };
  const messages = (): Promise<unknown> => dataSource.query('select id, campaign_id from claim_message');
  const expireLease = (id: string): Promise<unknown> =>
    dataSource.query(`update claim set available_at = now() - interval '1 second' where id = $1`, [id]);
  const lostClaim = async (): Promise<{ late: TakenClaim; holder: TakenClaim }> => {
    const id = await insertClaim();
    const [late] = await queue.take();
    await expireLease(id);
    const [holder] = await queue.take();
    return { late, holder };
  };

  it('keeps other gateways away until it runs out', async () => {
    const id = await insertClaim();
    expect(await queue.take()).toMatchObject([{ id, attempts: 1 }]);
    const { available_at: until } = await rowOf(id);
    expect((until as Date).getTime()).toBeGreaterThan(Date.now() + 30_000);
    expect(await queue.take()).toEqual([]);
    await expireLease(id);
    expect(await queue.take()).toMatchObject([{ id, attempts: 2 }]);
    expect(await queue.take()).toEqual([]);
  });

  it('is given for what waits, the oldest first, and not for what is put off or over', async () => {
    const waiting = await insertClaim({ available_at: ago(minute) });
    await insertClaim({ available_at: ago(-minute) });
    for (const status of ['served', 'refused']) await insertClaim({ status, available_at: ago(minute) });
    expect((await queue.take()).map(({ id }) => id)).toEqual([waiting]);
    const young = await insertClaim({ available_at: ago(1_000) });
    await dataSource.query(
      `insert into claim (id, account_id, campaign_id, kind, channel, address, recipient, available_at)
       select id || n, account_id, campaign_id, kind, channel, address, recipient, now() - interval '1 minute'
       from claim cross join generate_series(1, 100) as n where id = $1`,
      [young],
    );
    const first = await queue.take();
    expect(first).toHaveLength(100);
    expect(first.map(({ id }) => id)).not.toContain(young);
    expect((await queue.take()).map(({ id }) => id)).toEqual([young]);
  });

  it.each<ClaimResult>([
    { status: 'served', couponId: 'cpn_late', sent: true, message: 'cpn_late' },
    { status: 'refused', reason: 'claim.abandoned' },
  ])('that was lost to another gateway settles nothing: $status', async (settlement) => {
    const { late, holder } = await lostClaim();
    const held = await rowOf(holder.id);
    await queue.settle(late, settlement);
    expect(await rowOf(holder.id)).toEqual(held);
    expect(await messages()).toEqual([]);
    await queue.settle(holder, { status: 'served', couponId: 'cpn_1', sent: true, message: 'cpn_1' });
    const served = await rowOf(holder.id);
    expect(served).toMatchObject({ status: 'served', coupon_id: 'cpn_1', reason: null });
    await queue.settle(late, settlement);
    // Nor does its own gateway change it, which says it once more.
    await queue.settle(holder, settlement);
    expect(await rowOf(holder.id)).toEqual(served);
    expect(await messages()).toEqual([{ id: 'cpn_1', campaign_id: 'cam_1' }]);
  });

  it('that was lost to another gateway postpones nothing', async () => {
    const { late, holder } = await lostClaim();
    const held = await rowOf(holder.id);
    await queue.postpone(late, 0);
    expect(await rowOf(holder.id)).toEqual(held);
    await queue.postpone(holder, 0);
    const [again] = await queue.take();
    expect(again).toMatchObject({ id: holder.id, attempts: 3 });
    await queue.settle(again, { status: 'refused', reason: 'campaign.ended' });
    const refused = await rowOf(again.id);
    await queue.postpone(again, 60);
    expect(await rowOf(again.id)).toEqual(refused);
  });

  it('ends with the settlement of that claim alone', async () => {
    await insertClaim();
    const other = await insertClaim();
    const taken = await queue.take();
    const before = await rowOf(other);
    const one = taken.find(({ id }) => id !== other)!;
    await queue.postpone(one, 0);
    await queue.settle(one, { status: 'served', couponId: 'cpn_1', sent: false, message: null });
    expect(await rowOf(one.id)).toMatchObject({ status: 'served', sent_at: null });
    expect(await rowOf(other)).toEqual(before);
    expect(await messages()).toEqual([]);
  });
});

describe('a sweep of claims', () => {
  const sweep = (): Promise<void> => new ClaimsSweeper(dataSource).sweep();
  const idsIn = async (table: string, id = 'id'): Promise<string[]> => {
    const rows = await dataSource.query<{ id: string }[]>(`select ${id} as id from ${table}`);
    return rows.map((row) => row.id).sort();
  };

  it('deletes those served or refused after two days, and none that waits, in every account', async () => {
    const aged = (ageMs: number, columns: Record<string, unknown>): Promise<string> =>
      insertClaim({ id: newId('claim', Date.now() - ageMs), ...columns });
    const kept: string[] = [];
    for (const account_id of [newId('account'), newId('account')]) {
      for (const status of ['served', 'refused']) {
        await aged(2 * day + minute, { account_id, status });
        kept.push(await aged(2 * day - minute, { account_id, status }));
      }
      kept.push(await aged(30 * day, { account_id, status: 'waiting' }));
    }
    await sweep();
    expect(await idsIn('claim')).toEqual(kept.sort());
  });

  it('deletes messages after thirty days, whether or not they were followed', async () => {
    for (const opened_at of [null, ago(minute)])
      for (const [name, age] of [
        ['old', 30 * day + minute],
        ['young', 30 * day - minute],
      ] as const)
        await insert('claim_message', {
          id: `${name} ${opened_at ? 'opened' : 'unopened'}`,
          campaign_id: 'cam_1',
          served_at: ago(age),
          opened_at,
        });
    await sweep();
    expect(await idsIn('claim_message')).toEqual(['young opened', 'young unopened']);
  });

  it('deletes counters of hours that are over, and keeps those that still count', async () => {
    for (const [name, age] of [
      ['old', 2 * hour + minute],
      ['last', hour],
      ['this', 0],
    ] as const)
      await insert('claim_counter', { name, hour: ago(age), count: 1 });
    await sweep();
    expect(await idsIn('claim_counter', 'name')).toEqual(['last', 'this']);
  });

  it('deletes passcodes and proofs of work when they have expired, and not before', async () => {
    for (const [name, age] of [
      ['expired', 1_000],
      ['good', -minute],
    ] as const) {
      const expires_at = ago(age);
      await insert('claim_passcode', { campaign_id: name, address: '+447400123456', id: name, expires_at });
      await insert('spent_proof', { nonce: name, expires_at });
    }
    await sweep();
    expect(await idsIn('claim_passcode')).toEqual(['good']);
    expect(await idsIn('spent_proof', 'nonce')).toEqual(['good']);
  });
});

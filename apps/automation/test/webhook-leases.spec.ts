import { newId } from '@tearoff/contracts';
import { createTestDatabase, type TestDatabase } from '@tearoff/testing';
import type { DataSource } from 'typeorm';
import { openAutomationDatabase } from '../src/database';
import { claim, type ClaimedAttempt } from '../src/webhooks/attempt-claim';
import { failWaiting, record, type Outcome } from '../src/webhooks/attempt-outcome';
import type { WebhookLanes } from '../src/webhooks/webhook-lanes';
import { WebhookSweeper } from '../src/webhooks/webhook.sweeper';

const leaseMs = 60_000;
const day = 86_400_000;
const tried = { at: '2031-01-01T12:00:00.000Z', status: 200, error: null, ms: 5 };
const ago = (ms: number): Date => new Date(Date.now() - ms);

let database: TestDatabase;
let dataSource: DataSource;
let accountId: string;
let webhookId: string;

beforeAll(async () => {
  database = await createTestDatabase();
  dataSource = await openAutomationDatabase(database.url, 2);
});
afterAll(async () => {
  await dataSource?.destroy();
  await database?.drop();
});
beforeEach(async () => {
  await dataSource.query('truncate webhook, webhook_attempt');
  accountId = newId('account');
  webhookId = await insertWebhook();
});

const insert = async (table: string, row: Record<string, unknown>): Promise<string> => {
  const names = Object.keys(row);
  await dataSource.query(
    `insert into ${table} (${names.join(', ')}) values (${names.map((_, index) => `$${index + 1}`).join(', ')})`,
    Object.values(row),
  );
  return row.id as string;
};
const insertWebhook = (columns: Record<string, unknown> = {}): Promise<string> =>
  insert('webhook', {
    id: newId('webhook'),
    account_id: accountId,
    url: 'https://shop.example/hook',
    events: '["*"]',
    secret: 'whsec_x',
    ...columns,
  });
const insertAttempt = (columns: Record<string, unknown> = {}): Promise<string> =>
  insert('webhook_attempt', {
    id: newId('webhookAttempt'),
    account_id: accountId,
    webhook_id: webhookId,
    event: 'order',
    body: '{}',
    due_at: ago(1_000),
    ...columns,
  });
const rowOf = async (id: string): Promise<Record<string, unknown>> => {
  const [row] = await dataSource.query<Record<string, unknown>[]>(
    'select * from webhook_attempt where id = $1',
    [id],
  );
  return row;
};
const claimed = async (): Promise<ClaimedAttempt | undefined> =>
  (await claim(dataSource, webhookId, 1, leaseMs))[0];
const claimedIds = async (): Promise<string[]> =>
  (await claim(dataSource, webhookId, 10, leaseMs)).map(({ id }) => id).sort();
const expireLease = (id: string): Promise<unknown> =>
  dataSource.query(`update webhook_attempt set lease_until = now() - interval '1 second' where id = $1`, [
    id,
  ]);
const write = (attempt: ClaimedAttempt, outcome: Outcome): Promise<boolean> =>
  dataSource.transaction((tx) => record(tx, attempt, outcome));

describe('the lease of a message to a webhook', () => {
  it('keeps other workers away until it runs out', async () => {
    const id = await insertAttempt();
    expect(await claimed()).toMatchObject({ id, tries: 1 });
    const { lease_until: until } = await rowOf(id);
    expect((until as Date).getTime()).toBeGreaterThan(Date.now() + leaseMs / 2);
    expect(await claimed()).toBeUndefined();
    await expireLease(id);
    expect(await claimed()).toMatchObject({ id, tries: 2 });
    expect(await claimed()).toBeUndefined();
  });

  it('is given for what is pending and due at that webhook, as long as the webhook is active', async () => {
    const due = [await insertAttempt(), await insertAttempt()];
    await insertAttempt({ due_at: ago(-leaseMs) });
    await insertAttempt({ webhook_id: await insertWebhook() });
    for (const status of ['delivered', 'failed']) await insertAttempt({ status });
    const setStatus = (status: string): Promise<unknown> =>
      dataSource.query('update webhook set status = $1', [status]);
    await setStatus('paused');
    expect(await claimedIds()).toEqual([]);
    await setStatus('active');
    expect(await claimedIds()).toEqual(due.sort());
  });

  it.each<Outcome>([
    { kind: 'delivered', tried },
    { kind: 'failed', tried },
    { kind: 'retry', tried, dueAt: ago(-day) },
    { kind: 'released' },
  ])('that was lost to another worker writes nothing: $kind', async (outcome) => {
    const id = await insertAttempt();
    const late = (await claimed())!;
    await expireLease(id);
    const holder = (await claimed())!;
    const held = await rowOf(id);
    expect(await write(late, outcome)).toBe(false);
    expect(await rowOf(id)).toEqual(held);
    expect(await write(holder, { kind: 'delivered', tried })).toBe(true);
    expect(await rowOf(id)).toMatchObject({ status: 'delivered', history: [tried], lease_until: null });
    const delivered = await rowOf(id);
    expect(await write(late, outcome)).toBe(false);
    expect(await rowOf(id)).toEqual(delivered);
  });

  it('ends with the outcome, which is of that message alone', async () => {
    const [one, other] = [await insertAttempt(), await insertAttempt()];
    const attempts = await claim(dataSource, webhookId, 2, leaseMs);
    const attempt = attempts.find(({ id }) => id === one)!;
    const before = await rowOf(other);
    await write(attempt, { kind: 'released' });
    // As if it had not been tried, and to be had at once.
    expect(await rowOf(one)).toMatchObject({ tries: 0, lease_until: null, status: 'pending', history: [] });
    const again = (await claimed())!;
    expect(again).toMatchObject({ id: one, tries: 1 });
    const dueAt = ago(-day);
    await write(again, { kind: 'retry', tried, dueAt });
    expect(await rowOf(one)).toMatchObject({
      status: 'pending',
      lease_until: null,
      due_at: dueAt,
      settled_at: null,
    });
    expect(await rowOf(other)).toEqual(before);
  });

  it('of a webhook that was paused meanwhile does not bring the message back', async () => {
    const waiting = await insertAttempt();
    const attempt = (await claimed())!;
    const delivered = await insertAttempt({ status: 'delivered' });
    const elsewhere = await insertAttempt({ webhook_id: await insertWebhook() });
    await dataSource.transaction((tx) => failWaiting(tx, webhookId));
    await write(attempt, { kind: 'retry', tried, dueAt: ago(0) });
    const statuses = await Promise.all([waiting, delivered, elsewhere].map(rowOf));
    expect(statuses.map(({ status }) => status)).toEqual(['failed', 'delivered', 'pending']);
  });
});

describe('a sweep of webhooks', () => {
  /** One look, to its end; the webhooks that it woke. */
  const sweep = async (): Promise<string[]> => {
    const woken: string[] = [];
    const lanes = { wake: (id: string) => woken.push(id) } as unknown as WebhookLanes;
    const settings = { schedule: [], leaseMs, sweepMs: 3_600_000 } as never;
    const sweeper = new WebhookSweeper(dataSource, lanes, settings);
    sweeper.onApplicationBootstrap();
    await sweeper.onModuleDestroy();
    return woken.sort();
  };

  it('wakes those at which something is due that no worker holds', async () => {
    const withAttempt = async (columns: Record<string, unknown>, webhook = {}): Promise<string> => {
      const id = await insertWebhook(webhook);
      await insertAttempt({ webhook_id: id, ...columns });
      return id;
    };
    const found = [await withAttempt({}), await withAttempt({ lease_until: ago(1_000) })];
    await withAttempt({ lease_until: ago(-leaseMs) });
    await withAttempt({ due_at: ago(-leaseMs) });
    await withAttempt({ status: 'delivered' });
    await withAttempt({}, { status: 'paused' });
    expect(await sweep()).toEqual(found.sort());
  });

  it('deletes messages after thirty days, except those still to be sent, in every account', async () => {
    const minute = 60_000;
    const aged = (ageMs: number, columns: Record<string, unknown>): Promise<string> =>
      insertAttempt({ id: newId('webhookAttempt', Date.now() - ageMs), ...columns });
    const kept: string[] = [];
    for (const account_id of [accountId, newId('account')]) {
      for (const status of ['delivered', 'failed']) {
        await aged(30 * day + minute, { account_id, status });
        kept.push(await aged(30 * day - minute, { account_id, status }));
      }
      // As one that was replayed in its last hour.
      kept.push(await aged(30 * day + minute, { account_id, status: 'pending', due_at: ago(-day) }));
    }
    await sweep();
    const left = await dataSource.query<{ id: string }[]>('select id from webhook_attempt');
    expect(left.map(({ id }) => id).sort()).toEqual(kept.sort());
  });
});

import { DataSource } from 'typeorm';
import { IdempotencyStore, type Lease } from '../src/access/idempotency/idempotency.store';
import { startHarness, type Harness } from './harness';

let harness: Harness;
let dataSource: DataSource;
let store: IdempotencyStore;

beforeAll(async () => {
  harness = await startHarness();
  dataSource = harness.gateway.app.get(DataSource);
  store = new IdempotencyStore(dataSource);
});
afterAll(() => harness?.stop());

const dayMs = 24 * 3_600_000;
const fingerprint = Buffer.from('a payload');
const otherPayload = Buffer.from('another payload');
const answer = { status: 201, headers: {}, body: '{"id":"first"}' };

async function take(apiKeyId: string, key: string): Promise<Lease> {
  const taken = await store.take(apiKeyId, key, fingerprint, 60);
  if (taken.outcome !== 'taken') throw new Error(`It was not taken: ${taken.outcome}`);
  return taken.lease;
}

const expireLease = (key: string) =>
  dataSource.query(`update idempotency_key set leased_until = now() where key = $1`, [key]);

const rowsOf = (key: string): Promise<Record<string, unknown>[]> =>
  dataSource.query('select * from idempotency_key where key = $1 order by api_key_id', [key]);

describe('a request that lost its idempotency key to a later one', () => {
  it('neither answers for it, gives it up nor releases it', async () => {
    const late = await take('key_1', 'lost');
    await expireLease('lost');
    const holder = await take('key_1', 'lost');
    const held = await rowsOf('lost');
    await store.store(late, answer, null);
    await store.giveUp(late);
    await store.release(late);
    expect(await rowsOf('lost')).toEqual(held);
    const second = { ...answer, body: '{"id":"second"}' };
    await store.store(holder, second, null);
    expect(await store.take('key_1', 'lost', fingerprint, 60)).toMatchObject({ answer: second });
  });

  it('does not undo the answer that is stored', async () => {
    const holder = await take('key_1', 'answered');
    await store.store(holder, answer, null);
    const answered = await rowsOf('answered');
    await store.giveUp(holder);
    await store.release(holder);
    expect(await rowsOf('answered')).toEqual(answered);
    expect(await store.take('key_1', 'answered', fingerprint, 60)).toMatchObject({
      outcome: 'answered',
      answer,
    });
  });
});

describe('an idempotency key', () => {
  it('of one api key is touched by nothing that another api key, or another key of its own, does', async () => {
    await take('key_1', 'shared');
    await take('key_3', 'shared, other');
    const sharing = async (): Promise<Lease> => {
      const lease = await take('key_3', 'shared');
      // With one holder for all, only the api key and the key itself tell them apart.
      await dataSource.query('update idempotency_key set holder = $1', [lease.holder]);
      return lease;
    };
    const others = async () => [
      (await rowsOf('shared')).filter(({ api_key_id }) => api_key_id !== 'key_3'),
      await rowsOf('shared, other'),
    ];
    const held = await sharing();
    const before = await others();
    await store.giveUp(held);
    expect(await others()).toEqual(before);
    await store.release(held);
    expect(await others()).toEqual(before);
    expect(await rowsOf('shared')).toHaveLength(1);
    const taken = await sharing();
    const again = await others();
    await store.store(taken, answer, null);
    expect(await others()).toEqual(again);
  });

  it('that is answered stays answered when the lease of its request has run out', async () => {
    const holder = await take('key_1', 'answered, lease over');
    await store.store(holder, answer, null);
    await expireLease('answered, lease over');
    for (const [payload, outcome] of [
      [fingerprint, 'answered'],
      [otherPayload, 'other_payload'],
    ] as const)
      expect(await store.take('key_1', 'answered, lease over', payload, 60)).toMatchObject({ outcome });
  });

  it('is taken over by the same payload alone, unless its request has given it up', async () => {
    const lost = await take('key_1', 'taken over');
    expect(await store.take('key_1', 'taken over', fingerprint, 60)).toMatchObject({
      outcome: 'in_progress',
    });
    await expireLease('taken over');
    const foreign = () => store.take('key_1', 'taken over', otherPayload, 60);
    expect(await foreign()).toMatchObject({ outcome: 'other_payload' });
    const again = await take('key_1', 'taken over');
    expect(again.firstAt).toBe(lost.firstAt);
    await store.giveUp(again);
    expect(await foreign()).toMatchObject({ outcome: 'taken' });
  });

  it('is good for a day from when it was first taken, and then for another', async () => {
    const leftMs = async (): Promise<number> => {
      const [{ expires_at }] = await rowsOf('a day');
      return (expires_at as Date).getTime() - Date.now();
    };
    const expectDay = async (): Promise<void> => {
      expect(await leftMs()).toBeGreaterThan(dayMs - 60_000);
      expect(await leftMs()).toBeLessThanOrEqual(dayMs);
    };
    const moveExpiry = (interval: string) =>
      dataSource.query(
        `update idempotency_key set expires_at = now() + $1::interval, leased_until = now() where key = 'a day'`,
        [interval],
      );
    await take('key_1', 'a day');
    await expectDay();
    await moveExpiry('1 hour');
    await take('key_1', 'a day');
    expect(await leftMs()).toBeLessThanOrEqual(3_600_000);
    await moveExpiry('-1 second');
    await take('key_1', 'a day');
    await expectDay();
    // Given up and taken by another payload, it is another request's.
    await moveExpiry('1 hour');
    await dataSource.query(`update idempotency_key set leased_until = '-infinity' where key = 'a day'`);
    expect(await store.take('key_1', 'a day', otherPayload, 60)).toMatchObject({ outcome: 'taken' });
    await expectDay();
  });

  it('is deleted by the sweep once it has expired, answered or not, and not before', async () => {
    await dataSource.query('delete from idempotency_key');
    for (const key of ['kept', 'kept, answered', 'expired', 'expired, answered']) {
      const lease = await take('key_1', key);
      if (key.endsWith('answered')) await store.store(lease, answer, null);
    }
    await dataSource.query(
      `update idempotency_key set expires_at = now() - interval '1 second' where starts_with(key, 'expired')`,
    );
    await dataSource.query(`update idempotency_key set leased_until = now() - interval '1 hour'`);
    expect(await store.sweep()).toBe(2);
    const left = await dataSource.query<{ key: string }[]>('select key from idempotency_key order by key');
    expect(left.map(({ key }) => key)).toEqual(['kept', 'kept, answered']);
  });
});

import {
  AppendCodes,
  BeginCodeImport,
  CreateStore,
  FinishCodeImport,
  unavailable,
  type Job,
  type Store,
} from '@tearoff/contracts';
import { eventually } from '@tearoff/testing';
import { DataSource } from 'typeorm';
import { startHarness, type Harness } from './harness';
import { ids } from './samples';

let harness: Harness;
let made: number;

const store = (name: string): Store => ({
  id: `store-${++made}`,
  accountId: ids.account,
  name,
  address: null,
  timezone: null,
  createdAt: '2027-01-01T00:00:00.000Z',
});

beforeAll(async () => {
  harness = await startHarness();
});
afterAll(() => harness.stop());
beforeEach(() => {
  made = 0;
  harness.others.reset();
  harness.others.on(CreateStore, ({ store: { name } }) => store(name));
});

const post = (key: string, body: object, headers: Record<string, string> = {}) =>
  harness.call('POST', '/v1/stores', { body, headers: { 'idempotency-key': key, ...headers } });

describe('an Idempotency-Key', () => {
  it('with the same payload is given the same answer, and nothing happens twice', async () => {
    const first = await post('same', { name: 'A', address: 'x' });
    const second = await post('same', { address: 'x', name: 'A' });
    expect(first).toMatchObject({ status: 201, body: { id: 'store-1' } });
    expect(first.headers.get('idempotency-replayed')).toBeNull();
    expect(second).toMatchObject({ status: 201, body: first.body });
    expect(second.headers.get('idempotency-replayed')).toBe('true');
    expect(second.headers.get('content-type')).toBe(first.headers.get('content-type'));
    expect(made).toBe(1);
  });

  it('with another payload is 422', async () => {
    await post('other', { name: 'A' });
    expect(await post('other', { name: 'B' })).toMatchObject({
      status: 422,
      body: { code: 'idempotency.key_reused' },
    });
    expect(made).toBe(1);
  });

  it('on another address is 422', async () => {
    await post('address', { name: 'A' });
    const answer = await harness.call('POST', '/v1/accounts', {
      body: { name: 'A' },
      headers: { 'idempotency-key': 'address' },
    });
    expect(answer).toMatchObject({ status: 422, body: { code: 'idempotency.key_reused' } });
  });

  it('belongs to its api key', async () => {
    const as = await harness.keyFor('pos');
    await post('mine', { name: 'A' });
    const theirs = await harness.call('POST', '/v1/stores', {
      as,
      body: { name: 'B' },
      headers: { 'idempotency-key': 'mine' },
    });
    expect(theirs).toMatchObject({ status: 201, body: { name: 'B' } });
  });

  it('while the first is under way is 409, and of thirty at once one is carried out', async () => {
    let release: () => void = () => undefined;
    const held = new Promise<void>((resolve) => (release = resolve));
    harness.others.on(CreateStore, async ({ store: { name } }) => {
      await held;
      return store(name);
    });
    const racing = Array.from({ length: 30 }, () => post('race', { name: 'A' }));
    const early = await Promise.all(
      racing.map((each) =>
        Promise.race([each, eventually(() => harness.others.asked.length > 0).then(() => null)]),
      ),
    );
    expect(early.filter((answer) => answer?.status === 201)).toEqual([]);
    await eventually(async () => {
      const settled = await Promise.all(racing.map((each) => Promise.race([each, Promise.resolve(null)])));
      expect(settled.filter((answer) => answer?.body.code === 'idempotency.in_progress')).toHaveLength(29);
    });
    release();
    const answers = await Promise.all(racing);
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(1);
    expect(harness.others.askedFor(CreateStore)).toHaveLength(1);
  });

  it('keeps a refusal, but nothing that failed on our side', async () => {
    harness.others.on(CreateStore, () => unavailable('service.unavailable', 'Away.'));
    expect((await post('failed', { name: 'A' })).status).toBe(503);
    harness.others.on(CreateStore, ({ store: { name } }) => store(name));
    expect((await post('failed', { name: 'A' })).status).toBe(201);
    expect((await post('bad', { nome: 'A' })).status).toBe(400);
    expect((await post('bad', { nome: 'A' })).status).toBe(400);
  });

  it('is free again when anyone who held it has died, and expires after a day', async () => {
    await post('crashed', { name: 'A' });
    const dataSource = harness.gateway.app.get(DataSource);
    await dataSource.query(
      `update idempotency_key set status = null, leased_until = now() + interval '1 minute' where key = 'crashed'`,
    );
    expect((await post('crashed', { name: 'A' })).body.code).toBe('idempotency.in_progress');
    await dataSource.query(
      `update idempotency_key set leased_until = now() - interval '1 second' where key = 'crashed'`,
    );
    expect((await post('crashed', { name: 'A' })).body.id).toBe('store-2');
    await dataSource.query(`update idempotency_key set expires_at = now() where key = 'crashed'`);
    expect((await post('crashed', { name: 'Something else' })).body.id).toBe('store-3');
  });

  it('keeps no secret: a repeated answer is without it', async () => {
    const create = () =>
      harness.call('POST', '/v1/api-keys', {
        body: { name: 'x', scopes: ['pos'] },
        headers: { 'idempotency-key': 'secret' },
      });
    const [first, second] = [await create(), await create()];
    expect(first.body.clientSecret).toEqual(expect.any(String));
    expect(second.body).toEqual({ ...first.body, clientSecret: undefined });
    const rows = await harness.gateway.app.get(DataSource).query('select body from idempotency_key');
    expect(JSON.stringify(rows)).not.toContain(first.body.clientSecret);
  });

  it('covers an upload by what was in it', async () => {
    const job: Job = {
      id: 'job_00000000000000',
      accountId: ids.account,
      kind: 'codes.import',
      campaignId: ids.campaign,
      status: 'done',
      done: 1,
      total: 1,
      failed: 0,
      errors: [],
      createdAt: '2027-01-01T00:00:00.000Z',
      finishedAt: null,
    };
    harness.others.on(BeginCodeImport, () => job);
    harness.others.on(AppendCodes, () => ({}));
    harness.others.on(FinishCodeImport, () => job);
    const upload = (raw: string) =>
      harness.call('POST', `/v1/campaigns/${ids.campaign}/codes`, {
        raw,
        headers: { 'content-type': 'text/csv', 'idempotency-key': 'upload' },
      });
    const [first, second, other] = [
      await upload('code\nA1\n'),
      await upload('code\nA1\n'),
      await upload('code\nA2\n'),
    ];
    expect(first).toMatchObject({ status: 202, body: { jobId: job.id } });
    expect(second).toMatchObject({ status: 202, body: first.body });
    expect(second.headers.get('idempotency-replayed')).toBe('true');
    expect(other).toMatchObject({ status: 422, body: { code: 'idempotency.key_reused' } });
    expect(harness.others.askedFor(BeginCodeImport)).toHaveLength(1);
  });
});

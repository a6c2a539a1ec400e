import { ListCampaigns, ValidateCode } from '@tearoff/contracts';
import { createTestDatabase, eventually, freePort, type TestDatabase } from '@tearoff/testing';
import { start } from '../src/start';
import { admin, caller, startHarness, type Harness } from './harness';
import { StandIns } from './stand-ins';

let harness: Harness;
const noCampaigns = () => ({ data: [], nextCursor: null });

beforeAll(async () => {
  harness = await startHarness();
});
afterAll(() => harness.stop());
beforeEach(() => {
  harness.others.reset();
  harness.others.on(ListCampaigns, noCampaigns);
});

const basic = (id: string, secret: string) => ({
  authorization: `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}`,
});

const otherEnd = (text: string) => text.slice(0, -1) + (text.endsWith('x') ? 'y' : 'x');

describe('credentials', () => {
  it('are taken as two headers, as HTTP Basic and as a Bearer token', async () => {
    const [id, secret] = [admin['x-client-id'], admin['x-client-secret']];
    for (const as of [admin, basic(id, secret), { authorization: `Bearer ${id}.${secret}` }]) {
      expect((await harness.call('GET', '/v1/campaigns', { as })).status).toBe(200);
    }
  });

  it.each([
    ['none', null, 'auth.missing'],
    ['a wrong secret', { ...admin, 'x-client-secret': 'wrong' }, 'auth.invalid'],
    [
      'a secret that ends otherwise',
      { ...admin, 'x-client-secret': otherEnd(admin['x-client-secret']) },
      'auth.invalid',
    ],
    ['an unknown id', { ...admin, 'x-client-id': 'nobody' }, 'auth.invalid'],
    ['half a pair', { 'x-client-id': 'test-admin' }, 'auth.invalid'],
    ['broken Basic', { authorization: 'Basic !!!' }, 'auth.invalid'],
    ['a scheme no one knows', { authorization: 'Digest abc' }, 'auth.invalid'],
  ])('%s: 401 with a challenge', async (_, as, code) => {
    const answer = await harness.call('GET', '/v1/campaigns', { as: as as Record<string, string> | null });
    expect(answer).toMatchObject({
      status: 401,
      body: { code, status: 401, type: `urn:tearoff:problem:${code}` },
    });
    expect(answer.headers.get('www-authenticate')).toMatch(/Basic/);
    expect(harness.others.asked).toEqual([]);
  });

  it('with too little scope are 403, and admin may do everything', async () => {
    harness.others.on(ValidateCode, ({ code }) => ({
      valid: false,
      reason: 'not_found' as const,
      code,
      couponId: null,
      campaignId: null,
      content: null,
      discount: null,
      validTo: null,
      redeemedAt: null,
      storeId: null,
    }));
    const pos = await harness.keyFor('pos');
    const marketing = await harness.keyFor('marketing');
    const browser = await harness.keyFor('public');
    const validate = (as: Record<string, string>) =>
      harness.call('POST', '/v1/validations', { body: { code: 'X' }, as });
    const list = (as: Record<string, string>) => harness.call('GET', '/v1/campaigns', { as });
    expect(
      [await validate(pos), await list(marketing), await validate(admin)].map(({ status }) => status),
    ).toEqual([200, 200, 200]);
    for (const answer of [
      await validate(marketing),
      await list(pos),
      await list(browser),
      await validate(browser),
    ]) {
      expect(answer).toMatchObject({ status: 403, body: { code: 'auth.scope' } });
    }
  });
});

describe('api keys', () => {
  it('are listed without their secrets, and a revoked one fails at once', async () => {
    const key = await harness.keyFor('marketing');
    expect((await harness.call('GET', '/v1/campaigns', { as: key })).status).toBe(200);
    const list = await harness.call('GET', '/v1/api-keys');
    expect(list.body.data.map(({ id }: { id: string }) => id)).toContain(key.id);
    expect(JSON.stringify(list.body)).not.toMatch(/secret/i);
    expect((await harness.call('DELETE', `/v1/api-keys/${key.id}`)).status).toBe(204);
    expect((await harness.call('GET', '/v1/campaigns', { as: key })).status).toBe(401);
    expect((await harness.call('DELETE', `/v1/api-keys/${key.id}`)).body.code).toBe('api_key.not_found');
  });

  it('are paged', async () => {
    for (let i = 0; i < 3; i++) await harness.keyFor('pos');
    const seen: string[] = [];
    let cursor: string | null = '';
    while (cursor !== null) {
      const { body } = await harness.call('GET', `/v1/api-keys?limit=2${cursor && `&cursor=${cursor}`}`);
      seen.push(...body.data.map(({ id }: { id: string }) => id));
      cursor = body.nextCursor;
    }
    const all = await harness.call('GET', '/v1/api-keys');
    expect(seen).toEqual(all.body.data.map(({ id }: { id: string }) => id));
  });

  it('cannot lock an account out: the last admin key stays', async () => {
    const { body: account } = await harness.call('POST', '/v1/accounts', { body: { name: 'Lonely' } });
    const as = { 'x-client-id': account.apiKey.clientId, 'x-client-secret': account.apiKey.clientSecret };
    const path = `/v1/api-keys/${account.apiKey.id}`;
    expect(await harness.call('DELETE', path, { as })).toMatchObject({
      status: 409,
      body: { code: 'api_key.last_admin' },
    });
    await harness.call('POST', '/v1/api-keys', { as, body: { name: 'Second', scopes: ['admin'] } });
    expect((await harness.call('DELETE', path, { as })).status).toBe(204);
  });

  it('of another account are not found', async () => {
    const { body: account } = await harness.call('POST', '/v1/accounts', { body: { name: 'Other' } });
    expect((await harness.call('DELETE', `/v1/api-keys/${account.apiKey.id}`)).status).toBe(404);
    const as = { 'x-client-id': account.apiKey.clientId, 'x-client-secret': account.apiKey.clientSecret };
    const mine = await harness.call('GET', '/v1/api-keys', { as });
    expect(mine.body.data).toHaveLength(1);
  });
});

describe('accounts', () => {
  it("are made by the operator's admins alone", async () => {
    const { status, body } = await harness.call('POST', '/v1/accounts', { body: { name: 'Tenant' } });
    expect(status).toBe(201);
    const as = { 'x-client-id': body.apiKey.clientId, 'x-client-secret': body.apiKey.clientSecret };
    expect(await harness.call('POST', '/v1/accounts', { as, body: { name: 'Another' } })).toMatchObject({
      status: 403,
      body: { code: 'auth.operator_only' },
    });
    const marketing = await harness.keyFor('marketing');
    expect((await harness.call('GET', '/v1/accounts', { as: marketing })).body.code).toBe('auth.scope');
    const list = await harness.call('GET', '/v1/accounts');
    expect(list.body.data.map(({ name }: { name: string }) => name)).toEqual(
      expect.arrayContaining(['Operator', 'Tenant']),
    );
  });

  it('send their own id with every command, whichever account’s campaign is named', async () => {
    const { body } = await harness.call('POST', '/v1/accounts', { body: { name: 'Asker' } });
    const as = { 'x-client-id': body.apiKey.clientId, 'x-client-secret': body.apiKey.clientSecret };
    await harness.call('GET', '/v1/campaigns', { as });
    expect(harness.others.askedFor(ListCampaigns)).toEqual([{ accountId: body.id }]);
  });
});

describe('the first key', () => {
  let database: TestDatabase;
  const open = async (env: NodeJS.ProcessEnv, standalone = true) => {
    const others = new StandIns();
    await others.open();
    others.on(ListCampaigns, noCampaigns);
    const port = String(await freePort());
    return start({
      env: { PORT: port, METRICS_PORT: '0', LOG_LEVEL: 'silent', DATABASE_POOL: '3', ...env },
      transport: others.transport,
      databaseUrl: database.url,
      standalone,
    });
  };
  beforeEach(async () => {
    database = await createTestDatabase();
  });
  afterEach(() => database.drop());

  it('is made once, by one of several gateways that start on an empty database together', async () => {
    const gateways = await Promise.all([open({}), open({}), open({})]);
    try {
      const made = gateways.flatMap(({ firstKey }) => firstKey ?? []);
      expect(made).toHaveLength(1);
      const as = { 'x-client-id': made[0].clientId, 'x-client-secret': made[0].clientSecret };
      for (const { url } of gateways)
        expect((await caller(url)('GET', '/v1/campaigns', { as })).status).toBe(200);
    } finally {
      await Promise.all(gateways.map((gateway) => gateway.stop()));
    }
    const again = await open({});
    await again.stop();
    expect(again.firstKey).toBeNull();
  });

  it('is not made in a cluster', async () => {
    const gateway = await open({}, false);
    await gateway.stop();
    expect(gateway.firstKey).toBeNull();
  });

  const secrets = { one: 'the-first-of-two-0123456789', two: 'the-second-of-two-0123456789' };

  it('comes from the environment, whose changed secret counts from the next start on', async () => {
    const env = (secret: string) => ({ BOOTSTRAP_CLIENT_ID: 'ops', BOOTSTRAP_CLIENT_SECRET: secret });
    const first = await open(env(secrets.one));
    const as = (secret: string) => ({ 'x-client-id': 'ops', 'x-client-secret': secret });
    expect((await caller(first.url)('GET', '/v1/campaigns', { as: as(secrets.one) })).status).toBe(200);
    const second = await open(env(secrets.two));
    try {
      expect((await caller(second.url)('GET', '/v1/campaigns', { as: as(secrets.two) })).status).toBe(200);
      expect((await caller(second.url)('GET', '/v1/campaigns', { as: as(secrets.one) })).status).toBe(401);
      // The other process hears of it within the five seconds that it trusts its cache.
      await eventually(async () => {
        expect((await caller(first.url)('GET', '/v1/campaigns', { as: as(secrets.one) })).status).toBe(401);
      });
    } finally {
      await Promise.all([first.stop(), second.stop()]);
    }
  });
});

import { request } from 'node:http';
import { ListSandboxMessages, type SandboxMessage } from '@tearoff/contracts';
import { EnvironmentError } from '@tearoff/service-kit';
import { gatewayEnv } from '../src/env';
import { admin, startHarness, type Harness } from './harness';

const message: SandboxMessage = {
  id: '1',
  deliveryId: null,
  channel: 'sms',
  to: '+447400123456',
  from: 'Tearoff',
  subject: null,
  text: 'One coffee on us',
  html: null,
  headers: {},
  at: '2027-01-01T10:00:00.000Z',
};

const basic = (key: Record<string, string>) => ({
  authorization: `Basic ${Buffer.from(`${key['x-client-id']}:${key['x-client-secret']}`).toString('base64')}`,
});

describe.each([
  ['', 'closed'],
  ['key', 'closed'],
  ['open', 'open'],
])('the sandbox inbox with SANDBOX_INBOX=%s', (SANDBOX_INBOX, state) => {
  let harness: Harness;
  beforeAll(async () => {
    harness = await startHarness({ SANDBOX_INBOX });
  });
  afterAll(() => harness.stop());
  beforeEach(() => {
    harness.others.reset();
    harness.others.on(ListSandboxMessages, () => ({ data: [message], nextCursor: null }));
  });
  const asked = () => harness.others.askedFor(ListSandboxMessages);

  if (state === 'open') {
    it('shows the messages of all accounts to anyone', async () => {
      const answer = await harness.call('GET', '/sandbox', { as: null });
      expect(answer).toMatchObject({ status: 200, body: expect.stringContaining(message.text) });
      expect(asked()).toEqual([{ limit: 50 }]);
    });
  } else {
    it.each(['/sandbox', '/sandbox/', '/sandbox?to=%2B447400123456'])(
      'has a browser ask for a key at %s',
      async (path) => {
        const answer = await harness.call('GET', path, { as: null });
        expect(answer).toMatchObject({ status: 401, body: { code: 'auth.missing' } });
        expect(answer.headers.get('www-authenticate')).toMatch(/^Basic realm=/);
        expect(asked()).toEqual([]);
      },
    );

    it("shows a key's own account's messages", async () => {
      const { body: other } = await harness.call('POST', '/v1/accounts', { body: { name: 'Other' } });
      const { clientId, clientSecret } = other.apiKey;
      const as = basic({ 'x-client-id': clientId, 'x-client-secret': clientSecret });
      const answer = await harness.call('GET', '/sandbox', { as });
      expect(answer).toMatchObject({ status: 200, body: expect.stringContaining(message.text) });
      await harness.call('GET', '/sandbox', { as: basic(await harness.keyFor('marketing')) });
      const [first, second] = asked().map(({ accountId }) => accountId);
      expect(first).toBe(other.id);
      expect(second).toMatch(/^acc_/);
      expect(second).not.toBe(other.id);
    });

    it('does not open to a wrong secret, nor to a key of another scope', async () => {
      const wrong = basic({ ...admin, 'x-client-secret': 'wrong' });
      expect((await harness.call('GET', '/sandbox', { as: wrong })).status).toBe(401);
      const till = basic(await harness.keyFor('pos'));
      expect((await harness.call('GET', '/sandbox', { as: till })).status).toBe(403);
      expect(asked()).toEqual([]);
    });
  }

  it('asks no one for an address that cannot exist', async () => {
    expect((await harness.call('GET', '/sandbox?to=%00')).status).toBe(400);
    expect(asked()).toEqual([]);
  });
});

describe('the sandbox inbox with SANDBOX_INBOX=local', () => {
  let harness: Harness;
  beforeAll(async () => {
    harness = await startHarness({ SANDBOX_INBOX: 'local', HOST: '127.0.0.1' });
    harness.others.on(ListSandboxMessages, () => ({ data: [message], nextCursor: null }));
  });
  afterAll(() => harness.stop());

  /** fetch does not let a caller choose the Host header. */
  const statusFor = (headers: Record<string, string>): Promise<number> =>
    new Promise((resolve, reject) => {
      const { port } = new URL(harness.gateway.url);
      request({ host: '127.0.0.1', port, path: '/sandbox', headers }, (response) => {
        response.resume();
        resolve(response.statusCode!);
      })
        .once('error', reject)
        .end();
    });

  it.each(['localhost', 'localhost:3000', '127.0.0.1:3000', '[::1]:3000'])(
    'shows the messages of all accounts to a browser of this machine at %s',
    async (host) => {
      expect(await statusFor({ host })).toBe(200);
    },
  );

  it.each([
    ['a name that was made to resolve to this machine', { host: 'rebound.example:3000' }],
    ['the public name that a tunnel passes on', { host: 'shop.tunnel.example' }],
    ['a proxy that names whom it stands for', { host: 'localhost', 'x-forwarded-for': '203.0.113.9' }],
    ['a host that is none', { host: 'a b' }],
  ])('refuses %s', async (_case, headers) => {
    expect(await statusFor(headers)).toBe(403);
  });
});

it('SANDBOX_INBOX is named when it is anything else', () => {
  expect(() => gatewayEnv({ DATABASE_URL: 'postgres://x', SANDBOX_INBOX: 'yes' })).toThrow(EnvironmentError);
});

import { DomainError, FindContact, invalid, RecordEvent } from '@tearoff/contracts';
import { EsputnikClient, type Habits } from './esputnik.client';
import { admin, startHarness, type Harness } from './harness';
import { contact } from './samples';

let harness: Harness;
let client: EsputnikClient;
const key = Object.values(admin).join('.');
const clientOf = (credentials: string | null, habits: Habits = {}) =>
  new EsputnikClient(`${harness.gateway.url}/esputnik/api`, credentials, habits);
const keyFor = async (...scopes: string[]) => {
  const made = await harness.keyFor(...scopes);
  return clientOf(`${made['x-client-id']}.${made['x-client-secret']}`);
};

beforeAll(async () => {
  harness = await startHarness();
  client = clientOf(key);
});
afterAll(() => harness?.stop());
beforeEach(() => {
  harness.others.reset();
  harness.others.on(RecordEvent, ({ eventId }) => ({ id: eventId, repeated: false }));
});

describe('the habits of clients', () => {
  const habits: Habits[] = [
    {},
    { user: 'anybody@example.com' },
    { user: 'Ünï cödé' },
    { bearer: true },
    { trailingSlash: true, charset: true },
    { connectionClose: true, bodyWithGet: true, trailingSlash: true },
  ];

  it.each(habits)('%j do no harm', async (habit) => {
    const quirky = clientOf(key, habit);
    expect(await quirky.post('v1/event', { eventTypeKey: 'seen', keyValue: '1' })).toMatchObject({
      http: 200,
      text: '{}',
    });
    const info = await quirky.get('v1/account/info');
    expect(info.json).toEqual({
      orgId: expect.stringMatching(/^acc_/),
      userEmail: expect.any(String),
      organisationName: expect.any(String),
    });
    expect((await quirky.get('v1/version')).json).toEqual({
      version: expect.any(String),
      protocolVersion: expect.any(String),
    });
  });

  it.each([
    null,
    '',
    'nonsense',
    'test-admin',
    'test-admin.wrong',
    'test-admin:not-a-secret-at-all-but-long',
  ])('the key %j is a 401 in JSON', async (credentials) => {
    for (const bearer of [false, true]) {
      const { http, json } = await clientOf(credentials, { bearer }).post('v1/event', {});
      expect([http, json.status, typeof json.message]).toEqual([401, 401, 'string']);
    }
  });

  it('a body is not read of a client that no one knows', async () => {
    const { http } = await clientOf('nobody.x').ask('POST', 'v1/message/x/smartsend', '{'.repeat(100_000));
    expect(http).toBe(401);
  });

  it('the scope events is enough for events', async () => {
    const events = await keyFor('events');
    expect((await events.post('v1/event', { eventTypeKey: 'x', keyValue: 'y' })).http).toBe(200);
    expect((await events.get('v1/version')).http).toBe(200);
    expect((await events.ask('DELETE', 'v1/contact?externalCustomerId=7')).http).toBe(403);
    const till = await (await keyFor('pos')).post('v1/event', { eventTypeKey: 'x', keyValue: 'y' });
    expect([till.http, till.text]).toEqual([403, expect.stringContaining('scope events')]);
  });
});

describe('an event', () => {
  const record = async (params: unknown, more: object = {}) => {
    const { http, text } = await client.post('v1/event', { eventTypeKey: 'order', params, ...more });
    const [asked] = harness.others.askedFor(RecordEvent);
    return { http, text, asked };
  };
  const named = (...pairs: [string, unknown][]) => pairs.map(([name, value]) => ({ name, value }));

  it('keeps its params as they were written, and says whom it is about', async () => {
    const { asked } = await record(
      named(
        ['EmailAddress', 'Ann@Example.com'],
        ['code', 'ABC-123'],
        ['n', 7],
        ['none', null],
        ['list', [1]],
      ),
    );
    expect(asked).toEqual({
      accountId: expect.any(String),
      eventId: expect.stringMatching(/^evt_/),
      type: 'order',
      contact: { email: 'ann@example.com' },
      params: { EmailAddress: 'Ann@Example.com', code: 'ABC-123', n: 7, none: null, list: [1] },
    });
  });

  const people: [object, [string, unknown][], string | undefined, object | undefined][] = [
    [
      {},
      [
        ['USEREMAIL', 'a@b.example'],
        ['SMS', 447400123456],
      ],
      undefined,
      { email: 'a@b.example', phone: '+447400123456' },
    ],
    [
      {},
      [
        ['contactEmail', 'a@b.example'],
        ['Contact_Key', 17],
      ],
      undefined,
      { email: 'a@b.example', externalId: '17' },
    ],
    [
      {},
      [
        ['PhoneNumber', '+44 7400 123456'],
        ['pushtoken', 'tok'],
      ],
      undefined,
      { phone: '+447400123456' },
    ],
    [{}, [['PushToken', 'tok']], 'tok', undefined],
    [
      {},
      [
        ['contactid', 12],
        ['email', 'a@b.example'],
      ],
      '12',
      { email: 'a@b.example' },
    ],
    [{ keyValue: 'k1' }, [['externalCustomerID', 'x']], 'k1', { externalId: 'x' }],
    [{ keyValue: 77 }, [], '77', undefined],
    [{ keyValue: '' }, [['email', 'a@b.example']], undefined, { email: 'a@b.example' }],
    [
      {},
      [
        ['Phone', '067 123'],
        ['Email', 'a@b.example'],
      ],
      undefined,
      { email: 'a@b.example' },
    ],
  ];
  it.each(people)('%j with %j has the key %j and is about %j', async (more, pairs, keyValue, about) => {
    const { http, asked } = await record(named(...pairs), more);
    expect([http, asked.key, asked.contact]).toEqual([200, keyValue, about]);
  });

  it('may name a contact by the id that v1/contact told', async () => {
    const ann = contact({ externalId: '9', email: 'ann@example.com' });
    harness.others.on(FindContact, ({ id }) => (id === ann.id ? ann : null));
    const { asked } = await record(named(['ContactId', ann.id]));
    expect([asked.key, asked.contact]).toEqual([ann.id, { externalId: '9', email: 'ann@example.com' }]);
  });

  it('may call its params parameters, and be one of v2', async () => {
    await client.post('v2/event', {
      eventTypeKey: 'x',
      parameters: named(['email', 'a@b.example']),
      extra: 1,
    });
    expect(harness.others.askedFor(RecordEvent)[0]).toMatchObject({ params: { email: 'a@b.example' } });
  });

  const wrong: [string, object, string][] = [
    ['without a type', { keyValue: '1' }, '/eventTypeKey is required'],
    ...['<', ';', "'", '\\', '/', '|', '"', '`', '^', '?', '!', ',', '>'].map(
      (character): [string, object, string] => [
        `with ${character} in its type`,
        { eventTypeKey: `a${character}b`, keyValue: '1' },
        '/eventTypeKey',
      ],
    ),
    ['with a type too long', { eventTypeKey: 'x'.repeat(101), keyValue: '1' }, '/eventTypeKey'],
    ['with a key too long', { eventTypeKey: 'x', keyValue: 'x'.repeat(301) }, '/keyValue'],
    ['with a key that JSON cannot carry', { eventTypeKey: 'x', keyValue: 2 ** 60 }, '/keyValue'],
    ['with params that are no list', { eventTypeKey: 'x', keyValue: '1', params: { a: 1 } }, '/params'],
    [
      'with a param without a name',
      { eventTypeKey: 'x', keyValue: '1', params: [{ value: 1 }] },
      '/params/0/name',
    ],
    [
      'with a param that would be a prototype',
      { eventTypeKey: 'x', keyValue: '1', params: [{ name: '__proto__', value: {} }] },
      '/params/0/name',
    ],
    [
      'about nobody',
      { eventTypeKey: 'x', params: [{ name: 'code', value: '1' }] },
      'contactId, externalCustomerId',
    ],
    [
      'about no one who can be read',
      { eventTypeKey: 'x', params: [{ name: 'email', value: 'no' }] },
      'email',
    ],
  ];
  it.each(wrong)('%s is refused, and says why', async (_, body, why) => {
    const { http, text } = await client.post('v1/event', body);
    expect([http, text]).toEqual([400, expect.stringContaining(why)]);
    expect(harness.others.askedFor(RecordEvent)).toEqual([]);
  });

  it('of more than 20 kB is too large, of a little less is not', async () => {
    const ofSize = (bytes: number) => {
      const body = { eventTypeKey: 'x', keyValue: '1', params: [{ name: 'a', value: '' }] };
      body.params[0].value = 'x'.repeat(bytes - JSON.stringify(body).length);
      return client.post('v1/event', body);
    };
    expect((await ofSize(20 * 1024)).http).toBe(200);
    expect((await ofSize(20 * 1024 + 1)).http).toBe(413);
  });

  it('that lacks what its type demands is told in the words that clients look for', async () => {
    harness.others.on(RecordEvent, () =>
      invalid('event.missing_params', 'The event should have the following params: [code, days]', {
        errors: [{ path: '/params/code', message: 'is required' }],
      }),
    );
    const { http, text } = await record(named(['email', 'a@b.example']));
    expect([http, text]).toEqual([400, 'The event should have the following params: [code, days]']);
  });

  it('is not taken while no one keeps it', async () => {
    harness.others.on(RecordEvent, () => new DomainError('service.unavailable', 'unavailable', 'Away.'));
    expect(await record(named(['email', 'a@b.example']))).toMatchObject({ http: 503, text: 'Away.' });
  });
});

it('what is not there is told in the same way', async () => {
  const { http, text } = await client.get('v1/nothing');
  expect([http, text]).toEqual([404, expect.any(String)]);
  expect((await client.get('v1/event')).http).toBe(405);
});

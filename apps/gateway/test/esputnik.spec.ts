import {
  DomainError,
  FindContact,
  GetDelivery,
  GetTemplate,
  invalid,
  newId,
  notFound,
  RecordEvent,
  SaveContacts,
  SendMessages,
  type Contact,
  type Delivery,
  type DeliveryStatus,
  type RequestOf,
} from '@tearoff/contracts';
import { EsputnikClient, type Habits } from '../../../e2e/api/esputnik.client';
import { admin, startHarness, type Harness } from './harness';

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

const contact = (changes: Partial<Contact> = {}): Contact => ({
  id: newId('contact'),
  accountId: newId('account'),
  phone: null,
  email: null,
  externalId: null,
  firstName: null,
  lastName: null,
  languageCode: null,
  timezone: null,
  fields: {},
  createdAt: '2027-01-01T10:00:00.000Z',
  updatedAt: '2027-01-01T10:00:00.000Z',
  ...changes,
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

  it.each([null, '', 'nonsense', 'test-admin', 'test-admin.wrong', 'test-admin:not-a-secret-at-all'])(
    'the key %j is a 401 in JSON',
    async (credentials) => {
      for (const bearer of [false, true]) {
        const { http, json } = await clientOf(credentials, { bearer }).post('v1/event', {});
        expect([http, json.status, typeof json.message]).toEqual([401, 401, 'string']);
      }
    },
  );

  it('a body is not read of a client that nobody knows', async () => {
    const { http } = await clientOf('nobody.x').ask('POST', 'v1/message/x/smartsend', '{'.repeat(100_000));
    expect(http).toBe(401);
  });

  it('the scope events is enough, but not to erase', async () => {
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
      'about nobody who can be read',
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
      invalid('event.missing_params', 'The event lacks params.', {
        errors: [
          { path: '/params/code', message: 'is required' },
          { path: '/params/a~1b', message: 'is required' },
        ],
      }),
    );
    const { http, text } = await record(named(['email', 'a@b.example']));
    expect([http, text]).toEqual([400, 'The event should have the following params: [code, a/b]']);
  });

  it('is not taken while nobody keeps it', async () => {
    harness.others.on(RecordEvent, () => new DomainError('service.unavailable', 'unavailable', 'Away.'));
    expect(await record(named(['email', 'a@b.example']))).toMatchObject({ http: 503, text: 'Away.' });
  });
});

describe('smartsend', () => {
  const messageId = newId('template');
  const path = `v1/message/${messageId}/smartsend`;
  beforeEach(() => {
    harness.others.on(SendMessages, ({ recipients }) => ({
      results: recipients.map(({ deliveryId, email }) =>
        email === 'stop@example.com'
          ? { deliveryId, status: 'suppressed' as const, error: 'recipient.suppressed' as const }
          : { deliveryId, status: 'queued' as const, error: null },
      ),
    }));
  });
  const asked = (): RequestOf<typeof SendMessages>['recipients'] =>
    harness.others.askedFor(SendMessages).flatMap(({ recipients }) => recipients);
  const idsOf = async (body: object, client_ = client) => {
    const { json } = await client_.post(path, body);
    return (json.results as { requestId: string }[]).map(({ requestId }) => requestId);
  };

  it('gives each her own data, and tells of each in her place what became of her', async () => {
    const bad = [
      '{"code":',
      '7',
      '[]',
      '"x"',
      '',
      '{"__proto__":{"x":1}}',
      '{"\\u005f_proto__":1}',
      '{"a":"\\u0000"}',
    ];
    const { json } = await client.post(path, {
      email: true,
      fromName: 'The shop',
      recipients: [
        { locator: 'a@example.com', jsonParam: '{"code":"A-1","deep":{"x":[1]}}', languageCode: 'de' },
        ...bad.map((jsonParam) => ({ locator: 'bad@example.com', jsonParam })),
        { locator: 'bad@example.com', jsonParam: '['.repeat(200_000) },
        { locator: 'bad@example.com', jsonParam: { code: 'an object' } },
        7,
        { email: 'alias@example.com', jsonParam: null },
        { locator: 'stop@example.com' },
        {},
      ],
    });
    expect(json.id).toBe(0);
    const results = json.results as { status: string; locator: string; message?: string }[];
    expect(results[0]).toEqual({
      id: 0,
      locator: 'a@example.com',
      status: 'OK',
      requestId: expect.stringMatching(/^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/),
    });
    const refused = results.slice(1, 4 + bad.length);
    expect(refused).toHaveLength(bad.length + 3);
    for (const each of refused)
      expect(each).toEqual({ ...each, id: 0, status: 'ERROR', message: expect.any(String) });
    expect(results.slice(4 + bad.length)).toEqual([
      expect.objectContaining({ locator: 'alias@example.com', status: 'OK' }),
      {
        id: 0,
        locator: 'stop@example.com',
        status: 'ERROR',
        message: expect.stringContaining('not be written'),
      },
      // Nobody: whoever sends has the last word.
      expect.objectContaining({ locator: '', status: 'OK' }),
    ]);
    expect(asked()[0]).toMatchObject({
      email: 'a@example.com',
      data: { code: 'A-1', deep: { x: [1] } },
      languageCode: 'de',
    });
    expect(asked()).toHaveLength(4);
  });

  it('without e-mail writes to phone numbers, with or without their plus', async () => {
    const recipients = [
      { locator: '447400123456' },
      { locator: '+44 7400 123456' },
      { locator: 447400123456 },
    ];
    await client.post(path, { email: false, recipients });
    expect(asked().map(({ phone }) => phone)).toEqual(Array(3).fill('+447400123456'));
    expect(harness.others.askedFor(SendMessages)[0].channel).toBe('sms');
  });

  it('finds the address of a contact by her id', async () => {
    const ann = contact({ email: 'ann@example.com', phone: '+447400123456' });
    harness.others.on(FindContact, ({ id }) => (id === ann.id ? ann : null));
    await client.post(path, { email: true, recipients: [{ contactId: ann.id }, { contactId: 5 }] });
    expect(asked()).toMatchObject([{ email: 'ann@example.com' }, {}]);
    expect(asked()[1].email).toBeUndefined();
  });

  it('said again with the same externalRequestId is the same messages, without one it is others', async () => {
    const recipients = ['a@example.com', 'b@example.com', 'a@example.com'].map((locator) => ({ locator }));
    const call = { email: true, recipients, externalRequestId: 'batch-1' };
    const first = await idsOf(call);
    expect(new Set(first).size).toBe(3);
    expect(await idsOf(call)).toEqual(first);
    const others = [
      ...(await idsOf({ ...call, externalRequestId: 2 })),
      ...(await idsOf({ email: true, recipients })),
      ...(await idsOf({ email: true, recipients })),
    ];
    expect(new Set([...first, ...others]).size).toBe(12);
  });

  it('knows a recipient by her own externalRequestId, in whatever company and only once in it', async () => {
    const ann = { locator: 'a@example.com', externalRequestId: 'order-1' };
    const [alone] = await idsOf({ email: true, recipients: [ann] });
    const again = await idsOf({
      email: true,
      externalRequestId: 'x',
      recipients: [{ locator: 'b@example.com' }, ann, ann],
    });
    expect(again.slice(1)).toEqual([alone, alone]);
    expect(asked()).toHaveLength(3);
    const other = { ...ann, locator: 'c@example.com' };
    expect(await idsOf({ email: true, recipients: [other] })).not.toEqual([alone]);
  });

  it.each([
    [{ recipients: [] }, 400, '/recipients'],
    [{ email: true }, 400, '/recipients'],
    [{ email: 'yes', recipients: [{}] }, 400, '/email'],
    [{ recipients: Array(1_001).fill({ locator: 'a@example.com' }) }, 400, '/recipients'],
  ])('%# is refused as a whole', async (body, status, why) => {
    const { http, text } = await client.post(path, body);
    expect([http, text]).toEqual([status, expect.stringContaining(why)]);
  });

  it('needs a message, also when nobody can be written to', async () => {
    const nobody = { recipients: [{ locator: 'a@example.com', jsonParam: '{' }] };
    harness.others.on(GetTemplate, () => notFound('template.not_found', 'There is no such template.'));
    expect((await client.post(path, nobody)).http).toBe(404);
    expect((await client.post('v1/message/12345/smartsend', nobody)).http).toBe(404);
  });

  it('takes a thousand with 2 kB of data each', async () => {
    const jsonParam = JSON.stringify({ code: 'x'.repeat(2_000) });
    const recipients = Array.from({ length: 1_000 }, (_, at) => ({
      locator: `p${at}@example.com`,
      jsonParam,
    }));
    const { json } = await client.post(path, { email: true, recipients });
    expect(json.results).toHaveLength(1_000);
  });
});

describe('the status of messages', () => {
  it('is an object for one, a list for several, and says of each what became of it', async () => {
    const ids = new Map<string, DeliveryStatus | 'away'>();
    harness.others.on(SendMessages, ({ recipients }) => ({
      results: recipients.map(({ deliveryId }) => ({ deliveryId, status: 'queued' as const, error: null })),
    }));
    harness.others.on(GetDelivery, ({ deliveryId }) => {
      const status = ids.get(deliveryId);
      if (!status) return null;
      return { status, error: status === 'failed' ? 'no such mailbox' : null } as unknown as Delivery;
    });
    const statuses: DeliveryStatus[] = ['queued', 'sending', 'sent', 'delivered', 'failed', 'suppressed'];
    const { json } = await client.post(`v1/message/${newId('template')}/smartsend`, {
      email: true,
      recipients: statuses.map((each) => ({ locator: `${each}@example.com` })),
    });
    const requestIds = (json.results as { requestId: string }[]).map(({ requestId }) => requestId);
    const [{ recipients }] = harness.others.askedFor(SendMessages);
    recipients.forEach(({ deliveryId }, at) => ids.set(deliveryId, statuses[at]));
    const stranger = 'a0000000-0000-4000-8000-000000000000';
    const all = await client.get(`v1/message/status?ids=${[...requestIds, stranger, 'nonsense'].join()}`);
    const words = (all.json.results as { status: string }[]).map(({ status }) => status);
    expect(words).toEqual([
      ...['PENDING', 'PENDING', 'SENT', 'DELIVERED', 'UNDELIVERED', 'UNDELIVERED'],
      ...['ERROR', 'ERROR'],
    ]);
    const one = await client.get(`v1/message/status?ids=${requestIds[4].toUpperCase()}`);
    expect(one.json.results).toMatchObject({ status: 'UNDELIVERED', message: 'no such mailbox' });
    expect((await client.get('v1/message/status')).http).toBe(400);
  });
});

describe('contacts', () => {
  const saved = ({ contacts }: RequestOf<typeof SaveContacts>) => ({
    results: contacts.map(({ email }) =>
      email === 'no'
        ? { outcome: 'refused' as const, code: 'recipient.invalid_email', message: 'No address.' }
        : { outcome: 'created' as const, contact: contact({ id: 'con_01jzexample0contact000000' }) },
    ),
  });
  const ann = {
    id: 5,
    firstName: 'Ann',
    externalCustomerId: 7,
    timeZone: 'Europe/Kyiv',
    channels: [
      { type: 'email', value: 'ann@example.com' },
      { type: 'sms', value: '447400123456' },
      { type: 'mobilepush', value: 'tok' },
    ],
    fields: [{ id: 76993, value: 'blue' }],
    groups: [{ name: 'Subscribers' }],
  };
  beforeEach(() => harness.others.on(SaveContacts, saved));

  it('one is saved, or subscribed, and has an id', async () => {
    expect((await client.post('v1/contact', ann)).json).toEqual({ id: 'con_01jzexample0contact000000' });
    const subscription = { contact: ann, dedupeOn: 'sms', groups: ['Subscribers'] };
    expect((await client.post('v1/contact/subscribe', subscription)).json.id).toMatch(/^con_/);
    const [first, second] = harness.others.askedFor(SaveContacts);
    expect(first.contacts).toEqual([
      {
        firstName: 'Ann',
        externalId: '7',
        email: 'ann@example.com',
        phone: '+447400123456',
        timezone: 'Europe/Kyiv',
        fields: { 76993: 'blue' },
      },
    ]);
    expect([first.dedupeOn, second.dedupeOn]).toEqual([undefined, 'phone']);
  });

  it('many are saved; those that cannot be are told by their place', async () => {
    const no = { channels: [{ type: 'email', value: 'no' }] };
    const contacts = [ann, { firstName: 7 }, no, null, ann];
    const { json } = await client.post('v1/contacts', {
      contacts,
      dedupeOn: 'email',
      contactFields: ['email'],
    });
    expect(json).toEqual({
      id: 0,
      asyncSessionId: expect.any(String),
      failedContacts: [
        { index: 1, message: expect.stringContaining('/firstName') },
        { index: 2, message: 'No address.' },
        { index: 3, message: expect.any(String) },
      ],
    });
    expect((await client.post('v1/contacts', { contacts: [ann] })).json.failedContacts).toBeUndefined();
    const few = Array(3_001).fill(ann);
    expect((await client.post('v1/contacts', { contacts: few })).http).toBe(400);
    expect((await client.post('v1/contacts', { contacts: [ann], dedupeOn: 'fieldId' })).text).toContain(
      '/dedupeOn',
    );
    expect((await client.post('v1/contact', { channels: [{ type: 'email', value: 'no' }] })).text).toBe(
      'No address.',
    );
  });

  it('are erased by their externalCustomerId', async () => {
    expect(await client.ask('DELETE', 'v1/contact?externalCustomerId=wc%2F7&erase=true')).toMatchObject({
      http: 200,
      text: '{}',
    });
    for (const query of ['', '?erase=true', '?externalCustomerId=', '?externalCustomerId=7&erase=false'])
      expect((await client.ask('DELETE', `v1/contact${query}`)).http).toBe(400);
  });
});

it('what is not there is told in the same way', async () => {
  const { http, text } = await client.get('v1/nothing');
  expect([http, text]).toEqual([404, expect.any(String)]);
  expect((await client.get('v1/event')).http).toBe(405);
});

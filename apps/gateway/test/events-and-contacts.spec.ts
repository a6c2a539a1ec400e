import {
  ExportFromAutomation,
  ExportFromIssuance,
  ExportFromLoyalty,
  ExportFromNotification,
  FindContact,
  invalid,
  ListEventTypes,
  newId,
  PersonErased,
  RecordEvent,
  SaveContacts,
  SaveEventType,
  timeOfId,
  unavailable,
  DomainError,
  type Contact,
} from '@tearoff/contracts';
import { openDatabase } from '@tearoff/service-kit';
import type { DataSource } from 'typeorm';
import { startHarness, type Harness } from './harness';

let harness: Harness;
let gateway: DataSource;
let accountId: string;

beforeAll(async () => {
  harness = await startHarness();
  gateway = await openDatabase({
    service: 'gateway',
    url: harness.databaseUrl,
    entities: [],
    migrations: [],
    poolSize: 1,
  });
  [{ id: accountId }] = await gateway.query<{ id: string }[]>(`select id from account`);
});
afterAll(async () => {
  await gateway?.destroy();
  await harness?.stop();
});
beforeEach(() => harness.others.reset());

const ann: Contact = {
  id: newId('contact'),
  accountId: newId('account'),
  phone: '+447400123456',
  email: 'ann@example.com',
  externalId: null,
  firstName: 'Ann',
  lastName: null,
  languageCode: null,
  timezone: null,
  fields: {},
  createdAt: '2027-01-01T10:00:00.000Z',
  updatedAt: '2027-01-01T10:00:00.000Z',
};

describe('an event', () => {
  it('is passed on with an id of its own, and answered with the one it has', async () => {
    const first = newId('event');
    harness.others.on(RecordEvent, () => ({ id: first, repeated: true }));
    const body = {
      type: 'order',
      key: 'A-1',
      contact: { email: 'ann@example.com', fields: { vip: true } },
      params: { list: [1, null, { a: 'b' }] },
    };
    const answer = await harness.call('POST', '/v1/events', {
      body,
      as: await harness.keyFor('events'),
      headers: { 'idempotency-key': 'event 1' },
    });
    expect([answer.status, answer.body]).toEqual([202, { id: first }]);
    expect(harness.others.askedFor(RecordEvent)).toEqual([
      { accountId, eventId: expect.stringMatching(/^evt_/), ...body },
    ]);
    expect((await harness.call('POST', '/v1/events', { body, as: await harness.keyFor('pos') })).status).toBe(
      403,
    );
  });

  it('is the very same one when its request is repeated under an Idempotency-Key whose answer was lost', async () => {
    const tell = async (key: string | null, type = 'order'): Promise<string> => {
      const headers: Record<string, string> = key === null ? {} : { 'idempotency-key': key };
      await harness.call('POST', '/v1/events', { body: { type }, headers });
      return harness.others.askedFor(RecordEvent).at(-1)!.eventId;
    };
    const setKey = (said: string) => gateway.query(`update idempotency_key set ${said} where key = 'lost'`);
    harness.others.on(RecordEvent, () => unavailable('service.deadline_exceeded', 'It may have happened.'));
    const first = await tell('lost');
    expect(Math.abs(timeOfId(first) - Date.now())).toBeLessThan(60_000);
    expect(await tell('lost')).toBe(first);
    harness.others.on(RecordEvent, ({ eventId }) => ({ id: eventId, repeated: false }));
    expect(await tell('lost')).toBe(first);
    await setKey(`status = null, leased_until = now() - interval '1 s'`);
    expect(await tell('lost')).toBe(first);
    expect(harness.others.askedFor(RecordEvent)).toHaveLength(4);

    await setKey(`status = null, leased_until = '-infinity'`);
    const others = [await tell('lost', 'visit'), await tell('found'), await tell(null), await tell(null)];
    await setKey(`expires_at = now()`);
    others.push(await tell('lost', 'visit'));
    expect(new Set([first, ...others]).size).toBe(6);
  });

  it.each<[string, object, string]>([
    ['no type', { key: 'x' }, '/type'],
    ['a type that no client may name', { type: 'a<b' }, '/type'],
    ['a key too long', { type: 'a', key: 'k'.repeat(301) }, '/key'],
    ['an unknown field', { type: 'a', parms: {} }, '/parms'],
    ['an unknown field of the contact', { type: 'a', contact: { mail: 'x' } }, '/contact/mail'],
    ['params that are a list', { type: 'a', params: [] }, '/params'],
    [
      'too many params',
      { type: 'a', params: Object.fromEntries(Array.from({ length: 201 }, (_, i) => [`p${i}`, i])) },
      '/params',
    ],
  ])('with %s is refused with its path', async (_, body, path) => {
    const answer = await harness.call('POST', '/v1/events', { body });
    expect([answer.status, answer.body.code, answer.body.errors[0].path]).toEqual([
      400,
      'request.invalid',
      path,
    ]);
    expect(harness.others.asked).toHaveLength(0);
  });

  it('is refused as automation says, and when it is too large', async () => {
    harness.others.on(RecordEvent, () => invalid('event.missing_params', 'The event should have …'));
    const refused = await harness.call('POST', '/v1/events', { body: { type: 'a' } });
    expect([refused.status, refused.body.code]).toEqual([422, 'event.missing_params']);
    const large = await harness.call('POST', '/v1/events', {
      body: { type: 'a', params: { x: 'x'.repeat(70_000) } },
    });
    expect(large.status).toBe(413);
  });

  it('’s type is listed, and told what it demands', async () => {
    const view = {
      type: 'a b/ü',
      requiredParams: ['code'],
      count: 1,
      firstSeenAt: ann.createdAt,
      lastSeenAt: null,
    };
    harness.others.on(SaveEventType, () => view);
    harness.others.on(ListEventTypes, () => ({ data: [view], nextCursor: null }));
    const long = encodeURIComponent('ж'.repeat(100));
    const body = { requiredParams: [] };
    expect((await harness.call('PUT', `/v1/event-types/${long}`, { body })).status).toBe(200);
    harness.others.asked.length = 0;
    const saved = await harness.call('PUT', `/v1/event-types/${encodeURIComponent('a b ü')}`, {
      body: { requiredParams: ['code'] },
    });
    expect([saved.status, saved.body]).toEqual([200, view]);
    expect(harness.others.askedFor(SaveEventType)).toEqual([
      { accountId, type: 'a b ü', requiredParams: ['code'] },
    ]);
    expect((await harness.call('GET', '/v1/event-types')).body).toEqual({ data: [view], nextCursor: null });
  });

  it.each([
    'a%3Cb',
    '%20',
    '%E2%80%83',
    'a%00b',
    'a%0Ab',
    'a%7F',
    'a%C2%85b',
    'x'.repeat(101),
    'x'.repeat(400),
    'ж'.repeat(101),
  ])('’s type cannot be called %.20s', async (name) => {
    const wrong = await harness.call('PUT', `/v1/event-types/${name}`, { body: { requiredParams: [] } });
    expect([wrong.status, wrong.body.code]).toEqual([422, 'event.invalid_type']);
    const type = decodeURIComponent(name).replace('\0', '\x01');
    const told = await harness.call('POST', '/v1/events', { body: { type } });
    expect(told.body.errors).toEqual([{ path: '/type', message: expect.stringMatching(/^must /) }]);
    expect(told.body.errors[0].message).not.toContain('pattern');
  });
});

it('contacts are saved together, and shown without their account', async () => {
  const refused = { outcome: 'refused' as const, code: 'contact.missing', message: 'No name.' };
  harness.others.on(SaveContacts, () => ({
    results: [
      { outcome: 'updated' as const, contact: ann, conflictingKeys: ['externalId' as const] },
      refused,
    ],
  }));
  const body = { contacts: [{ email: 'ann@example.com' }, {}], dedupeOn: 'email' };
  const answer = await harness.call('POST', '/v1/contacts', { body });
  const { accountId: _, ...shown } = ann;
  expect([answer.status, answer.body]).toEqual([
    200,
    { results: [{ outcome: 'updated', contact: shown, conflictingKeys: ['externalId'] }, refused] },
  ]);
  expect(harness.others.askedFor(SaveContacts)).toEqual([{ accountId, ...body }]);
  const faulty = await harness.call('POST', '/v1/contacts', { body: { contacts: [{ country: 'uk' }] } });
  expect([faulty.status, faulty.body.errors[0].path]).toEqual([400, '/contacts/0/country']);
});

describe('a person', () => {
  const nothing = () => ({ held: {} });
  const everybodyAnswers = () => {
    harness.others.on(FindContact, () => null);
    for (const source of [
      ExportFromIssuance,
      ExportFromNotification,
      ExportFromAutomation,
      ExportFromLoyalty,
    ])
      harness.others.on(source, nothing);
  };

  it.each([
    ['ann%40Example.COM', { email: 'ann@example.com' }],
    ['%2B44%207400%20123456', { phone: '+447400123456' }],
    ['+447400123456', { phone: '+447400123456' }],
    ['00447400123456', { phone: '+447400123456' }],
    ['07400123456', { externalId: '07400123456' }],
    ['customer%2F77', { externalId: 'customer/77' }],
    ['ann%40example.com?by=externalId', { externalId: 'ann@example.com' }],
  ])('named %s in the path is understood', async (name, person) => {
    everybodyAnswers();
    const answer = await harness.call('GET', `/v1/contacts/${name}`);
    expect([answer.status, answer.body]).toEqual([200, { person, held: { claims: [] } }]);
    expect(harness.others.askedFor(FindContact)).toEqual([{ accountId, ...person }]);
  });

  it.each([
    ['ann%40', 422, 'contact.invalid_email'],
    ['%2B4412', 422, 'contact.invalid_phone'],
    [encodeURIComponent('x'.repeat(201)), 422, 'contact.invalid_external_id'],
    ['x?by=name', 400, 'request.invalid'],
  ])('named %s is refused', async (name, status, code) => {
    for (const method of ['GET', 'DELETE']) {
      const answer = await harness.call(method, `/v1/contacts/${name}`);
      expect([answer.status, answer.body.code]).toEqual([status, code]);
    }
  });

  it('is exported by all their names, each row once', async () => {
    everybodyAnswers();
    harness.others.on(FindContact, () => ann);
    harness.others.on(ExportFromIssuance, () => ({ held: { coupons: [{ id: 'cpn_1' }] } }));
    harness.others.on(ExportFromNotification, ({ person }) => ({
      held: { deliveries: [{ to: person.email ?? person.phone }] },
    }));
    harness.others.on(
      ExportFromLoyalty,
      () => new DomainError('command.unknown', 'invalid', 'no such command'),
    );
    const { body } = await harness.call('GET', '/v1/contacts/ann@example.com');
    expect(body).toEqual({
      person: { email: 'ann@example.com', phone: '+447400123456' },
      held: {
        claims: [],
        coupons: [{ id: 'cpn_1' }],
        deliveries: [{ to: 'ann@example.com' }, { to: '+447400123456' }],
      },
    });
  });

  it.each([
    ['notification', ExportFromNotification],
    ['automation', FindContact],
  ])('is not exported in part: while %s is away nothing is told', async (service, command) => {
    everybodyAnswers();
    harness.others.on(command, () => new DomainError('service.deadline_exceeded', 'unavailable', 'late'));
    const answer = await harness.call('GET', '/v1/contacts/ann@example.com');
    expect([answer.status, answer.body.service]).toEqual([503, service]);
    expect(answer.body.detail).toContain(service);
  });

  it('is erased here at once, and everywhere by what is told now and in a quarter of an hour', async () => {
    harness.others.on(FindContact, () => ann);
    const other = newId('account');
    const claimOf = (id: string, account: string, address: string, passcode: string | null) =>
      gateway.query(
        `insert into claim (id, account_id, campaign_id, kind, channel, address, recipient, passcode_id)
         values ($1, $2, 'cam_1', 'passcode', 'email', $3, '{}', $4)`,
        [id, account, address, passcode],
      );
    // Not due, so that no one serves them while the test looks.
    await gateway.query(`alter table claim alter available_at set default now() + interval '1 day'`);
    await claimOf('clm_1', accountId, 'ann@example.com', 'clm_p1');
    await claimOf('clm_2', accountId, '+447400123456', null);
    await claimOf('clm_3', accountId, 'bob@example.com', null);
    await claimOf('clm_4', other, 'ann@example.com', 'clm_p4');
    for (const [id, campaign] of [
      ['clm_p1', 'cam_1'],
      ['clm_p4', 'cam_4'],
    ])
      await gateway.query(
        `insert into claim_passcode (campaign_id, address, id, expires_at) values ($1, 'ann@example.com', $2, 'infinity')`,
        [campaign, id],
      );
    harness.others.on(SaveContacts, () => ({ results: [{ outcome: 'created' as const, contact: ann }] }));
    const post = (key: string) =>
      harness.call('POST', '/v1/contacts', {
        body: { contacts: [{ email: 'Ann@example.com' }] },
        headers: { 'idempotency-key': key },
      });
    expect((await post('names her')).body.results).toHaveLength(1);
    const wrong = { outcome: 'refused' as const, code: 'x', message: 'There is no (0)7400 123 456.' };
    harness.others.on(SaveContacts, () => ({ results: [wrong] }));
    await post('as it was written');
    harness.others.on(SaveContacts, () => ({ results: [] }));
    await post('names nobody');

    const answer = await harness.call('DELETE', '/v1/contacts/ann@example.com');
    expect([answer.status, answer.body]).toEqual([
      202,
      { id: expect.stringMatching(/^ers_/), status: 'accepted' },
    ]);
    const left = await gateway.query<{ id: string }[]>(`select id from claim order by id`);
    expect(left.map(({ id }) => id)).toEqual(['clm_3', 'clm_4']);
    expect(await gateway.query(`select id from claim_passcode`)).toEqual([{ id: 'clm_p4' }]);
    const again = await post('names her');
    expect([again.headers.get('idempotency-replayed'), again.body]).toEqual(['true', {}]);
    expect((await post('as it was written')).body).toEqual({});
    expect((await post('names nobody')).body).toEqual({ results: [] });
    const erasures = await gateway.query<object[]>(`select to_jsonb(erasure) - 'at' as row from erasure`);
    expect(erasures).toEqual([
      { row: { id: answer.body.id, account_id: accountId, api_key_id: expect.any(String) } },
    ]);

    const [later] = await gateway.query<{ minutes: string; data: { items: object[] } }[]>(
      `select round(extract(epoch from available_at - now()) / 60) as minutes, data from outbox
       where type = $1 and available_at > now() + interval '1 minute'`,
      [PersonErased.type],
    );
    expect(Number(later.minutes)).toBe(15);
    const item = { erasureId: answer.body.id, accountId, at: expect.any(String) };
    expect(later.data.items).toEqual([
      { ...item, person: { email: 'ann@example.com' } },
      { ...item, person: { phone: '+447400123456' } },
    ]);
  });

  it('is not erased in part: while their names cannot be asked nothing is done', async () => {
    harness.others.on(FindContact, () => new DomainError('service.unavailable', 'unavailable', 'gone'));
    const [before] = await gateway.query<{ count: string }[]>(`select count(*) from erasure`);
    const answer = await harness.call('DELETE', '/v1/contacts/ann@example.com');
    expect([answer.status, answer.body.service]).toEqual([503, 'automation']);
    expect(await gateway.query(`select count(*) from erasure`)).toEqual([before]);
  });
});

import { Client } from 'pg';
import { admin, eventually, startSystem, type System } from './system';

let system: System;
let database: Client;

beforeAll(async () => {
  system = await startSystem();
  database = new Client({ connectionString: system.databaseUrl });
  await database.connect();
});
afterAll(async () => {
  await database?.end();
  await system?.stop();
});

const schemas = ['gateway', 'issuance', 'redemption', 'notification', 'automation', 'insights', 'loyalty'];

/** Tables, and rows of them, in which one of these words stands anywhere. */
async function rowsWith(...words: string[]): Promise<Record<string, string[]>> {
  const { rows: tables } = await database.query<{ name: string }>(
    `select table_schema || '.' || table_name as name from information_schema.tables where table_schema = any($1)`,
    [schemas],
  );
  const found: Record<string, string[]> = {};
  for (const { name } of tables) {
    const { rows } = await database.query<{ row: string }>(
      `select t::text as row from ${name} t where t::text ilike any($1)`,
      [words.map((word) => `%${word}%`)],
    );
    if (rows.length > 0) found[name] = rows.map(({ row }) => row);
  }
  return found;
}

const evas = ['eva@example.com', '7400123499', 'customer-eva'];
const person = { email: 'Eva@example.com', phone: '+44 7400 123499', externalId: 'customer-eva' };
const theirs = 'eva@example.com';

/** Leaves a person wherever a person can be left. */
async function live(as = admin): Promise<{ campaignId: string; couponId: string; code: string }> {
  const post = async (path: string, body: unknown, headers: Record<string, string> = {}) => {
    const answer = await system.call('POST', path, { body, as, headers });
    if (answer.status >= 300) throw new Error(`${path}: ${JSON.stringify(answer.body)}`);
    return answer.body;
  };
  await post('/v1/contacts', { contacts: [{ ...person, firstName: 'Eva-Maria' }] });
  await post('/v1/events', { type: 'signed up', contact: { email: person.email }, params: { plan: 'x' } });
  await post('/v1/events', { type: 'order', key: 'order of customer-eva', contact: person });
  const { id: campaignId } = await post('/v1/campaigns', {
    name: 'For Eva',
    limits: { ignorePlus: true, ignoreDots: true, perRecipient: { count: 1, per: 'campaign' } },
  });
  // Known by e-mail alone, sent to their phone: only the coupon knows both.
  const coupon = await post(
    '/v1/coupons',
    { campaignId, recipient: person, channel: 'email', metadata: { note: 'customer-eva' } },
    { 'idempotency-key': 'eva' },
  );
  await post(`/v1/coupons/${coupon.id}/send`, { channel: 'sms' });
  await post(`/v1/campaigns/${campaignId}/distributions`, {
    channel: 'none',
    recipients: [{ phone: '+44 7400 123499', email: 'wrong' }],
  });
  const { id: game } = await post('/v1/campaigns', {
    name: 'Game',
    type: 'game',
    limits: { perRecipient: null },
    offers: [{ id: 'bun', content: { title: 'A bun' } }],
    game: { winChance: 1, per: 'day' },
    claim: { public: true, country: 'GB', origins: ['https://a.example'] },
  });
  const pages = await post('/v1/api-keys', {
    name: 'page',
    scopes: ['public'],
    origins: ['https://a.example'],
  });
  await system.call('POST', '/v1/claims', {
    as: { 'x-client-id': pages.clientId },
    headers: { origin: 'https://a.example' },
    body: { campaignId: game, recipient: { phone: person.phone } },
  });
  await eventually(async () => expect(await rowsWith(evas[1])).toHaveProperty(['issuance.player']));
  await eventually(async () => {
    const { rows } = await database.query(`select from gateway.claim where status = 'waiting'`);
    expect(rows).toHaveLength(0);
  });
  await eventually(async () => {
    const { body } = await system.call('GET', `/v1/deliveries?couponId=${coupon.id}`, { as });
    expect(body.data.map((each: { status: string }) => each.status)).toEqual(['sent', 'sent']);
  });
  await post('/v1/suppressions', { channel: 'email', address: person.email, note: 'customer-eva called' });
  // An event about them that could not be handled rests wherever someone is told of coupons.
  const { body: own } = await system.call('GET', `/v1/coupons/${coupon.id}`, { as });
  const { rows: accounts } = await database.query<{ id: string }>(
    `select account_id as id from issuance.coupon where id = $1`,
    [own.id],
  );
  const dead = JSON.stringify([
    { data: { items: [{ accountId: accounts[0].id, recipient: { email: theirs } }] } },
  ]);
  for (const schema of ['issuance', 'redemption', 'notification', 'automation', 'insights', 'loyalty'])
    await database.query(
      `insert into ${schema}.dead_letter (queue, event_id, type, body, reason, attempts)
       values ('q', 'e', 't', $1, 'r', 1)`,
      [dead],
    );
  return { campaignId, couponId: coupon.id, code: coupon.code };
}

it('of a person who was erased nothing is left but that they must not be written to', async () => {
  const { body: tenant } = await system.post('/v1/accounts', { name: 'Another' });
  const others = { 'x-client-id': tenant.apiKey.clientId, 'x-client-secret': tenant.apiKey.clientSecret };
  const { couponId, code, campaignId } = await live();
  await system.call('POST', '/v1/contacts', { as: others, body: { contacts: [{ email: theirs }] } });

  const held = (await system.get('/v1/contacts/eva@example.com')).body.held;
  expect(Object.keys(held).filter((section) => held[section].length > 0)).toEqual(
    expect.arrayContaining([
      'contacts',
      'events',
      'coupons',
      'deliveries',
      'suppressions',
      'players',
      'sandboxMessages',
    ]),
  );
  expect(held.coupons).toContainEqual(
    expect.objectContaining({
      id: couponId,
      code,
      recipient: expect.objectContaining({ phone: '+447400123499' }),
    }),
  );
  expect(Object.keys(await rowsWith(...evas)).length).toBeGreaterThan(8);

  const answer = await system.call('DELETE', '/v1/contacts/customer-eva');
  expect([answer.status, answer.body.status]).toEqual([202, 'accepted']);
  const onlyWhatMustStay = async () => {
    const left = await rowsWith(...evas, 'Eva-Maria');
    // That it is to be told once more, in a quarter of an hour.
    delete left['gateway.outbox'];
    expect(left).toEqual({
      'notification.suppression': [expect.not.stringContaining('called')],
      'automation.contact': [expect.stringContaining(tenant.id)],
    });
  };
  await eventually(onlyWhatMustStay);

  // The code is still good, and the coupon still counts.
  const coupon = (await system.get(`/v1/coupons/${couponId}`)).body;
  expect(coupon).toMatchObject({ status: 'issued', recipient: {}, metadata: null });
  expect((await system.get(`/v1/campaigns/${campaignId}`)).body.issued).toBe(1);
  expect((await system.post('/v1/redemptions', { code })).status).toBe(201);
  const again = await system.call('POST', '/v1/coupons', {
    body: {
      campaignId,
      recipient: person,
      channel: 'email',
      metadata: { note: 'customer-eva' },
    },
    headers: { 'idempotency-key': 'eva' },
  });
  expect([again.status, again.body]).toEqual([201, {}]);

  // What was on its way brings them back, until they are erased for the second time.
  await system.post('/v1/events', { type: 'signed up', contact: person });
  await system.post('/v1/coupons', { campaignId, recipient: { phone: person.phone }, channel: 'sms' });
  await eventually(async () => expect(await rowsWith(...evas)).toHaveProperty(['notification.delivery']));
  for (const service of ['gateway', 'issuance'])
    await database.query(
      `update ${service}.outbox set available_at = now() where available_at > now() + interval '1 min'`,
    );
  await eventually(async () => {
    await onlyWhatMustStay();
    const { rows } = await database.query(`select from gateway.outbox where type like 'person.%'`);
    expect(rows).toHaveLength(0);
  });
});

it('a row of a list that waits is served to no one', async () => {
  const { body: campaign } = await system.post('/v1/campaigns', { name: 'Later' });
  // Paused as soon as it has begun: what is not served waits.
  const recipients = Array.from({ length: 3_000 }, (_, index) => ({ externalId: `waits ${index}` }));
  const { body: job } = await system.post(`/v1/campaigns/${campaign.id}/distributions`, {
    channel: 'none',
    recipients: [...recipients, { phone: '07400 123477', country: 'GB' }],
  });
  await system.post(`/v1/jobs/${job.jobId}/pause`);
  await eventually(async () => {
    expect((await rowsWith('123477'))['issuance.list_row']).toHaveLength(1);
  });
  await system.call('DELETE', '/v1/contacts/+447400123477');
  await eventually(async () => expect(Object.keys(await rowsWith('123477'))).toEqual(['gateway.outbox']));
  await system.post(`/v1/jobs/${job.jobId}/resume`);
  await eventually(
    async () => {
      const { body } = await system.get(`/v1/jobs/${job.jobId}`);
      expect(body).toMatchObject({ status: 'done', done: 3_000, failed: 1 });
    },
    { timeoutMs: 40_000 },
  );
}, 60_000);

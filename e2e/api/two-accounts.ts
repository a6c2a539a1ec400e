import { createServer, type Server } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { Client } from 'pg';
import { eventually, startSystem, type Answer, type System } from './system';

export type Key = Record<string, string>;

/** What both accounts have, under the same names: only the ids that the system made differ. */
export interface Furnished {
  accountId: string;
  key: Key;
  ids: Record<string, string>;
  /** All that the system said while it was made. */
  text: string;
}

export interface TwoAccounts {
  system: System;
  database: Client;
  mine: Furnished;
  theirs: Furnished;
  /** Nothing is under way any more in any service. */
  settled(): Promise<void>;
  /** Gives the account one of everything. */
  furnished: (account: Furnished) => Promise<void>;
  /** Every row of every service that names the account or a thing of its, by table. */
  rowsOf: (account: Furnished) => Promise<Record<string, string[]>>;
  stop(): Promise<void>;
}

export const person = { phone: '+447400100200', email: 'ann@example.com', externalId: 'ann' };
export const suppressed = '+447400100300';
export const storeId = 'main';
export const reference = 'till 1/7';
const codes = Array.from({ length: 12 }, (_, index) => `SAME-${100 + index}`);

export async function startTwoAccounts(): Promise<TwoAccounts> {
  const hooks = await openHooks();
  const system = await startSystem('in-process', { WEBHOOK_ALLOW_PRIVATE: 'true' });
  const database = new Client({ connectionString: system.databaseUrl });
  await database.connect();
  const world = { system, database };
  const settled = () => settle(database);
  const [mine, theirs] = [await openAccount(world), await openAccount(world)];
  return {
    ...world,
    mine,
    theirs,
    settled,
    furnished: async (account) => {
      await furnish(world, account, hooks);
      await settled();
    },
    rowsOf: (account) => rowsOf(database, [account.accountId, ...idsIn(account.text)]),
    stop: async () => {
      await database.end();
      await system.stop();
      hooks.close();
    },
  };
}

async function openAccount({ system, database }: { system: System; database: Client }): Promise<Furnished> {
  const { body } = await system.post('/v1/accounts', { name: 'Shop' });
  const { clientId, clientSecret } = body.apiKey;
  const { rows } = await database.query<{ account_id: string }>(
    'select account_id from gateway.api_key where client_id = $1',
    [clientId],
  );
  const key = { 'x-client-id': clientId, 'x-client-secret': clientSecret };
  return { accountId: rows[0].account_id, key, ids: {}, text: JSON.stringify(body) };
}

const anId = /\b[a-z]{2,5}_[0-9a-z]{26}\b/g;
export const idsIn = (text: string): string[] => [...new Set(text.match(anId))];

/** One of everything that an account can have. */
async function furnish(
  { system, database }: { system: System; database: Client },
  account: Furnished,
  hooks: Server,
): Promise<void> {
  const { ids } = account;
  const call = async (
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ): Promise<Answer['body']> => {
    const answer = await system.call(method, path, { as: account.key, body, headers });
    const text = JSON.stringify(answer.body);
    if (answer.status >= 300) throw new Error(`${method} ${path}: ${answer.status} ${text}`);
    account.text += text;
    return answer.body;
  };
  const post = (path: string, body?: unknown) => call('POST', path, body);
  const listed = (path: string, count = 1) =>
    eventually(async () => {
      const { data } = await call('GET', path);
      if (data.length < count) throw new Error(`${path}: ${data.length} of ${count}`);
      return data;
    });

  ids.campaign = (await post('/v1/campaigns', { name: 'Spring', codes: { source: 'imported' } })).id;
  const stack = `/v1/campaigns/${ids.campaign}/codes`;
  const upload = await system.call('POST', stack, {
    as: account.key,
    raw: codes.join('\n'),
    headers: { 'content-type': 'text/csv' },
  });
  ids.job = upload.body.jobId;
  account.text += JSON.stringify(upload.body);
  await eventually(async () => (await call('GET', `/v1/jobs/${ids.job}`)).status === 'done');
  await post('/v1/stores', { id: storeId, name: 'Main street' });
  await post('/v1/contacts', { contacts: [{ ...person, firstName: 'Ann' }] });
  await call('PUT', '/v1/event-types/bought', { requiredParams: [] });

  const webhook = { url: `http://127.0.0.1:${(hooks.address() as AddressInfo).port}/`, events: ['joined'] };
  ids.webhook = (await post('/v1/webhooks', webhook)).id;
  const template = { name: 'Hello', channel: 'sms', body: 'Hello' };
  ids.template = (await post('/v1/templates', template)).id;
  const trigger = { event: 'joined', repeat: 'every' };
  ids.workflow = (
    await post('/v1/workflows', {
      name: 'Fails',
      trigger,
      steps: [{ sendMessage: { templateId: ids.template, to: 'no number' } }],
    })
  ).id;
  ids.waiting = (
    await post('/v1/workflows', {
      name: 'Waits',
      trigger,
      steps: [{ waitFor: { event: 'bought', within: 'P3D' } }],
    })
  ).id;
  await post('/v1/events', { type: 'joined', key: 'ann joined', contact: person });
  await post('/v1/events', { type: 'looked', contact: person });
  [{ id: ids.run }] = await listed(`/v1/workflows/${ids.workflow}/runs?status=failed`);
  [{ id: ids.waitingRun }] = await listed(`/v1/workflows/${ids.waiting}/runs?status=waiting`);
  await listed(`/v1/webhooks/${ids.webhook}/attempts?status=delivered`);

  const issue = async (name: string, recipient: object, channel?: string): Promise<string> => {
    const body = { campaignId: ids.campaign, recipient, channel };
    const coupon = await call('POST', '/v1/coupons', body, { 'idempotency-key': `coupon ${name}` });
    ids[name] = coupon.id;
    return coupon.code;
  };
  ids.code = await issue('coupon', person, 'sms');
  ids.spentCode = await issue('spent', { externalId: 'ben' });
  const redeem = { code: ids.spentCode, storeId, transactionRef: reference };
  ids.redemption = (await post('/v1/redemptions', redeem)).id;
  ids.heldCode = await issue('held', { externalId: 'cat' });
  ids.reservation = (await post('/v1/reservations', { code: ids.heldCode, ttlSeconds: 900 })).id;
  ids.freeCode = await issue('free', { externalId: 'dan' });
  ids.list = (
    await post(`/v1/campaigns/${ids.campaign}/distributions`, {
      channel: 'none',
      recipients: [{ externalId: 'eve' }, { phone: person.phone, email: 'no address' }],
    })
  ).jobId;
  await eventually(async () => (await call('GET', `/v1/jobs/${ids.list}`)).status === 'done');
  await post(`/v1/campaigns/${ids.campaign}/spend`, {
    source: { medium: 'tv' },
    amount: 100,
    currency: 'EUR',
    day: '2027-01-31',
  });
  [{ id: ids.spend }] = await listed(`/v1/campaigns/${ids.campaign}/spend`);

  await issue('mailed', { email: 'stop@example.com' }, 'email');
  const [mail] = await listed('/v1/sandbox/messages?to=stop@example.com');
  const link = new URL(/<(https?:[^>]+)>/.exec(mail.headers['List-Unsubscribe'])![1]).pathname;
  const form = { method: 'POST', body: new URLSearchParams({ 'List-Unsubscribe': 'One-Click' }) };
  if (!(await fetch(system.url + link, form)).ok) throw new Error('It was not unsubscribed.');
  await post('/v1/suppressions', { channel: 'sms', address: suppressed, note: 'called' });
  await post('/v1/messages', {
    templateId: ids.template,
    channel: 'sms',
    recipients: [{ phone: person.phone, key: 'hello ann' }],
  });

  const rewards = { name: 'Coffee', content: { title: 'A coffee' }, limits: { perRecipient: null } };
  ids.rewards = (await post('/v1/campaigns', rewards)).id;
  const reward = { name: 'A coffee', cost: 5, campaignId: ids.rewards };
  const card = await post('/v1/loyalty/cards', { name: 'Coffee', kind: 'stamps', rewards: [reward] });
  ids.card = card.id;
  ids.reward = card.rewards[0].id;
  ids.member = (await post('/v1/loyalty/members', { ...person, firstName: 'Ann' })).id;
  const onCard = `/v1/loyalty/cards/${ids.card}/members/${ids.member}`;
  ids.number = (await call('PUT', onCard)).number;
  await post(`${onCard}/points`, { amount: 20, reference });
  ids.rewardCode = (await post(`${onCard}/rewards/${ids.reward}/redeem`, { reference })).code;
  await system.call('GET', `${onCard}/pass.pkpass`, { as: account.key });
  ids.push = (await post(`/v1/loyalty/cards/${ids.card}/push`, { message: 'News' })).jobId;

  const claims = { name: 'Claims', claim: { public: true, country: 'GB' } };
  ids.claims = (await post('/v1/campaigns', claims)).id;
  await post('/v1/claims', { campaignId: ids.claims, recipient: { phone: person.phone } });
  await listed(`/v1/coupons?campaignId=${ids.claims}`);
  const game = {
    name: 'Game',
    type: 'game',
    offers: [{ id: 'bun', content: { title: 'A bun' } }],
    game: { winChance: 1, per: 'day' },
    claim: { public: true, country: 'GB' },
  };
  ids.game = (await post('/v1/campaigns', game)).id;
  await post('/v1/claims', { campaignId: ids.game, recipient: { phone: person.phone } });
  // The keys of runs that are no longer kept: nothing but time makes one.
  await database.query('insert into automation.run_key (workflow_id, start_key) values ($1, $2)', [
    ids.workflow,
    `once ${person.email}`,
  ]);
  await post('/v1/reports/rebuild', {});
  await eventually(async () => (await call('GET', '/v1/reports/rebuild')).state === 'done');
  ids.apiKey = (await post('/v1/api-keys', { name: 'till', scopes: ['pos'] })).id;
}

const schemas = ['gateway', 'issuance', 'redemption', 'notification', 'automation', 'insights', 'loyalty'];

/** Until no service has anything left to publish, to send or to count. */
async function settle(database: Client): Promise<void> {
  const left = [
    ...schemas.map((schema) => `select count(*)::int as n from ${schema}.outbox where available_at <= now()`),
    `select count(*)::int as n from notification.delivery where status = 'queued'`,
    `select count(*)::int as n from gateway.claim where status = 'waiting'`,
    `select count(*)::int as n from automation.webhook_attempt where status = 'waiting'`,
    `select greatest(0, (select count(*) from automation.event) - (select sum(count) from automation.event_type))::int`,
  ];
  // Twice in a row: what is being handled while it is counted may be about to publish more.
  let quiet = 0;
  await eventually(async () => {
    const { rows } = await database.query<{ n: number }>(
      `select sum(n)::int as n from (${left.join(' union all ')}) as each`,
    );
    quiet = rows[0].n === 0 ? quiet + 1 : 0;
    return quiet >= 5;
  });
}

async function rowsOf(database: Client, ids: readonly string[]): Promise<Record<string, string[]>> {
  const { rows: tables } = await database.query<{ name: string }>(
    `select table_schema || '.' || table_name as name from information_schema.tables
     where table_schema = any($1) and table_name <> all(array['inbox', 'outbox', 'migration']) order by 1`,
    [schemas],
  );
  const found: Record<string, string[]> = {};
  for (const { name } of tables) {
    const { rows } = await database.query<{ row: string }>(
      `select t::text as row from ${name} t where t::text like any($1) order by 1`,
      [ids.map((id) => `%${id}%`)],
    );
    found[name] = rows.map(({ row }) => row);
  }
  return found;
}

async function openHooks(): Promise<Server> {
  const server = createServer((request, response) => {
    request.resume();
    response.end('{}');
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return server;
}

import { Client } from 'pg';
import { exampleIds } from '../../apps/gateway/src/http/openapi/example-ids';
import { eventually, startSystem, type System } from './system';
import { GoogleStandIn } from '../wallets/google.stand-in';

interface Operation {
  summary: string;
  requestBody?: {
    content: Record<string, { examples?: Record<string, { value: unknown }>; example?: string }>;
  };
  responses: Record<string, unknown>;
}

const google = new GoogleStandIn();
let system: System;
let document: {
  openapi: string;
  paths: Record<string, Record<string, Operation>>;
  components: Record<string, object>;
};

beforeAll(async () => {
  system = await startSystem('in-process', {
    GOOGLE_WALLET_ISSUER_ID: '3388000000012345678',
    GOOGLE_WALLET_URL: await google.start(),
    GOOGLE_WALLET_CREDENTIALS: google.credentials,
  });
  document = (await system.get('/openapi.json')).body;
});
afterAll(async () => {
  await system?.stop();
  await google.stop();
});

/** What an example's ids stand for, made afresh, so that no example stands in the way of another. */
async function realIds(path: string, example: string): Promise<Record<string, string>> {
  const claims = path.startsWith('/v1/claims');
  const { body: campaign } = await system.post('/v1/campaigns', {
    name: 'Example',
    ...(claims && { claim: { public: true, country: 'GB' } }),
  });
  const ids: Record<string, string> = { campaign: campaign.id };
  const named = ({ coupon, code }: typeof exampleIds) => example.includes(coupon) || example.includes(code);
  if (/\/(coupons|redemptions|reservations|contacts)\/\{/.test(path) || named(exampleIds)) {
    const recipient = { phone: '+447400123456', email: 'ann@example.com' };
    const { body } = await system.post('/v1/coupons', { campaignId: campaign.id, recipient });
    Object.assign(ids, { coupon: body.id, code: body.code });
  }
  const { code } = ids;
  if (/\/templates\/\{id\}|\/workflows\//.test(path) || example.includes(exampleIds.template)) {
    const words = {
      name: 'Example',
      channel: 'sms',
      body: 'Your code: $!code',
      variants: { de: { body: 'Code: $!code' } },
    };
    ids.template = (await system.post('/v1/templates', words)).body.id;
  }
  if (path.includes('/redemptions/{id}'))
    ids.redemption = (await system.post('/v1/redemptions', { code })).body.id;
  if (path.includes('/reservations/{id}'))
    ids.reservation = (await system.post('/v1/reservations', { code })).body.id;
  if (path.includes('/jobs/')) ids.job = await listUnderWay(campaign.id);
  if (path.includes('/api-keys/'))
    ids.apiKey = (await system.post('/v1/api-keys', { name: 'x', scopes: ['pos'] })).body.id;
  if (path.includes('/webhooks/'))
    ids.webhook = (
      await system.post('/v1/webhooks', { url: 'https://hooks.shop.example/', events: ['order placed'] })
    ).body.id;
  if (path.includes('/workflows/')) Object.assign(ids, await failedRun(campaign.id, ids.template));
  if (/\/loyalty\/(.*\{|points)|reports\/loyalty/.test(path))
    Object.assign(ids, await loyaltyIds(campaign.id));
  if (path.includes('/spend/'))
    ids.spend = (
      await system.post(`/v1/campaigns/${campaign.id}/spend`, {
        source: { medium: 'tv' },
        amount: 100,
        currency: 'EUR',
        day: '2027-01-31',
      })
    ).body.id;
  if (path.includes('/dead-letters/')) ids.deadLetter = await deadLetter();
  if (path.includes('/suppressions'))
    await system.post('/v1/suppressions', { channel: 'sms', address: '+447400000000' });
  return ids;
}

/** A member with stamps on a card; someone else has the phone number of the examples. */
async function loyaltyIds(campaignId: string): Promise<Record<string, string>> {
  const rewards = [{ name: 'A coffee', cost: 1, campaignId }];
  const { body: card } = await system.post('/v1/loyalty/cards', { name: 'Example', kind: 'stamps', rewards });
  await system.post('/v1/loyalty/members', { phone: '+447400123456' });
  const { body: member } = await system.post('/v1/loyalty/members', { externalId: `of ${card.id}` });
  const onCard = `/v1/loyalty/cards/${card.id}/members/${member.id}`;
  const { number } = (await system.call('PUT', onCard)).body;
  await system.post(`${onCard}/points`, { amount: 5 });
  const push = await system.post(`/v1/loyalty/cards/${card.id}/push`, { message: 'News' });
  return {
    card: card.id,
    member: member.id,
    reward: card.rewards[0].id,
    number,
    job: push.body.jobId,
  };
}

/** Work that automation gave up on. */
async function deadLetter(): Promise<string> {
  const message = {
    specversion: '1.0',
    id: 'example',
    type: 'run.due.v1',
    source: 'tearoff.automation',
    time: '2027-01-31T00:00:00Z',
    datacontenttype: 'application/json',
    data: { items: [{ runId: exampleIds.run }] },
  };
  const database = new Client({ connectionString: system.databaseUrl });
  await database.connect();
  await database.query(
    `insert into automation.dead_letter (queue, type, body, reason, attempts)
     values ('automation.runs', 'run.due.v1', $1, 'Error: no', 8)`,
    [JSON.stringify([message])],
  );
  await database.end();
  return (await system.get('/v1/dead-letters')).body.data[0].id;
}

/** A job that can still be told something. */
async function listUnderWay(campaignId: string): Promise<string> {
  const recipients = Array.from({ length: 10_000 }, (_, index) => ({ externalId: `person ${index}` }));
  const { body } = await system.post(`/v1/campaigns/${campaignId}/distributions`, {
    channel: 'none',
    recipients,
  });
  return body.jobId;
}

/** A workflow, and a run of it that can be retried. */
async function failedRun(campaignId: string, templateId: string): Promise<{ workflow: string; run: string }> {
  const { body } = await system.post('/v1/workflows', {
    name: 'Example',
    trigger: { event: 'coupon.issued', filter: { '==': ['${params.campaignId}', campaignId] } },
    steps: [{ sendMessage: { templateId, to: 'nobody' } }],
  });
  await system.post('/v1/coupons', { campaignId, recipient: { externalId: 'somebody else' } });
  const run = await eventually(async () => {
    const runs = await system.get(`/v1/workflows/${body.id}/runs?status=failed`);
    expect(runs.body.data).toHaveLength(1);
    return runs.body.data[0].id as string;
  });
  return { workflow: body.id, run };
}

const nouns: Record<string, string> = {
  campaigns: 'campaign',
  coupons: 'coupon',
  redemptions: 'redemption',
  reservations: 'reservation',
  jobs: 'job',
  'api-keys': 'apiKey',
  templates: 'template',
  cards: 'card',
  members: 'member',
  webhooks: 'webhook',
  workflows: 'workflow',
  'dead-letters': 'deadLetter',
};

function withReal(text: string, ids: Record<string, string>): string {
  return Object.entries(exampleIds).reduce(
    (done, [name, example]) => done.replaceAll(example, ids[name] ?? example),
    text,
  );
}

it('the document is OpenAPI 3.1 and points nowhere that is not there', () => {
  expect(document.openapi).toMatch(/^3\.1/);
  const text = JSON.stringify(document);
  for (const [, section, name] of text.matchAll(/"#\/components\/(\w+)\/(\w+)"/g)) {
    expect(document.components[section]).toHaveProperty(name);
  }
  const ids = Object.values(document.paths).flatMap((path) =>
    Object.values(path).map((each) => (each as { operationId?: string }).operationId),
  );
  expect(new Set(ids).size).toBe(ids.length);
});

it('every example of the document is answered as it says, with and without it', async () => {
  const tried: string[] = [];
  for (const [path, operations] of Object.entries(document.paths)) {
    for (const [method, operation] of Object.entries(operations)) {
      const content = operation.requestBody?.content ?? {};
      const json = Object.entries(content['application/json']?.examples ?? {});
      const csv = content['text/csv']?.example;
      const bodies: [string, string | undefined, string | undefined][] = [
        ...json.map(([name, { value }]): [string, string, string] => [
          name,
          JSON.stringify(value),
          'application/json',
        ]),
        ...(csv === undefined ? [] : [['csv', csv, 'text/csv'] as [string, string, string]]),
      ];
      if (bodies.length === 0) bodies.push(['', undefined, undefined]);
      for (const [name, body, type] of bodies) {
        const ids = await realIds(path, body ?? '');
        if (type === 'text/csv') {
          const imported = await system.post('/v1/campaigns', {
            name: 'Imported',
            codes: { source: 'imported' },
          });
          ids.campaign = imported.body.id;
        }
        const [, , first, second] = path.split('/');
        const noun = nouns[first === 'loyalty' ? second : first];
        const address = path
          .replace('{id}', ids[noun] ?? '')
          .replace(/\{(number|member|reward|run|job|spend)(?:Id)?\}/g, (_, name: string) => ids[name]);
        const queries: Record<string, string> = {
          'delete /v1/suppressions': '?channel=sms&address=%2B447400000000',
          'get /v1/reports/timeseries': `?campaignId=${ids.campaign}`,
          'get /v1/reports/loyalty': `?cardId=${ids.card}`,
          'get /v1/claims/form': `?campaignId=${ids.campaign}`,
        };
        const listed = path.endsWith('/distributions') && type === 'text/csv' ? '?channel=none' : '';
        const query = queries[`${method} ${path}`] ?? listed;
        const answer = await system.call(method.toUpperCase(), address + query, {
          raw: body === undefined ? undefined : withReal(body, ids),
          headers: type ? { 'content-type': type } : {},
        });
        const expected = Object.keys(operation.responses)
          .map(Number)
          .filter((status) => status < 300);
        tried.push(`${method} ${path} ${name}`);
        expect([
          `${method} ${path} ${name}`,
          answer.status,
          JSON.stringify(answer.body).slice(0, 300),
        ]).toEqual([
          `${method} ${path} ${name}`,
          expected.includes(answer.status) ? answer.status : expected,
          expect.anything(),
        ]);
      }
    }
  }
  expect(tried.length).toBeGreaterThan(40);
  // Longer than the others may take: it walks through the whole API.
}, 240_000);

it('/docs shows it from our own disk, under a policy that lets nothing else in', async () => {
  const page = await system.call('GET', '/docs', { as: null });
  expect(page.status).toBe(200);
  expect(page.headers.get('content-security-policy')).toContain("script-src 'self'");
  expect(page.body).not.toMatch(/https?:\/\//);
  for (const [, asset] of (page.body as string).matchAll(/(?:src|href)="([^"]+)"/g)) {
    expect([asset, (await system.call('GET', asset, { as: null })).status]).toEqual([asset, 200]);
  }
  expect((await system.call('GET', '/docs/assets/package.json', { as: null })).status).toBe(404);
  expect(
    (await system.call('GET', '/docs/assets/..%2Fpackage.json', { as: null })).status,
  ).toBeGreaterThanOrEqual(400);
});

it('an imported stack is given out, and read back as CSV', async () => {
  const { body: campaign } = await system.post('/v1/campaigns', {
    name: 'Imported',
    codes: { source: 'imported' },
  });
  const path = `/v1/campaigns/${campaign.id}/codes`;
  const upload = await system.call('POST', path, {
    raw: 'code,note\r\nSPRING-1,x\r\nspring-2,y\r\nSPRING-1,z\r\n',
    headers: { 'content-type': 'text/csv' },
  });
  expect(upload.status).toBe(202);
  await eventually(async () => {
    const { body } = await system.get(`/v1/jobs/${upload.body.jobId}`);
    expect(body).toMatchObject({
      kind: 'codes.import',
      status: 'done',
      done: 2,
      failed: 1,
      campaignId: campaign.id,
    });
    expect(body.errors[0].path).toBe('/lines/4');
  });
  const coupon = await system.post('/v1/coupons', {
    campaignId: campaign.id,
    recipient: { externalId: 'a' },
  });
  expect(coupon.status).toBe(201);
  const csv = await system.get(path, { accept: 'text/csv' });
  expect((csv.body as string).split('\r\n').slice(0, -1)).toHaveLength(3);
  expect(csv.body).toContain(coupon.body.id);
  expect((await system.post('/v1/redemptions', { code: 'spring 1' })).status).toBe(201);
});

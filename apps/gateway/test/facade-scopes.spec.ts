import { FindContact, newId, SaveContacts, SendMessages } from '@tearoff/contracts';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import Fastify, { type FastifyInstance } from 'fastify';
import { NativeActs, type FacadeAccess } from '../src/facades/native-acts';
import { admin, startHarness, type Harness } from './harness';
import { ids } from './samples';

const templateId = newId('template');
const coupons = ['POST /v1/coupons'];
const enrolling = 'PUT /v1/loyalty/cards/:id/members/:memberId';
const ct = '/coupontools/v3';
const es = '/esputnik/api';
const lb = '/liquidbarcodes';

/** What each call of a vendor's client is in our own API, whose scopes it must have. */
const acts: Record<string, string[]> = {
  [`GET ${ct}/coupon/list`]: ['GET /v1/campaigns'],
  [`POST ${ct}/coupon/list`]: ['GET /v1/campaigns'],
  [`GET ${ct}/coupon/info`]: ['GET /v1/campaigns/:id', 'GET /v1/reports/funnel'],
  [`POST ${ct}/coupon/info`]: ['GET /v1/campaigns/:id', 'GET /v1/reports/funnel'],
  [`POST ${ct}/coupon/pushnotification/single`]: ['GET /v1/coupons/:id', 'POST /v1/loyalty/cards/:id/push'],
  [`POST ${ct}/couponsession/data`]: ['GET /v1/coupons'],
  [`POST ${ct}/couponsession/search`]: ['GET /v1/coupons'],
  [`POST ${ct}/webhook/verification`]: ['GET /v1/webhooks/:id', 'GET /v1/coupons'],
  [`POST ${ct}/campaign/data`]: ['GET /v1/coupons'],
  [`POST ${ct}/campaign/opens`]: ['GET /v1/coupons'],
  [`POST ${ct}/campaign/claims`]: ['GET /v1/coupons', 'GET /v1/redemptions'],
  [`POST ${ct}/campaign/validations`]: ['GET /v1/coupons', 'GET /v1/redemptions'],
  [`POST ${ct}/singleuse/create`]: coupons,
  [`POST ${ct}/multiplesingleuse/create`]: coupons,
  [`POST ${ct}/send/sms`]: [...coupons, enrolling],
  [`POST ${ct}/send/email`]: [...coupons, enrolling],
  [`POST ${ct}/loyalty/list`]: ['GET /v1/loyalty/cards'],
  [`POST ${ct}/loyalty/info`]: ['GET /v1/loyalty/cards/:id'],
  [`POST ${ct}/loyalty/pushnotification/list`]: ['POST /v1/loyalty/cards/:id/push'],
  [`POST ${ct}/loyaltyusers/create`]: ['POST /v1/loyalty/members'],
  [`POST ${ct}/loyaltyusers/link`]: [enrolling],
  [`POST ${ct}/loyaltyusers/list`]: ['GET /v1/loyalty/cards/:id/members'],
  [`POST ${ct}/loyaltyusers/search`]: ['GET /v1/loyalty/cards/:id/members'],
  [`POST ${ct}/loyaltyusers/update`]: ['POST /v1/loyalty/cards/:id/members/:memberId/points'],
  [`POST ${es}/v1/event`]: ['POST /v1/events'],
  [`POST ${es}/v2/event`]: ['POST /v1/events'],
  [`POST ${es}/v1/message/:id/smartsend`]: ['POST /v1/messages'],
  [`POST ${es}/v1/contact`]: ['POST /v1/contacts'],
  [`POST ${es}/v1/contact/subscribe`]: ['POST /v1/contacts'],
  [`POST ${es}/v1/contacts`]: ['POST /v1/contacts'],
  [`DELETE ${es}/v1/contact`]: ['DELETE /v1/contacts/:contact'],
  [`POST ${lb}/content/IssueRequest`]: coupons,
  [`GET ${lb}/content/campaigns/list`]: ['GET /v1/campaigns'],
  [`POST ${lb}/content/listener`]: ['POST /v1/webhooks'],
  [`DELETE ${lb}/content/listener/:id`]: ['DELETE /v1/webhooks/:id'],
  [`GET ${lb}/content/listeners`]: ['GET /v1/webhooks'],
  [`POST ${lb}/pos/Reserve`]: ['POST /v1/reservations'],
  [`POST ${lb}/pos/Validate`]: ['POST /v1/redemptions'],
  [`POST ${lb}/pos/Cancel`]: ['DELETE /v1/reservations/:id'],
};

/** Without a twin of our own. */
const own: Record<string, string[]> = {
  [`GET ${es}/v1/message/status`]: ['marketing', 'send'],
  [`GET ${es}/v1/version`]: ['events', 'send', 'marketing'],
  [`GET ${es}/v1/account/info`]: ['events', 'send', 'marketing'],
};

const scopes = ['marketing', 'send', 'events', 'pos', 'public'];

let harness: Harness;
let keys: Map<string, Record<string, string>>;
const native = new Set<string>();
let declared: Map<string, readonly string[]>;

beforeAll(async () => {
  harness = await startHarness();
  keys = new Map();
  for (const scope of scopes) keys.set(scope, await harness.keyFor(scope));
  const { body } = await harness.call('GET', '/openapi.json', { as: null });
  for (const [path, methods] of Object.entries<object>(body.paths))
    for (const method of Object.keys(methods))
      native.add(`${method.toUpperCase()} ${path.replace(/\{(\w+)\}/g, ':$1')}`);
  const { app } = harness.gateway;
  const server: FastifyInstance = (app as NestFastifyApplication).getHttpAdapter().getInstance();
  declared = new Map(server.nativeActs.table().map(({ route, standsFor }) => [route, standsFor]));
});
afterAll(() => harness?.stop());

/** As that vendor's clients show their key. */
function credentialsFor(route: string, key: Record<string, string>): Record<string, string> {
  const [id, secret] = [key['x-client-id'], key['x-client-secret']];
  const basic = (text: string) => ({ authorization: `Basic ${Buffer.from(text).toString('base64')}` });
  if (route.includes(ct)) return { 'x-client-id': id, 'x-client-secret': secret };
  return route.includes(es) ? basic(`:${id}.${secret}`) : basic(`${id}:${secret}`);
}

async function isLetIn(route: string, key: Record<string, string>): Promise<boolean> {
  const [method, path] = route.split(' ');
  const isFacade = [ct, es, lb].some((prefix) => path.startsWith(prefix));
  const { status, body } = await harness.call(method, path.replace(/:\w+/g, ids.campaign), {
    as: isFacade ? credentialsFor(route, key) : key,
    ...(method === 'POST' && { body: {} }),
  });
  expect([route, status]).not.toEqual([route, 401]);
  return status !== 403 || !JSON.stringify(body).includes('the scope');
}

describe("a façade's route", () => {
  it('is in this table', () => {
    const facades = Object.keys({ ...acts, ...own });
    const registered = [...declared.keys()].filter((route) => !route.startsWith('HEAD '));
    expect(registered.toSorted()).toEqual(facades.toSorted());
  });

  it.each(Object.entries(acts))('%s stands for %j', (route, standsFor) => {
    expect(declared.get(route)).toEqual(standsFor);
    for (const act of standsFor) expect(native).toContain(act);
  });

  it.each(Object.entries(acts))(
    '%s lets in the keys that may do %j, and no others',
    async (route, standsFor) => {
      for (const [scope, key] of keys) {
        if (scope === 'public') {
          expect([scope, await isLetIn(route, key)]).toEqual([scope, false]);
          continue;
        }
        const may = await Promise.all(standsFor.map((act) => isLetIn(act, key)));
        expect([scope, await isLetIn(route, key)]).toEqual([scope, may.every(Boolean)]);
      }
    },
  );

  it.each(Object.entries(own))('%s, which has no twin, lets in %j alone', async (route, letsIn) => {
    for (const [scope, key] of keys)
      expect([scope, await isLetIn(route, key)]).toEqual([scope, letsIn.includes(scope)]);
  });

  it('that says nothing of who may call it stops the start', async () => {
    const configs: FacadeAccess[] = [{}, { standsFor: ['POST /v1/nothing'] }, { standsFor: [] }];
    for (const config of configs) {
      const server = Fastify();
      new NativeActs(server);
      server.get('/esputnik/api/v1/new', { config }, () => 'ok');
      await expect(server.ready()).rejects.toThrow('/esputnik/api/v1/new');
      await server.close();
    }
  });
});

describe('a key that posts events', () => {
  const asked = { recipients: [{ locator: 'kim@example.com' }], email: true };
  const as = (scope: string) => credentialsFor(es, keys.get(scope)!);

  beforeEach(() => harness.others.reset());

  it('sends no message and saves no contact', async () => {
    const answers = [
      await harness.call('POST', `${es}/v1/message/${templateId}/smartsend`, {
        as: as('events'),
        body: asked,
      }),
      await harness.call('POST', `${es}/v1/contact`, { as: as('events'), body: { firstName: 'Kim' } }),
      await harness.call('POST', `${es}/v1/contact/subscribe`, { as: as('events'), body: { contact: {} } }),
      await harness.call('POST', `${es}/v1/contacts`, { as: as('events'), body: { contacts: [] } }),
    ];
    expect(answers.map(({ status }) => status)).toEqual([403, 403, 403, 403]);
    for (const command of [SendMessages, SaveContacts, FindContact])
      expect(harness.others.askedFor(command)).toEqual([]);
  });

  it('does so with the scope send too, here and in our own API', async () => {
    harness.others.on(SendMessages, ({ recipients }) => ({
      results: recipients.map(({ deliveryId }) => ({ deliveryId, status: 'queued' as const, error: null })),
    }));
    const sent = await harness.call('POST', `${es}/v1/message/${templateId}/smartsend`, {
      as: as('send'),
      body: asked,
    });
    expect([sent.status, sent.body.results[0].status]).toEqual([200, 'OK']);
    const own = await harness.call('POST', '/v1/messages', {
      as: keys.get('send')!,
      body: { templateId: templateId, recipients: [{ email: 'kim@example.com' }] },
    });
    expect(own.status).toBe(202);
    expect((await harness.call('GET', '/v1/deliveries', { as: keys.get('send')! })).status).toBe(403);
    expect((await harness.call('GET', '/v1/deliveries', { as: admin })).status).not.toBe(403);
  });
});

import {
  AddSpend,
  deadLetterCommands,
  deadLetterServices,
  ListSpend,
  newId,
  RemoveSpend,
  GetFunnel,
  GetLoyaltyReport,
  GetRebuild,
  GetTimeseries,
  notFound,
  RebuildReports,
  type FunnelLine,
  type Rebuild,
} from '@tearoff/contracts';
import { startHarness, type Harness } from './harness';
import { ids } from './samples';

let harness: Harness;
beforeAll(async () => {
  harness = await startHarness();
});
afterAll(() => harness.stop());
beforeEach(() => harness.others.reset());

const line = (changes: Partial<FunnelLine>): FunnelLine => ({
  group: {},
  currency: 'EUR',
  views: 10,
  clicks: 4,
  botViews: 1,
  botClicks: 0,
  issued: 3,
  sent: 2,
  delivered: 1,
  opened: 2,
  redeemed: 1,
  reversed: 0,
  voided: 0,
  revenue: 5_000,
  discount: 1_000,
  spend: 2_000,
  costPerRedemption: 2_000,
  returnOnSpend: 2.5,
  secondsToRedeem: { median: 100, p90: null },
  ...changes,
});
const rebuild: Rebuild = {
  state: 'waiting',
  requestedAt: '2027-01-01T00:00:00.000Z',
  startedAt: null,
  finishedAt: null,
  campaigns: 0,
  coupons: 0,
  redemptions: 0,
  deliveries: 0,
  error: null,
};

describe('the funnel', () => {
  it('is asked for as the query says, and shown as it is', async () => {
    const report = { data: [line({ group: { source: 'tv', day: '2027-01-01' } })], total: line({}) };
    harness.others.on(GetFunnel, () => report);
    const query = `campaignId=${ids.campaign}&groupBy=source,day&from=2027-01-01&to=2027-01-31`;
    const answer = await harness.call('GET', `/v1/reports/funnel?${query}`);
    expect(answer).toMatchObject({ status: 200, body: report });
    expect(harness.others.askedFor(GetFunnel)).toEqual([
      {
        accountId: expect.stringMatching(/^acc_/),
        campaignId: ids.campaign,
        groupBy: ['source', 'day'],
        from: '2027-01-01',
        to: '2027-01-31',
      },
    ]);
    expect((await harness.call('GET', '/v1/reports/funnel')).status).toBe(200);
  });

  it('as CSV runs no formula in a spreadsheet', async () => {
    harness.others.on(GetFunnel, () => ({
      data: [
        line({ group: { source: '=HYPERLINK("http://evil")', store: null } }),
        line({ group: { source: '+1,2', store: 'a"b' }, currency: null, costPerRedemption: null }),
      ],
      total: line({}),
    }));
    const { status, body, headers } = await harness.call('GET', '/v1/reports/funnel?groupBy=source,store', {
      headers: { accept: 'text/csv' },
    });
    expect(status).toBe(200);
    expect(headers.get('content-type')).toBe('text/csv; charset=utf-8');
    expect(headers.get('content-disposition')).toBe('attachment; filename="funnel.csv"');
    expect((body as string).split('\r\n')).toEqual([
      'source,store,currency,views,clicks,botViews,botClicks,issued,sent,delivered,opened,redeemed,reversed,voided,' +
        'revenue,discount,spend,costPerRedemption,returnOnSpend,medianSecondsToRedeem,p90SecondsToRedeem',
      `"'=HYPERLINK(""http://evil"")",,EUR,10,4,1,0,3,2,1,2,1,0,0,5000,1000,2000,2000,2.5,100,`,
      `"'+1,2","a""b",,10,4,1,0,3,2,1,2,1,0,0,5000,1000,2000,,2.5,100,`,
      '',
    ]);
  });

  it.each([
    ['groupBy=source,phase', '/groupBy'],
    ['groupBy=source,source', '/groupBy'],
    ['groupBy=source&groupBy=day', '/groupBy'],
    ['from=yesterday', '/from'],
    ['to=2027-13-01', '/to'],
    ['from=0000-01-01', '/from'],
    ['since=2027-01-01', '/since'],
  ])('refuses ?%s without asking anyone', async (query, path) => {
    const answer = await harness.call('GET', `/v1/reports/funnel?${query}`);
    expect(answer).toMatchObject({ status: 400, body: { code: 'request.invalid', errors: [{ path }] } });
    expect(harness.others.asked).toEqual([]);
  });

  it('of a campaign that is not there is a 404', async () => {
    harness.others.on(GetFunnel, () => notFound('campaign.not_found', 'There is no such campaign.'));
    expect(await harness.call('GET', '/v1/reports/funnel?campaignId=cam_x')).toMatchObject({
      status: 404,
      body: { code: 'campaign.not_found' },
    });
  });
});

it('a series is shown as JSON and as CSV, a negative day as a number', async () => {
  const day = { day: '2027-01-01', views: 1, clicks: 0, issued: 0, opened: 0, redeemed: 0, reversed: 1 };
  const series = {
    data: [{ ...day, revenue: -5_000, discount: 0, spend: 0 }],
    currency: 'EUR',
    currencies: ['EUR'],
  };
  harness.others.on(GetTimeseries, () => series);
  const path = `/v1/reports/timeseries?campaignId=${ids.campaign}`;
  expect(await harness.call('GET', `${path}&interval=week`)).toMatchObject({ status: 200, body: series });
  const { body } = await harness.call('GET', path, { headers: { accept: 'text/csv' } });
  expect(body).toBe(
    'day,views,clicks,issued,opened,redeemed,reversed,revenue,discount,spend,currency\r\n' +
      '2027-01-01,1,0,0,0,0,1,-5000,0,0,EUR\r\n',
  );
  expect(harness.others.askedFor(GetTimeseries).map(({ interval }) => interval)).toEqual(['week', 'day']);
  expect((await harness.call('GET', '/v1/reports/timeseries')).status).toBe(400);
});

it('what happened on a card is asked for by its zone’s day by default, and shown as JSON and as CSV', async () => {
  const day = {
    day: '2027-01-01',
    membersEnrolled: 1,
    pointsAwarded: 120,
    pointsSpent: 50,
    pointsExpired: 7,
  };
  const report = { data: [{ ...day, rewardsIssued: 2, membersChangedTier: 3 }] };
  harness.others.on(GetLoyaltyReport, () => report);
  const cardId = newId('card');
  const path = `/v1/reports/loyalty?cardId=${cardId}`;
  const spanned = `${path}&groupBy=month&from=2027-01-01&to=2027-02-28`;
  expect(await harness.call('GET', spanned)).toMatchObject({ status: 200, body: report });
  const { body, headers } = await harness.call('GET', path, { headers: { accept: 'text/csv' } });
  expect(headers.get('content-disposition')).toBe('attachment; filename="loyalty.csv"');
  expect(body).toBe(
    'day,membersEnrolled,pointsAwarded,pointsSpent,pointsExpired,rewardsIssued,membersChangedTier\r\n' +
      '2027-01-01,1,120,50,7,2,3\r\n',
  );
  const own = { accountId: expect.stringMatching(/^acc_/), cardId };
  expect(harness.others.askedFor(GetLoyaltyReport)).toEqual([
    { ...own, groupBy: 'month', from: '2027-01-01', to: '2027-02-28' },
    { ...own, groupBy: 'day' },
  ]);
  const refused = ['/v1/reports/loyalty', `${path}&groupBy=store`, `${path}&from=today`, `${path}&card=x`];
  const answers = await Promise.all(refused.map((wrong) => harness.call('GET', wrong)));
  expect(answers.map(({ status, body: { errors } }) => [status, errors[0].path])).toEqual([
    [400, '/cardId'],
    [400, '/groupBy'],
    [400, '/from'],
    [400, '/card'],
  ]);
  const pos = credentials(await harness.keyFor('pos'));
  expect((await harness.call('GET', path, { as: pos })).status).toBe(403);
});

describe('spend', () => {
  const path = `/v1/campaigns/${ids.campaign}/spend`;
  const body = { source: { medium: 'tv' }, amount: 100, currency: 'EUR', day: '2027-01-31' };
  beforeEach(() => harness.others.on(AddSpend, ({ accountId: _, campaignId: __, ...spend }) => spend));

  it('is added, and under an Idempotency-Key has an id that a repetition cannot change', async () => {
    expect(await harness.call('POST', path, { body })).toMatchObject({ status: 201, body });
    await harness.call('POST', path, { body });
    const headers = { 'idempotency-key': 'tv-january' };
    const marketing = credentials(await harness.keyFor('marketing'));
    await harness.call('POST', path, { body, headers });
    await harness.call('POST', path, { body, headers, as: marketing });
    const asked = harness.others.askedFor(AddSpend).map(({ id }) => id);
    expect(new Set(asked).size).toBe(4);
    for (const id of asked) expect(id).toMatch(/^spd_/);
  });

  it('is listed, and taken back by its id', async () => {
    const entry = { id: newId('spend'), ...body };
    harness.others.on(ListSpend, () => ({ data: [entry], nextCursor: null }));
    harness.others.on(RemoveSpend, () => ({}));
    const as = credentials(await harness.keyFor('marketing'));
    expect((await harness.call('GET', `${path}?limit=7`, { as })).body.data).toEqual([entry]);
    expect(harness.others.askedFor(ListSpend)).toMatchObject([{ campaignId: ids.campaign, limit: 7 }]);
    expect((await harness.call('DELETE', `${path}/${entry.id}`, { as })).status).toBe(204);
    expect(harness.others.askedFor(RemoveSpend)).toMatchObject([
      { campaignId: ids.campaign, spendId: entry.id },
    ]);
    expect((await harness.call('DELETE', `${path}/x`)).body.code).toBe('spend.not_found');
    const till = await harness.keyFor('pos');
    expect((await harness.call('DELETE', `${path}/${entry.id}`, { as: credentials(till) })).status).toBe(403);
  });

  it.each([
    ['/amount', { ...body, amount: -1 }],
    ['/amount', { ...body, amount: 1.5 }],
    ['/currency', { ...body, currency: 'euro' }],
    ['/day', { ...body, day: '31.01.2027' }],
    ['/day', { ...body, day: '0000-01-31' }],
    ['/source', { ...body, source: 'tv' }],
    ['/source', { ...body, source: { medium: 7 } }],
    ['/comment', { ...body, comment: 'x' }],
  ])('with a fault at %s is refused', async (fault, wrong) => {
    const answer = await harness.call('POST', path, { body: wrong });
    expect(answer).toMatchObject({ status: 400, body: { errors: [{ path: fault }] } });
    expect(harness.others.asked).toEqual([]);
  });
});

describe('a rebuild', () => {
  beforeEach(() => {
    harness.others.on(RebuildReports, () => rebuild);
    harness.others.on(GetRebuild, () => rebuild);
  });

  it('is asked for by an admin, for their account, and by the operator for all', async () => {
    const { body: tenant } = await harness.call('POST', '/v1/accounts', { body: { name: 'Tenant' } });
    const as = {
      'x-client-id': tenant.apiKey.clientId,
      'x-client-secret': tenant.apiKey.clientSecret,
    };
    expect(await harness.call('POST', '/v1/reports/rebuild', { as })).toMatchObject({
      status: 202,
      body: rebuild,
    });
    expect(harness.others.askedFor(RebuildReports)).toEqual([{ accountId: tenant.id }]);
    const all = { body: { accounts: 'all' } };
    expect(await harness.call('POST', '/v1/reports/rebuild', { ...all, as })).toMatchObject({
      status: 403,
      body: { code: 'auth.operator_only' },
    });
    harness.others.asked.length = 0;
    await harness.call('POST', '/v1/reports/rebuild', all);
    const asked = harness.others.askedFor(RebuildReports).map(({ accountId }) => accountId);
    expect(new Set(asked).size).toBe(2);
    expect(asked).toContain(tenant.id);
    expect((await harness.call('GET', '/v1/reports/rebuild', { as })).body).toEqual(rebuild);
  });

  it('is not marketing’s, nor are reports a till’s', async () => {
    const [marketing, pos] = [await harness.keyFor('marketing'), await harness.keyFor('pos')];
    expect((await harness.call('POST', '/v1/reports/rebuild', { as: credentials(marketing) })).status).toBe(
      403,
    );
    expect((await harness.call('GET', '/v1/reports/funnel', { as: credentials(pos) })).status).toBe(403);
  });
});

describe('dead letters', () => {
  const letter = (id: string, deadAt: string) => ({
    id,
    queue: 'x.events',
    eventId: 'evt_1',
    type: 'coupon.issued.v1',
    reason: 'Error: no',
    attempts: 8,
    deadAt,
  });
  const held = {
    automation: [letter('9', '2027-01-05T00:00:00.000Z'), letter('8', '2027-01-02T00:00:00.000Z')],
    issuance: [letter('3', '2027-01-04T00:00:00.000Z'), letter('2', '2027-01-03T00:00:00.000Z')],
  };
  beforeEach(() => {
    for (const service of deadLetterServices)
      harness.others.on(deadLetterCommands[service].list, ({ before, limit = 50 }) => {
        const letters = service === 'automation' || service === 'issuance' ? held[service] : [];
        return {
          data: letters.filter(({ id }) => !before || Number(id) < Number(before)).slice(0, limit),
        };
      });
  });

  it('of all services are paged through, newest first', async () => {
    const seen: string[] = [];
    for (let query = '?limit=1'; ;) {
      const { body } = await harness.call('GET', `/v1/dead-letters${query}`);
      seen.push(...body.data.map(({ id }: { id: string }) => id));
      if (body.nextCursor === null) break;
      query = `?limit=1&cursor=${body.nextCursor}`;
    }
    expect(seen).toEqual(['automation.9', 'issuance.3', 'issuance.2', 'automation.8']);
    const one = await harness.call('GET', '/v1/dead-letters?service=issuance');
    expect(one.body).toMatchObject({
      data: [{ id: 'issuance.3', service: 'issuance', reason: 'Error: no' }, { id: 'issuance.2' }],
      nextCursor: null,
    });
    expect((await harness.call('GET', '/v1/dead-letters?cursor=x')).body.code).toBe('request.invalid_cursor');
    expect((await harness.call('GET', '/v1/dead-letters?service=gateway')).status).toBe(400);
  });

  it('are read with their message, and replayed', async () => {
    const { get, replay } = deadLetterCommands.automation;
    harness.others.on(get, () => ({ ...held.automation[0], body: '[]' }));
    harness.others.on(replay, () => ({}));
    const { body } = await harness.call('GET', '/v1/dead-letters/automation.9');
    expect(body).toMatchObject({ id: 'automation.9', service: 'automation', body: '[]' });
    expect((await harness.call('POST', '/v1/dead-letters/automation.9/replay')).status).toBe(204);
    expect(harness.others.askedFor(replay)).toEqual([{ id: '9' }]);
    for (const id of ['gateway.1', 'automation', 'automation.0', 'automation.x', 'x'])
      expect((await harness.call('POST', `/v1/dead-letters/${id}/replay`)).body.code).toBe(
        'dead_letter.not_found',
      );
  });

  it('are no one’s but the operator’s', async () => {
    const { body: tenant } = await harness.call('POST', '/v1/accounts', { body: { name: 'Tenant' } });
    const { clientId, clientSecret } = tenant.apiKey;
    const admin = { 'x-client-id': clientId, 'x-client-secret': clientSecret };
    const marketing = credentials(await harness.keyFor('marketing'));
    for (const [method, path] of [
      ['GET', ''],
      ['GET', '/automation.9'],
      ['POST', '/automation.9/replay'],
    ]) {
      const asTenant = await harness.call(method, `/v1/dead-letters${path}`, { as: admin });
      expect([asTenant.status, asTenant.body.code]).toEqual([403, 'auth.operator_only']);
      expect((await harness.call(method, `/v1/dead-letters${path}`, { as: marketing })).status).toBe(403);
    }
    expect(harness.others.asked).toEqual([]);
  });
});

const credentials = ({ id: _, ...headers }: Record<string, string>) => headers;

import {
  CouponPageOpened,
  FindCampaign,
  GetCouponState,
  GetCouponPage,
  newId,
  notFound,
  TrafficCounted,
  unavailable,
} from '@tearoff/contracts';
import { eventually } from '@tearoff/testing';
import { aCampaign, aCoupon, issuedState } from '../src/pages/test/fixtures';
import { TrafficCounts } from '../src/pages/tracking/traffic-counts';
import { VisitReporter } from '../src/pages/tracking/visit-reporter';
import { Client } from 'pg';
import { startHarness, type Harness } from './harness';

const phone =
  'Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148';

let harness: Harness;
beforeAll(async () => {
  harness = await startHarness();
});
afterAll(() => harness.stop());

let campaign: ReturnType<typeof aCampaign>;
beforeEach(() => {
  harness.others.reset();
  campaign = aCampaign({ claim: { origins: ['https://shop.example'] } });
  harness.others.on(FindCampaign, ({ campaignId }) =>
    campaignId === campaign.id ? campaign : notFound('campaign.not_found', 'There is no such campaign.'),
  );
});

const visit = (path: string, headers: Record<string, string> = {}, method = 'GET') =>
  fetch(harness.gateway.url + path, {
    method,
    redirect: 'manual',
    headers: { 'user-agent': phone, ...headers },
  });
const view = (more = '', headers = {}) => visit(`/t/v.gif?c=${campaign.id}${more}`, headers);
const click = (more = '', headers = {}) => visit(`/t/c?c=${campaign.id}${more}`, headers);
/** Does not wait for the next second. */
const tell = () => harness.gateway.app.get(VisitReporter).tell();

/** The highest totals that were told, as insights adds them up. */
function totals() {
  const highest = new Map<string, Record<string, number>>();
  for (const { source, intervalStart, counter, ...item } of harness.others.toldOf(TrafficCounted)) {
    const { views, clicks, botViews, botClicks } = item;
    highest.set(JSON.stringify([source, intervalStart, counter]), { views, clicks, botViews, botClicks });
  }
  return [...highest].reduce<Record<string, Record<string, number>>>((sums, [key, item]) => {
    const source = JSON.stringify((JSON.parse(key) as unknown[])[0]);
    const sum = (sums[source] ??= { views: 0, clicks: 0, botViews: 0, botClicks: 0 });
    for (const name of Object.keys(item)) sum[name] += item[name];
    return sums;
  }, {});
}

describe('a view', () => {
  it('is answered with a picture of 43 bytes for any site, without a cookie, and not kept by anyone', async () => {
    for (const path of [`/t/v.gif?c=${campaign.id}&s=tv`, '/t/v.gif', '/t/v.gif?c=%00&c=x']) {
      const answer = await visit(path);
      expect(answer.status).toBe(200);
      expect((await answer.arrayBuffer()).byteLength).toBe(43);
      expect(Object.fromEntries(answer.headers)).toMatchObject({
        'content-type': 'image/gif',
        'cache-control': 'no-store',
        'cross-origin-resource-policy': 'cross-origin',
      });
      expect(answer.headers.get('set-cookie')).toBeNull();
    }
  });

  it('and a click are counted by source, people and machines apart, and told as totals that grow', async () => {
    await Promise.all([view('&s=tv:one'), view('&s=tv:one'), click('&s=tv:one'), view('&utm_source=news')]);
    await tell();
    await Promise.all([
      view('&s=tv:one'),
      view('&s=tv:one', { 'user-agent': 'WhatsApp/2.24' }),
      view('&s=tv:one', { 'sec-purpose': 'prefetch' }),
      visit(`/t/c?c=${campaign.id}&s=tv:one`, {}, 'HEAD'),
    ]);
    await tell();
    await eventually(() =>
      expect(totals()).toEqual({
        '{"medium":"tv","site":"one"}': { views: 3, clicks: 1, botViews: 2, botClicks: 1 },
        '{"site":"news"}': { views: 1, clicks: 0, botViews: 0, botClicks: 0 },
      }),
    );
    const items = harness.others.toldOf(TrafficCounted);
    expect(new Set(items.map(({ accountId }) => accountId))).toEqual(new Set([campaign.accountId]));
    expect(new Set(items.map(({ counter }) => counter)).size).toBe(1);
    for (const { intervalStart } of items) expect(intervalStart).toMatch(/:(00|15|30|45):00\.000Z$/);
  });

  it('from a thousand and more sources is bounded: the rest is counted as other', async () => {
    const { traffic } = harness.gateway.app.get(VisitReporter);
    for (let i = 0; i < 1_500; i++) traffic.count(campaign.id, { ad: `ad-${i}` }, 'views');
    traffic.count(campaign.id, { ad: 'ad-7' }, 'views');
    await tell();
    await eventually(() => {
      const sums = totals();
      expect(sums['{"medium":"other"}']).toMatchObject({ views: 500 });
      expect(sums['{"ad":"ad-7"}']).toMatchObject({ views: 2 });
      expect(Object.keys(sums)).toHaveLength(1_001);
    });
  });

  it('from made-up sources hides those of the next day no more', () => {
    const traffic = new TrafficCounts();
    const noon = Date.UTC(2027, 0, 1, 12);
    for (let i = 0; i < 1_500; i++) traffic.count(campaign.id, { ad: `made-up-${i}` }, 'clicks', noon);
    traffic.count(campaign.id, { ad: 'today' }, 'clicks', noon);
    traffic.count(campaign.id, { ad: 'tomorrow' }, 'clicks', noon + 86_400_000);
    const ads = traffic.take().map(({ source }) => source.ad);
    expect(ads).toContain('tomorrow');
    expect(ads).not.toContain('today');
  });

  it('of a campaign that does not exist leaves nothing, and issuance is asked of it once', async () => {
    const unknown = newId('campaign');
    for (let round = 0; round < 3; round++) {
      await visit(`/t/v.gif?c=${unknown}&s=tv`);
      await tell();
    }
    await view('&s=last');
    await tell();
    await eventually(() => expect(Object.keys(totals())).toEqual(['{"medium":"last"}']));
    expect(harness.others.askedFor(FindCampaign).filter((each) => each.campaignId === unknown)).toHaveLength(
      1,
    );
  });

  it('of thousands of made-up campaigns is not kept', () => {
    const traffic = new TrafficCounts();
    for (let i = 0; i < 5_000; i++) traffic.count(newId('campaign'), {}, 'views');
    expect(traffic.take().length).toBeLessThanOrEqual(1_000);
  });

  it('while issuance is away is told once it is back', async () => {
    harness.others.on(FindCampaign, () => unavailable('service.unavailable', 'It is away.'));
    await view('&s=patient');
    await tell();
    expect(harness.others.toldOf(TrafficCounted)).toEqual([]);
    harness.others.on(FindCampaign, () => campaign);
    await tell();
    await eventually(() => expect(totals()['{"medium":"patient"}']).toMatchObject({ views: 1 }));
  });
});

describe('a click', () => {
  const page = () => `${harness.gateway.publicUrl}/o/${campaign.id}`;

  it('leads to the claim page, and takes its source along', async () => {
    const answer = await click('&s=print:metro%253A1&utm_campaign=spring');
    expect(answer.status).toBe(302);
    expect(answer.headers.get('cache-control')).toBe('no-store');
    expect(answer.headers.get('location')).toBe(`${page()}?s=print%3Ametro%253A1%3Aspring`);
    expect((await click()).headers.get('location')).toBe(page());
  });

  it('leads elsewhere only to where the campaign may be claimed', async () => {
    const to = async (url: string) => (await click(`&to=${encodeURIComponent(url)}`)).headers.get('location');
    expect(await to('https://shop.example/spring?a=1#b')).toBe('https://shop.example/spring?a=1#b');
    for (const hostile of [
      'https://evil.example/',
      'https://shop.example.evil.example/',
      'https://shop.example@evil.example/',
      'https://user@shop.example/',
      'https://shop.example:8443/',
      'http://shop.example/',
      '//evil.example/',
      '/\\evil.example',
      'javascript:alert(1)',
      'data:text/html,x',
      'https:evil.example',
      'https://evil.example/\r\nx: y',
      '',
    ]) {
      expect([hostile, await to(hostile)]).toEqual([hostile, page()]);
    }
  });

  it('of what is no campaign is a 404', async () => {
    for (const c of ['', 'cpn_0000000000', '../../x', 'cam_00000000%00'])
      expect((await visit(`/t/c?c=${c}`)).status).toBe(404);
  });
});

describe('a coupon’s page', () => {
  it('opened by a person is told once, by a link preview or a HEAD not at all', async () => {
    const seen = aCoupon(campaign, { token: 'tokentokentokentoken11' });
    const scanned = aCoupon(campaign, { token: 'tokentokentokentoken22' });
    harness.others.on(GetCouponPage, ({ token }) => ({
      campaign,
      coupon: token === seen.token ? seen : scanned,
    }));
    harness.others.on(GetCouponState, () => issuedState);
    await visit(`/c/${scanned.token}`, { 'user-agent': 'facebookexternalhit/1.1' });
    await visit(`/c/${scanned.token}`, {}, 'HEAD');
    for (let i = 0; i < 3; i++) expect((await visit(`/c/${seen.token}`)).status).toBe(200);
    await tell();
    await visit(`/c/${seen.token}`);
    await tell();
    await eventually(() =>
      expect(harness.others.toldOf(CouponPageOpened)).toEqual([
        {
          accountId: campaign.accountId,
          campaignId: campaign.id,
          couponId: seen.id,
          at: expect.stringMatching(/Z$/),
        },
      ]),
    );
  });
});

it('a gateway that is stopped says what it has counted first', async () => {
  const other = await startHarness();
  other.others.on(FindCampaign, () => campaign);
  await fetch(`${other.gateway.url}/t/v.gif?c=${campaign.id}&s=tv`, { headers: { 'user-agent': phone } });
  await other.gateway.stop();
  // Committed is enough: what the relay of a gateway that stops does not get to is told by the next one.
  const told = [...other.others.toldOf(TrafficCounted), ...(await keptIn(other.databaseUrl))];
  expect(told).toMatchObject([{ campaignId: campaign.id, views: 1 }]);
  await other.stop();
});

async function keptIn(databaseUrl: string): Promise<unknown[]> {
  const client = new Client({ connectionString: databaseUrl });
  await client.connect();
  const { rows } = await client.query<{ data: { items: unknown[] } }>(
    `select data from gateway.outbox where type = $1`,
    [TrafficCounted.type],
  );
  await client.end();
  return rows.flatMap(({ data }) => data.items);
}

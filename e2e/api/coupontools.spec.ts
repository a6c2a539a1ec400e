import { CoupontoolsClient, failed } from './coupontools.client';
import { admin, eventually, onBothTransports, startSystem, type System } from './system';

const noCampaign = failed([502, 'Campaign ID not found.']);
const noSession = failed([505, 'Coupon session not found.']);
const utc = /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/;

onBothTransports('a Coupontools client', (transport) => {
  let system: System;
  let client: CoupontoolsClient;
  let campaign: string;
  let many: string;

  const make = async (more: object = {}): Promise<string> => {
    const settings = { name: 'Spring', content: { title: '20 % off', terms: 'Once.' }, ...more };
    return (await system.post('/v1/campaigns', settings)).body.id;
  };
  const clientOf = (id: string, secret: string) =>
    new CoupontoolsClient(`${system.url}/coupontools`, id, secret);
  const create = async (parameters: Record<string, unknown>) => {
    const { http, json } = await client.post('v3/singleuse/create', parameters);
    expect([http, json.status]).toEqual([200, { status: 'OK' }]);
    return json;
  };
  const redeem = (code: string, more: object = {}) => system.post('/v1/redemptions', { code, ...more });
  const open = (url: string) =>
    fetch(url.replace(/^https?:\/\/[^/]+/, system.url), {
      headers: { 'user-agent': 'Mozilla/5.0 Firefox/130' },
    });
  const sessions = (json: { data: { session: string }[] }) => json.data.map(({ session }) => session);

  beforeAll(async () => {
    system = await startSystem(transport);
    client = clientOf(admin['x-client-id'], admin['x-client-secret']);
    campaign = await make();
    many = await make({ name: 'Many', limits: { perRecipient: null } });
  });
  afterAll(() => system?.stop());

  it('is told 401 and 1000 for wrong, missing or unreadable credentials', async () => {
    const message = 'HTTP/1.0 401 Unauthorized. Client ID or Secret not correct.';
    const unauthorized = {
      http: 401,
      json: { status: { status: 'failed', errors: { error_message: message, error_code: 1000 } } },
    };
    for (const [id, secret] of [
      ['e2e', 'wrong'],
      ['nobody', admin['x-client-secret']],
      ['e 2 e', 'x'],
    ])
      expect(await clientOf(id, secret).post('v3/coupon/list')).toEqual(unauthorized);
    const response = await fetch(`${system.url}/coupontools/v3/coupon/list`, { method: 'POST' });
    expect({ http: response.status, json: await response.json() }).toEqual(unauthorized);
  });

  it('cannot do with the key of a till what is for marketing', async () => {
    const { body: key } = await system.post('/v1/api-keys', { name: 'till', scopes: ['pos'] });
    const { http, json } = await clientOf(key.clientId, key.clientSecret).post('v3/coupon/list');
    expect([http, json.status.errors.error_code]).toEqual([403, 1000]);
  });

  it('sees nothing of another account', async () => {
    const { body: other } = await system.post('/v1/accounts', { name: 'Other' });
    const { clientId, clientSecret } = other.apiKey ?? other;
    const stranger = clientOf(clientId, clientSecret);
    const { single_use_code: couponsession } = await create({ campaign, customid: 'mine' });
    expect((await stranger.post('v3/coupon/list')).json.coupon_info).toEqual([]);
    expect(await stranger.post('v3/coupon/info', { campaign })).toEqual(noCampaign);
    expect(await stranger.post('v3/couponsession/data', { couponsession })).toEqual(noSession);
    expect(await stranger.post('v3/send/sms', { campaign, phone: '+447400200001' })).toEqual(noCampaign);
  });

  it('lists campaigns by POST, by GET and with an empty JSON body', async () => {
    await make({ name: 'Asleep', status: 'paused' });
    const empty = { method: 'POST', headers: { 'content-type': 'application/json' } };
    for (const { json } of [
      await client.post('v3/coupon/list'),
      await client.get('v3/coupon/list'),
      await client.ask('v3/coupon/list', empty),
    ])
      expect(json.coupon_info.map(({ name }: { name: string }) => name)).toEqual([
        'Asleep',
        'Many',
        'Spring',
      ]);
    const { json } = await client.get('v3/coupon/list', { only_active: 'true' });
    expect(json.coupon_info).toHaveLength(2);
    expect(json.coupon_info[1]).toEqual({
      ID: campaign,
      code: expect.any(String),
      name: 'Spring',
      title: '20 % off',
      status: 'active',
      url: expect.stringContaining(campaign),
    });
    for (const parameter of ['folder', 'category'])
      expect(await client.post('v3/coupon/list', { [parameter]: 'x' })).toEqual(
        failed([515, 'Category / folder not found.']),
      );
  });

  it('reads a campaign, and what was made of it', async () => {
    const own = await make();
    const { single_use_code, single_use_url } = await create({ campaign: own, customid: 'a' });
    await create({ campaign: own, customid: 'b' });
    await open(single_use_url);
    await redeem(single_use_code);
    await eventually(async () => {
      const { json } = await client.get('v3/coupon/info', { campaign: own, show_usage_stats: '1' });
      expect(json.coupon_info).toMatchObject({
        ID: own,
        terms: 'Once.',
        usage_stats: { sessions: 2, opens: 1, claims: 1, validations: 1 },
      });
    });
    const { json } = await client.post('v3/coupon/info', { campaign: own });
    expect(json.coupon_info).not.toHaveProperty('usage_stats');
    expect(await client.post('v3/coupon/info')).toEqual(failed([200, 'Missing parameter: campaign']));
    expect(await client.get('v3/coupon/info', { campaign: 'a b' })).toEqual(
      failed([301, 'Invalid character in parameter: campaign.']),
    );
    expect(await client.post('v3/coupon/info', { campaign: 'cam_123456' })).toEqual(noCampaign);
  });

  it('makes single-use coupons that a till reads, each its own', async () => {
    const one = await create({
      campaign: many,
      email: 'ann@example.com',
      firstname: 'Ann',
      customfield1: 'x',
    });
    const other = await create({ campaign: many, email: 'ann@example.com' });
    expect(one.single_use_code).not.toBe(other.single_use_code);
    expect((await open(one.single_use_url)).status).toBe(200);
    expect((await redeem(one.widget_validation_code)).status).toBe(201);
  });

  it.each(['email', 'phone', 'customid'])(
    'gets the same coupon again with duplicate_check %s, also at once',
    async (duplicate_check) => {
      const person = { email: 'bob@example.com', phone: '+447400200002', customid: 'bob' };
      const parameters = {
        campaign: many,
        duplicate_check,
        [duplicate_check]: person[duplicate_check as keyof typeof person],
      };
      const made = await Promise.all(Array.from({ length: 6 }, () => create(parameters)));
      expect(new Set(made.map((each) => each.single_use_code)).size).toBe(1);
    },
  );

  it('is told what a coupon cannot be made with', async () => {
    const ask = (parameters: object) => client.post('v3/singleuse/create', { campaign, ...parameters });
    const code = async (parameters: object) => (await ask(parameters)).json.status.errors.error_code;
    expect(await ask({ campaign: '' })).toEqual(failed([200, 'Missing parameter: campaign']));
    expect(await ask({ campaign: 'cam_none' })).toEqual(noCampaign);
    expect(await ask({ duplicate_check: 'phone' })).toEqual(failed([200, 'Missing parameter: phone']));
    expect(await code({ duplicate_check: 'name' })).toEqual([301]);
    expect(await code({ customid: 'x'.repeat(51) })).toEqual([301]);
    expect(await code({ customvalcode: 'MINE', autovalcode: '7digits' })).toEqual([301, 301]);
    expect(await code({ expiry_date: '2031-01-01' })).toEqual([301]);
    expect(await code({ email: { a: 1 } })).toEqual([301]);
    expect(await code({ campaign: await make({ status: 'paused' }) })).toEqual([502]);
  });

  it('makes many at once, all or none', async () => {
    const limited = await make({ limits: { total: 450 } });
    const ask = (parameters: object) =>
      client.post('v3/multiplesingleuse/create', { campaign: limited, ...parameters });
    const { json } = await ask({ amount: 440 });
    expect(json.action).toBe('multiple_single_use_codes_created');
    expect(new Set(json.data.map((each: { single_use_code: string }) => each.single_use_code)).size).toBe(
      440,
    );
    expect(json.data[439]).toMatchObject({
      sequence_id: 440,
      single_use_url: expect.stringContaining('/c/'),
    });
    const session = { couponsession: json.data[439].single_use_code };
    expect((await client.post('v3/couponsession/data', session)).json.sequenceid).toBe('440');
    expect((await ask({ amount: 11 })).json.status.errors.error_code).toEqual([502]);
    const voided = await ask({ status: 'voided' });
    expect(voided.json.data).toHaveLength(10);
    expect((await ask({ status: 'voided', amount: 1_001 })).json.status.errors.error_code).toEqual([301]);
    expect((await redeem(voided.json.data[9].single_use_code)).body.code).toBe('coupon.voided');
    for (const [name, value] of Object.entries({
      amount: 100_001,
      code_length: 9,
      status: 'odd',
      code_prefix: 'X',
    }))
      expect((await ask({ [name]: value })).json.status.errors.error_code).toEqual([301]);
  });

  it('reads and finds sessions', async () => {
    const person = { phone: '+447400200003', email: 'find@example.com', customid: 'find' };
    const { single_use_code: session, single_use_url: session_url } = await create({ campaign, ...person });
    const read = () => client.post('v3/couponsession/data', { couponsession: session });
    const fresh = await read();
    expect(fresh.json).toMatchObject({
      status: { status: 'OK' },
      session,
      session_url,
      sequenceid: '',
      customid: 'find',
      data: {
        status: { opened: '0', claimed: '0', locked: '0', open_date_utc: null, validation_date_utc: null },
      },
    });
    expect(fresh.json.data.status.created_date_utc).toMatch(utc);
    await open(session_url);
    await redeem(session, { storeId: 'strand' });
    await eventually(async () => {
      const { status } = (await read()).json.data;
      expect(status).toMatchObject({ opened: '1', claimed: '1', locked: '1', claimtype: 'validation' });
      expect([status.open_date_utc, status.validation_date_utc]).toEqual([
        expect.stringMatching(utc),
        expect.stringMatching(utc),
      ]);
    });
    for (const by of [{ validation_code: session }, { phone: person.phone }, { email: person.email }])
      expect((await client.post('v3/couponsession/search', by)).json.session).toBe(session);
    expect(await client.post('v3/couponsession/search', { email: 'no@example.com' })).toEqual(noSession);
    expect(await client.post('v3/couponsession/data', { couponsession: 'nope' })).toEqual(noSession);
    expect((await client.post('v3/couponsession/search')).json.status.errors.error_code).toEqual([200]);
  });

  it('follows a campaign from its sessions to its validations', async () => {
    const own = await make();
    const made: { single_use_code: string; single_use_url: string }[] = [];
    for (const customid of ['a', 'b', 'c']) made.push(await create({ campaign: own, customid }));
    const [a, b, c] = made.map((each) => each.single_use_code);
    await open(made[1].single_use_url);
    await redeem(c);
    const { body: undone } = await redeem(a);
    await system.post(`/v1/redemptions/${undone.id}/reverse`);
    const ask = (which: string, more: object = {}) =>
      client.post(`v3/campaign/${which}`, { campaign: own, ...more });
    await eventually(async () => {
      expect(sessions((await ask('data')).json)).toEqual([c, b, a]);
      expect(sessions((await ask('opens')).json)).toEqual([b]);
      expect(sessions((await ask('claims')).json)).toEqual([c]);
      expect(sessions((await ask('validations')).json)).toEqual([c]);
    });
    const today = new Date().toISOString().slice(0, 10);
    expect(sessions((await ask('data', { start_date: today, end_date: today })).json)).toHaveLength(3);
    expect(sessions((await ask('data', { end_date: '2020-01-01' })).json)).toEqual([]);
    expect(sessions((await ask('validations', { start_date: '2999-01-01' })).json)).toEqual([]);
    expect(sessions((await ask('data', { page: 2 })).json)).toEqual([]);
    for (const wrong of [{ page: 0 }, { start_date: '2027-02-30' }, { end_date: 'soon' }])
      expect((await ask('data', wrong)).json.status.errors.error_code).toEqual([301]);
    expect(await ask('opens', { campaign: 'cam_none' })).toEqual(noCampaign);
  });

  it('pages through more sessions than a page has, none twice and none missing', async () => {
    const own = await make();
    const made = await client.post('v3/multiplesingleuse/create', { campaign: own, amount: 510 });
    const pages = [1, 2, 3].map((page) => client.post('v3/campaign/data', { campaign: own, page }));
    const seen = (await Promise.all(pages)).map(({ json }) => sessions(json));
    expect(seen.map(({ length }) => length)).toEqual([500, 10, 0]);
    const codes = made.json.data.map((each: { single_use_code: string }) => each.single_use_code);
    expect(seen.flat().sort()).toEqual(codes.sort());
  });

  it('is told that a coupon is in no wallet', async () => {
    const { single_use_code: couponsession } = await create({ campaign, customid: 'push' });
    const push = (parameters: object) => client.post('v3/coupon/pushnotification/single', { ...parameters });
    expect(await push({ campaign, couponsession: 'nope', message: 'Hi' })).toEqual(noSession);
    expect(await push({ campaign, couponsession, message: 'Hi' })).toEqual(
      failed([505, 'Coupon session not found in a mobile wallet: no one was notified.']),
    );
    expect((await push({})).json.status.errors.error_code).toEqual([200, 200, 200]);
  });

  it('can ask whether what a webhook was told is so', async () => {
    const hook = { url: 'https://hooks.shop.example/', events: ['order placed'] };
    const webhook = (await system.post('/v1/webhooks', hook)).body.id;
    const verify = (parameters: object) => client.post('v3/webhook/verification', { ...parameters });
    const { single_use_code: session } = await create({ campaign: many });
    const told = { webhook, campaign: many, session, type: 'coupon_validated' };
    expect((await verify({ webhook, session })).json).toEqual({
      status: { status: 'OK' },
      ...told,
      result: 'not_verified',
      date: null,
    });
    await redeem(session);
    expect((await verify({ webhook, session })).json).toMatchObject({
      ...told,
      result: 'verified',
      date: expect.stringMatching(utc),
    });
    expect(await verify({ webhook: 'w1', session })).toEqual(failed([509, 'Webhook not found.']));
    expect(await verify({ webhook, session: 's1' })).toEqual(noSession);
    expect((await verify({})).json.status.errors.error_code).toEqual([200, 200]);
  });

  it('is answered in its own shape whatever is wrong', async () => {
    const post = (endpoint: string, type: string, body: string) =>
      client.ask(endpoint, { method: 'POST', headers: { 'content-type': type }, body });
    const shapes = [
      [await post('v3/coupon/list', 'application/json', '{"a":'), 422],
      [await post('v3/coupon/list', 'application/json', '[1]'), 422],
      [await post('v3/coupon/list', 'application/json', '{"tags":"\\u0000"}'), 422],
      [await post('v3/coupon/list', 'text/xml', '<a/>'), 415],
      [await post('v3/coupon/list', 'application/json', JSON.stringify({ tags: 'x'.repeat(70_000) })), 413],
      [await client.get('v3/send/sms', {}), 405],
      [await client.post('v3/nothing/here'), 404],
    ] as const;
    for (const [{ http, json }, status] of shapes) {
      expect(http).toBe(status);
      expect(json.status).toMatchObject({ status: 'failed', errors: { error_code: [expect.any(Number)] } });
      expect(json.status.errors.error_message_description).toEqual([expect.any(String)]);
    }
  });
});

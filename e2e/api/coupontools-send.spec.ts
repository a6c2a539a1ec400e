import { newId } from '@tearoff/contracts';
import { Client } from 'pg';
import { CoupontoolsClient, failed, type Authentication, type Encoding } from './coupontools.client';
import { admin as keyOfAll, onBothTransports, startSystem, type System } from './system';

/** The credentials of the vendor's own example. */
const admin = { 'x-client-id': 'XXX', 'x-client-secret': 'YYY' };

onBothTransports('a Coupontools client that sends coupons', (transport) => {
  let system: System;
  let client: CoupontoolsClient;
  let campaign: string;

  const make = async (more: object = {}): Promise<string> => {
    const settings = { name: 'Spring', content: { title: '20 % off' }, ...more };
    return (await system.call('POST', '/v1/campaigns', { as: admin, body: settings })).body.id;
  };
  const clientOf = (authentication: Authentication, encoding: Encoding) =>
    new CoupontoolsClient(`${system.url}/coupontools`, 'XXX', 'YYY', authentication, encoding);
  const inbox = async (to: string): Promise<{ text: string; subject: string | null }[]> => {
    const path = `/v1/sandbox/messages?to=${encodeURIComponent(to)}`;
    return (await system.call('GET', path, { as: admin })).body.data;
  };
  const holders = async (query: string) =>
    (await system.call('GET', `/v1/coupons?${query}`, { as: admin })).body.data;

  beforeAll(async () => {
    // What is busy twice is accepted before the client is answered.
    system = await startSystem(transport, { DELIVERY_RETRY_MS: '50' });
    await addKey(system.databaseUrl, admin);
    client = clientOf('X-Client-Id', 'json');
    campaign = await make();
  });
  afterAll(() => system?.stop());

  it.each(['json', 'form'] as const)(
    'the example of the documentation runs as it stands, as %s',
    async (encoding) => {
      const example = { campaign: 'cam_123456', phone: '+123456789' };
      const vendor = clientOf('X-Client-Id', encoding);
      expect(await vendor.post('v3/send/sms', example)).toEqual(failed([502, 'Campaign ID not found.']));
      expect(await vendor.post('v3/send/sms', { ...example, campaign })).toEqual(
        failed([301, 'Phone number not valid']),
      );
    },
  );

  it.each([
    ['X-Client-Id', 'json', '+447400100001'],
    ['x-api-key', 'form', '+447400100002'],
    ['body', 'json', '+447400100003'],
    ['body', 'form', '+447400100004'],
  ] as const)('with credentials as %s and a %s body the SMS is sent', async (how, encoding, phone) => {
    const body = 'Here comes the body text';
    const { http, json } = await clientOf(how, encoding).post('v3/send/sms', { campaign, phone, body });
    expect({ http, json }).toEqual({
      http: 200,
      json: {
        status: { status: 'OK' },
        campaign,
        message: body,
        phone: phone.slice(1),
        single_use_code: expect.any(String),
        single_use_url: expect.stringMatching(/^http.*\/c\/\S+$/),
        action: 'sms_sent',
        repeated: false,
      },
    });
    expect((await inbox(phone)).map(({ text }) => text)).toEqual([`${body} ${json.single_use_url}`]);
    const validated = await system.call('POST', '/v1/validations', {
      as: admin,
      body: { code: json.single_use_code },
    });
    expect(validated.body.valid).toBe(true);
  });

  it('a plus that a form did not encode is still a plus', async () => {
    const raw = `campaign=${campaign}&phone=+447400100005`;
    const headers = { 'content-type': 'application/x-www-form-urlencoded' };
    const { json } = await client.ask('v3/send/sms', { method: 'POST', body: raw, headers });
    expect(json).toMatchObject({ phone: '447400100005', action: 'sms_sent' });
  });

  it('the body goes out as it is written, whatever our templates would make of it', async () => {
    const phone = '+447400100006';
    const body = '{{ firstName }} {% include "x" %} {{{% raw %}}} 100 % {';
    const { json } = await client.post('v3/send/sms', { campaign, phone, body });
    expect((await inbox(phone))[0].text).toBe(`${body} ${json.single_use_url}`);
  });

  it('asked again, also by many at once, they have one coupon and one SMS', async () => {
    const phone = '+447400100007';
    const answers = await Promise.all(
      Array.from({ length: 8 }, () => client.post('v3/send/sms', { campaign, phone })),
    );
    expect(new Set(answers.map(({ json }) => json.action))).toEqual(new Set(['sms_sent']));
    expect(new Set(answers.map(({ json }) => json.single_use_code)).size).toBe(1);
    expect(answers.filter(({ json }) => !json.repeated)).toHaveLength(1);
    expect(await inbox(phone)).toHaveLength(1);
  });

  it('where every call has a coupon of its own, an Idempotency-Key makes a call safe to repeat', async () => {
    const many = await make({ limits: { perRecipient: null } });
    const ask = (key: string) =>
      client.post(
        'v3/send/sms',
        { campaign: many, phone: '+447400100011' },
        { 'idempotency-key': `sms ${key}` },
      );
    const [first, again, other] = [await ask('1'), await ask('1'), await ask('2')];
    expect(again).toEqual(first);
    expect(other.json.single_use_code).not.toBe(first.json.single_use_code);
    expect(await inbox('+447400100011')).toHaveLength(2);
  });

  it('a provider that is busy at first has accepted it by the time of the answer', async () => {
    const { json } = await client.post('v3/send/sms', { campaign, phone: '+15005550002' });
    expect(json.action).toBe('sms_sent');
    expect(await inbox('+15005550002')).toHaveLength(1);
  });

  it('602 says what the provider said, every time it is asked', async () => {
    const ask = () => client.post('v3/send/sms', { campaign, phone: '+15005550001' });
    const refused = failed([
      602,
      "SMS not sent to '15005550001'. Reason: sandbox: this address refuses every message",
    ]);
    expect(await ask()).toEqual(refused);
    expect(await ask()).toEqual(refused);
  });

  it('602 says why there is no coupon', async () => {
    const none = await make({ limits: { total: 0 } });
    expect(await client.post('v3/send/sms', { campaign: none, phone: '+447400100008' })).toEqual(
      failed([
        602,
        "SMS not sent to '447400100008'. Reason: All coupons of the campaign have been given out.",
      ]),
    );
  });

  it('602 tells that their coupon is spent', async () => {
    const phone = '+447400100009';
    const { json } = await client.post('v3/send/sms', { campaign, phone });
    await system.call('POST', '/v1/redemptions', { as: admin, body: { code: json.single_use_code } });
    expect(await client.post('v3/send/sms', { campaign, phone })).toEqual(
      failed([602, "SMS not sent to '447400100009'. Reason: The coupon is redeemed already."]),
    );
  });

  it('605 comes before anything is issued', async () => {
    const phone = '+447400100010';
    const suppression = { channel: 'sms', address: phone };
    await system.call('POST', '/v1/suppressions', { as: admin, body: suppression });
    expect(await client.post('v3/send/sms', { campaign, phone })).toEqual(
      failed([
        605,
        "SMS not sent to '447400100010'. Reason: This number is on the blacklist or opt-out list.",
      ]),
    );
    expect(await holders(`phone=${encodeURIComponent(phone)}`)).toEqual([]);
  });

  it('everything that is wrong is told at once, index by index', async () => {
    expect(await client.post('v3/send/sms')).toEqual(
      failed([200, 'Missing parameter: campaign'], [200, 'Missing parameter: phone']),
    );
    expect(await client.post('v3/send/sms', { campaign: 'cam*1', phone: '12', statcode: '<a>' })).toEqual(
      failed(
        [301, 'Invalid character in parameter: campaign.'],
        [301, 'Phone number not valid'],
        [513, 'Statcode not found'],
      ),
    );
  });

  it.each(['07911 123456', '447911123456', '+4479', '+44791112345x', '+999123456789'])(
    'the number %s is refused, not guessed at',
    async (phone) => {
      expect(await client.post('v3/send/sms', { campaign, phone })).toEqual(
        failed([301, 'Phone number not valid']),
      );
    },
  );

  it('an e-mail is sent with its own subject and text', async () => {
    const email = 'ann@tools.example';
    const parameters = { campaign, email, subject: 'For you', body: 'Dear you,', firstname: 'Ann' };
    const { http, json } = await client.post('v3/send/email', parameters);
    expect({ http, json }).toMatchObject({ http: 200, json: { action: 'email_sent', email } });
    const [mail] = await inbox(email);
    expect(mail.subject).toBe('For you');
    expect(mail.text).toContain(`Dear you,\n\n${json.single_use_url}`);
    expect(await client.post('v3/send/email', { ...parameters, check_unique: '1' })).toEqual(
      failed([602, `E-mail not sent to '${email}'. Reason: This person has the coupon already.`]),
    );
    expect(await client.post('v3/send/email', { campaign, email: 'refused@sandbox.example' })).toMatchObject({
      http: 422,
      json: { status: { errors: { error_code: [602] } } },
    });
    expect(await client.post('v3/send/email', { campaign, email: 'nobody' })).toEqual(
      failed([301, 'Email address not valid']),
    );
  });
});

describe('a Coupontools client where no provider is set up', () => {
  let system: System;
  beforeAll(async () => {
    system = await startSystem('in-process', { SMS_PROVIDER: 'none', EMAIL_PROVIDER: 'none' });
  });
  afterAll(() => system?.stop());

  it('is told 103 or 104, and nothing is issued', async () => {
    const { body } = await system.post('/v1/campaigns', { name: 'Unsent' });
    const client = new CoupontoolsClient(
      `${system.url}/coupontools`,
      keyOfAll['x-client-id'],
      keyOfAll['x-client-secret'],
    );
    const sms = await client.post('v3/send/sms', { campaign: body.id, phone: '+447400100001' });
    expect(sms.json.status.errors).toMatchObject({ error_code: [103] });
    const email = await client.post('v3/send/email', { campaign: body.id, email: 'ann@example.com' });
    expect(email.json.status.errors).toMatchObject({ error_code: [104] });
    expect((await system.get(`/v1/coupons?campaignId=${body.id}`)).body.data).toEqual([]);
  });

  it('is told so of a loyalty card, too', async () => {
    const client = new CoupontoolsClient(
      `${system.url}/coupontools`,
      keyOfAll['x-client-id'],
      keyOfAll['x-client-secret'],
    );
    const { body } = await system.post('/v1/loyalty/cards', { name: 'Unsent', kind: 'points' });
    const [phone, email] = ['+447911123456', 'ann@tools.example'];
    const { json } = await client.post('v3/loyaltyusers/create', { email, phone, password: 'x y z' });
    await client.post('v3/loyaltyusers/link', { loyaltycard: body.id, user: json.user });
    const sms = await client.post('v3/send/sms', { loyaltycard: body.id, phone });
    expect(sms.json.status.errors).toMatchObject({ error_code: [103] });
    const mail = await client.post('v3/send/email', { loyaltycard: body.id, email });
    expect(mail.json.status.errors).toMatchObject({ error_code: [104] });
  });
});

/** A key beside the first one that no start would take: too short to be a secret. */
async function addKey(databaseUrl: string, key: typeof admin): Promise<void> {
  const sql = new Client({ connectionString: databaseUrl });
  await sql.connect();
  await sql.query(
    `insert into gateway.api_key (id, account_id, client_id, secret_hash, name, scopes)
     select $1, account_id, $2, sha256(convert_to($3, 'UTF8')), name, scopes
       from gateway.api_key where client_id = $4`,
    [newId('apiKey'), key['x-client-id'], key['x-client-secret'], keyOfAll['x-client-id']],
  );
  await sql.end();
}

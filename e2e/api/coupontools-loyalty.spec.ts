import { CoupontoolsClient, failed } from './coupontools.client';
import { admin, onBothTransports, startSystem, type System } from './system';

const unknown = 'crd_01jzexample0card0000000000';
const noSuchCard = failed([505, 'Loyalty card not found.']);
const noSuchUser = failed([505, 'Loyalty card user not found.']);

onBothTransports('a Coupontools client with loyalty cards', (transport) => {
  let system: System;
  let client: CoupontoolsClient;
  let loyaltycard: string;
  let people = 0;

  const makeCard = async (more: object = {}): Promise<string> => {
    const settings = { name: 'Coffee card', kind: 'stamps', design: { title: 'The coffee card' }, ...more };
    return (await system.post('/v1/loyalty/cards', settings)).body.id;
  };
  /** A user, and what they were made of. */
  const makeUser = async (more: object = {}) => {
    const number = String(++people).padStart(4, '0');
    const parameters = { email: `user${number}@tools.example`, password: 'pa55 word', ...more };
    const { json } = await client.post('v3/loyaltyusers/create', parameters);
    return { user: json.user as string, ...parameters, number };
  };
  const link = (user: string, card = loyaltycard) =>
    client.post('v3/loyaltyusers/link', { loyaltycard: card, user });
  const inbox = async (to: string): Promise<{ text: string; subject: string | null }[]> =>
    (await system.get(`/v1/sandbox/messages?to=${encodeURIComponent(to)}`)).body.data;

  beforeAll(async () => {
    system = await startSystem(transport, { DELIVERY_RETRY_MS: '50' });
    client = new CoupontoolsClient(`${system.url}/coupontools`, 'e2e', admin['x-client-secret']);
    loyaltycard = await makeCard();
  });
  afterAll(() => system?.stop());

  it('lists the cards, the active ones alone where it asks for them', async () => {
    const resting = await makeCard({ name: 'Old card', active: false });
    const ids = async (parameters: object) => {
      const { http, json } = await client.post('v3/loyalty/list', { ...parameters });
      return [http, json.loyalty_info.map(({ ID }: { ID: string }) => ID)];
    };
    expect(await ids({})).toEqual([200, [resting, loyaltycard]]);
    expect(await ids({ only_active: true })).toEqual([200, [loyaltycard]]);
    expect(await client.post('v3/loyalty/list', { only_active: 'perhaps' })).toEqual(
      failed([301, 'Invalid character in parameter: only_active.']),
    );
  });

  it('reads one card', async () => {
    const { http, json } = await client.post('v3/loyalty/info', { loyaltycard });
    expect({ http, json }).toMatchObject({
      http: 200,
      json: {
        status: { status: 'OK' },
        loyalty_info: {
          ID: loyaltycard,
          name: 'Coffee card',
          title: 'The coffee card',
          type: 'stamps',
          status: 'active',
        },
      },
    });
    expect(await client.post('v3/loyalty/info')).toEqual(failed([200, 'Missing parameter: loyaltycard']));
    expect(await client.post('v3/loyalty/info', { loyaltycard: unknown })).toEqual(
      failed([507, 'Loyalty card ID not found.']),
    );
  });

  it.each(['json', 'form'] as const)('makes a user, as %s', async (encoding) => {
    const vendor = new CoupontoolsClient(
      `${system.url}/coupontools`,
      'e2e',
      admin['x-client-secret'],
      'x-api-key',
      encoding,
    );
    const phone = encoding === 'json' ? '+447911100001' : '+447911100002';
    const { http, json } = await vendor.post('v3/loyaltyusers/create', {
      email: `Grace.${encoding}@Tools.example`,
      password: 'pa55 word',
      phone,
      first_name: 'Grace',
      last_name: 'Hopper',
      gender: 'female',
      birthday: '1906-12-09',
      city: 'New York',
    });
    expect({ http, json }).toEqual({
      http: 200,
      json: {
        status: { status: 'OK' },
        user: expect.stringMatching(/^mem_/),
        user_info: {
          ID: json.user,
          email: `grace.${encoding}@tools.example`,
          phone,
          first_name: 'Grace',
          last_name: 'Hopper',
          gender: 'female',
          birthday: '1906-12-09',
          city: 'New York',
          created_date_utc: expect.stringMatching(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/),
        },
        action: 'loyalty_user_created',
      },
    });
  });

  it('is told everything that is wrong with a user, and which name is taken', async () => {
    const create = (parameters: object) => client.post('v3/loyaltyusers/create', { ...parameters });
    expect(await create({ phone: '07911 123456', gender: 'x', birthday: '1906-02-30' })).toEqual(
      failed(
        [200, 'Missing parameter: email'],
        [200, 'Missing parameter: password'],
        [301, 'Phone number not valid'],
        [301, 'Invalid character in parameter: gender. One of male, female, unknown is needed.'],
        [301, 'Invalid character in parameter: birthday. A date such as 2027-05-04 is needed.'],
      ),
    );
    const whole = { email: 'taken@tools.example', password: 'x y z' };
    expect(await create({ ...whole, email: 'nobody' })).toEqual(failed([301, 'Email address not valid']));
    expect(await create({ ...whole, phone: '+999123456789' })).toEqual(
      failed([301, 'Phone number not valid']),
    );
    expect((await create(whole)).http).toBe(200);
    expect(await create({ ...whole, email: 'TAKEN@tools.example' })).toEqual(
      failed([301, 'Another member has this email.']),
    );
  });

  it('links a user to a card, once however often', async () => {
    const { user } = await makeUser();
    const [first, again] = [await link(user), await link(user)];
    expect(first.json).toMatchObject({
      loyaltycard,
      user,
      card_number: expect.stringMatching(/^\d+$/),
      balance: 0,
      action: 'loyalty_user_linked',
      repeated: false,
    });
    expect(again.json).toEqual({ ...first.json, repeated: true });
    expect((await fetch(first.json.card_url)).status).toBe(200);
    expect(await link(user, unknown)).toEqual(failed([507, 'Loyalty card ID not found.']));
    expect(await link('mem_01jzexample0member00000000')).toEqual(noSuchUser);
    expect(await client.post('v3/loyaltyusers/link')).toEqual(
      failed([200, 'Missing parameter: loyaltycard'], [200, 'Missing parameter: user']),
    );
  });

  it('lists and searches the users of a card', async () => {
    const card = await makeCard();
    const ada = await makeUser({ first_name: 'Adelheid', phone: '+447911100003' });
    const other = await makeUser({ last_name: 'Adelson' });
    await makeUser({ first_name: 'Adelheid' });
    await link(ada.user, card);
    await link(other.user, card);
    const users = async (endpoint: string, parameters: object) => {
      const { json } = await client.post(endpoint, { loyaltycard: card, ...parameters });
      return json.users?.map(({ ID }: { ID: string }) => ID) ?? json;
    };
    expect(await users('v3/loyaltyusers/list', {})).toEqual([other.user, ada.user]);
    expect(await users('v3/loyaltyusers/list', { page: 2 })).toEqual([]);
    const search = (text: string) => users('v3/loyaltyusers/search', { search: text });
    expect(await search('ADEL')).toEqual([other.user, ada.user]);
    expect(await search(ada.email.slice(0, 8))).toEqual([ada.user]);
    expect(await search('7911100003')).toEqual([ada.user]);
    expect(await search(other.user)).toEqual([other.user]);
    expect(await search('nobody-here')).toEqual([]);
    expect(await client.post('v3/loyaltyusers/list', { loyaltycard: unknown })).toEqual(noSuchCard);
    expect(await client.post('v3/loyaltyusers/search', { loyaltycard: unknown, search: 'abc' })).toEqual(
      noSuchCard,
    );
    expect(await client.post('v3/loyaltyusers/search')).toEqual(
      failed([200, 'Missing parameter: loyaltycard'], [200, 'Missing parameter: search']),
    );
  });

  it.each(['ab', 'a%b', 'Müller', "O'Neill", 'a b c', 'abc\n'])('does not search for %j', async (search) => {
    const { http, json } = await client.post('v3/loyaltyusers/search', { loyaltycard, search });
    if (search.trim() === 'abc') expect(http).toBe(200);
    else expect(json.status.errors.error_code).toEqual([301]);
  });

  it('updates points, never below zero, and once for each reference', async () => {
    const { user } = await makeUser();
    await link(user);
    const update = (parameters: object, headers?: Record<string, string>) =>
      client.post('v3/loyaltyusers/update', { loyaltycard, user, ...parameters }, headers);
    expect(await update({ amount: '5', store: 'north' })).toEqual({
      http: 200,
      json: {
        status: { status: 'OK' },
        loyaltycard,
        user,
        amount: 5,
        balance: 5,
        pending: 0,
        action: 'loyalty_user_updated',
        repeated: false,
      },
    });
    expect((await update({ stamps: -2 })).json.balance).toBe(3);
    expect(await update({ points: -4 })).toEqual(
      failed([301, 'There are not enough points that can be spent now.']),
    );
    const twice = [
      await update({ amount: 1, reference: 'r1' }),
      await update({ amount: 1, reference: 'r1' }),
    ];
    expect(twice.map(({ json }) => [json.balance, json.repeated])).toEqual([
      [4, false],
      [4, true],
    ]);
    const keyed = { 'idempotency-key': 'update-1' };
    expect((await update({ amount: 1 }, keyed)).json).toEqual((await update({ amount: 1 }, keyed)).json);
    const { body } = await system.get(`/v1/loyalty/cards/${loyaltycard}/members/${user}/ledger`);
    expect(body.data.map(({ amount }: { amount: number }) => amount)).toEqual([1, 1, -2, 5]);
  });

  it.each([
    [{}, [200, 'Missing parameter: amount']],
    [{ amount: 0 }, [301, 'Invalid character in parameter: amount. A whole number other than 0 is needed.']],
    [
      { amount: '1.5' },
      [301, 'Invalid character in parameter: amount. A whole number other than 0 is needed.'],
    ],
    [
      { amount: '9'.repeat(11) },
      [301, 'Invalid character in parameter: amount. A whole number other than 0 is needed.'],
    ],
    [{ amount: 1, user: 'mem_01jzexample0member00000000' }, [505, 'Loyalty card user not found.']],
    [{ amount: 1, loyaltycard: unknown }, [505, 'Loyalty card not found.']],
  ] as [object, [number, string]][])('refuses the update %j', async (parameters, fault) => {
    const user = 'mem_01jzexample0member00000001';
    expect(await client.post('v3/loyaltyusers/update', { loyaltycard, user, ...parameters })).toEqual(
      failed(fault),
    );
  });

  it('sends a card by SMS, its address behind the text', async () => {
    // The number of the vendor's own example.
    const phone = '+447911123456';
    const { user } = await makeUser({ phone });
    const send = (parameters: object) => client.post('v3/send/sms', { loyaltycard, phone, ...parameters });
    expect(await send({})).toEqual(noSuchUser);
    const { json: linked } = await link(user);
    const body = 'Here is {{ your }} card:';
    expect(await send({ phone: '+44 (7911) 123-456', body })).toEqual({
      http: 200,
      json: {
        status: { status: 'OK' },
        loyaltycard,
        message: body,
        phone: '447911123456',
        user,
        loyalty_url: linked.card_url,
        action: 'sms_sent',
      },
    });
    expect((await inbox(phone)).map(({ text }) => text)).toEqual([`${body} ${linked.card_url}`]);
    expect((await send({})).json.message).toBe('The coffee card');
    expect(await send({ phone: '07911 123456' })).toEqual(failed([301, 'Phone number not valid']));
    expect(await send({ loyaltycard: unknown })).toEqual(noSuchCard);
    expect((await send({ body: 'x'.repeat(1_600) })).json.status.errors.error_code).toEqual([301]);
    expect(await client.post('v3/send/sms', { loyaltycard })).toEqual(
      failed([200, 'Missing parameter: phone']),
    );
    expect((await send({ campaign: 'cam_123456' })).json.status.errors.error_code).toEqual([301]);
    await system.post('/v1/suppressions', { channel: 'sms', address: phone });
    expect(await send({})).toEqual(
      failed([
        605,
        "SMS not sent to '447911123456'. Reason: This number is on the blacklist or opt-out list.",
      ]),
    );
  });

  it('says what the provider said to it', async () => {
    const phone = '+15005550001';
    const { user } = await makeUser({ phone });
    await link(user);
    expect(await client.post('v3/send/sms', { loyaltycard, phone })).toEqual(
      failed([602, "SMS not sent to '15005550001'. Reason: sandbox: this address refuses every message"]),
    );
  });

  it('sends a card by e-mail', async () => {
    const { user, email } = await makeUser();
    const send = (parameters: object) => client.post('v3/send/email', { loyaltycard, email, ...parameters });
    expect(await send({})).toEqual(noSuchUser);
    const { json: linked } = await link(user);
    const { http, json } = await send({ email: email.toUpperCase(), subject: 'Your card' });
    expect({ http, json }).toMatchObject({
      http: 200,
      json: { loyaltycard, user, loyalty_url: linked.card_url, action: 'email_sent' },
    });
    const [mail] = await inbox(email);
    expect(mail.subject).toBe('Your card');
    expect(mail.text).toContain(`The coffee card\n\n${linked.card_url}`);
    expect(await send({ email: 'nobody' })).toEqual(failed([301, 'Email address not valid']));
    expect(await client.post('v3/send/email', { loyaltycard })).toEqual(
      failed([200, 'Missing parameter: email']),
    );
  });

  it('is refused without its credentials, and sees nothing of another account', async () => {
    const stranger = new CoupontoolsClient(`${system.url}/coupontools`, 'e2e', 'wrong');
    const { http, json } = await stranger.post('v3/loyalty/list');
    expect([http, json.status.errors.error_code]).toEqual([401, 1000]);
    const { body } = await system.post('/v1/accounts', { name: 'Another' });
    const { clientId, clientSecret } = body.apiKey;
    const other = new CoupontoolsClient(`${system.url}/coupontools`, clientId, clientSecret);
    expect((await other.post('v3/loyalty/list')).json.loyalty_info).toEqual([]);
    expect((await other.post('v3/loyalty/info', { loyaltycard })).json.status.errors.error_code).toEqual([
      507,
    ]);
    expect(await other.post('v3/loyaltyusers/list', { loyaltycard })).toEqual(noSuchCard);
  });
});

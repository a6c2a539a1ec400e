import {
  FindContact,
  GetDelivery,
  GetTemplate,
  newId,
  notFound,
  SaveContacts,
  SendMessages,
  type Delivery,
  type DeliveryStatus,
  type RequestOf,
} from '@tearoff/contracts';
import { EsputnikClient } from './esputnik.client';
import { admin, startHarness, type Harness } from './harness';
import { contact } from './samples';

let harness: Harness;
let client: EsputnikClient;

beforeAll(async () => {
  harness = await startHarness();
  client = new EsputnikClient(`${harness.gateway.url}/esputnik/api`, Object.values(admin).join('.'));
});
afterAll(() => harness?.stop());
beforeEach(() => harness.others.reset());

describe('smartsend', () => {
  const messageId = newId('template');
  const path = `v1/message/${messageId}/smartsend`;
  beforeEach(() => {
    const byKey = new Map<string, string>();
    const nameOf = (key: string | undefined, id: string): string => {
      if (key === undefined) return id;
      if (!byKey.has(key)) byKey.set(key, id);
      return byKey.get(key)!;
    };
    harness.others.on(SendMessages, ({ recipients }) => ({
      results: recipients.map(({ deliveryId, key, email }) =>
        email === 'stop@example.com'
          ? { deliveryId, status: 'suppressed' as const, error: 'recipient.suppressed' as const }
          : { deliveryId: nameOf(key, deliveryId), status: 'queued' as const, error: null },
      ),
    }));
  });
  const asked = (): RequestOf<typeof SendMessages>['recipients'] =>
    harness.others.askedFor(SendMessages).flatMap(({ recipients }) => recipients);
  const idsOf = async (body: object) => {
    const { json } = await client.post(path, body);
    return (json.results as { requestId: string }[]).map(({ requestId }) => requestId);
  };

  it('gives each their own data, and tells of each in their place what became of them', async () => {
    const bad = [
      '{"code":',
      '7',
      '[]',
      '"x"',
      '',
      '{"__proto__":{"x":1}}',
      '{"\\u005f_proto__":1}',
      '{"a":"\\u0000"}',
    ];
    const { json } = await client.post(path, {
      email: true,
      fromName: 'The shop',
      recipients: [
        { locator: 'a@example.com', jsonParam: '{"code":"A-1","deep":{"x":[1]}}', languageCode: 'de' },
        ...bad.map((jsonParam) => ({ locator: 'bad@example.com', jsonParam })),
        { locator: 'bad@example.com', jsonParam: '['.repeat(200_000) },
        { locator: 'bad@example.com', jsonParam: { code: 'an object' } },
        7,
        { email: 'alias@example.com', jsonParam: null },
        { locator: 'stop@example.com' },
        {},
      ],
    });
    expect(json.id).toBe(0);
    const results = json.results as { status: string; locator: string; message?: string }[];
    expect(results[0]).toEqual({
      id: 0,
      locator: 'a@example.com',
      status: 'OK',
      requestId: expect.stringMatching(/^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/),
    });
    const refused = results.slice(1, 4 + bad.length);
    expect(refused).toHaveLength(bad.length + 3);
    for (const each of refused)
      expect(each).toEqual({ ...each, id: 0, status: 'ERROR', message: expect.any(String) });
    expect(results.slice(4 + bad.length)).toEqual([
      expect.objectContaining({ locator: 'alias@example.com', status: 'OK' }),
      {
        id: 0,
        locator: 'stop@example.com',
        status: 'ERROR',
        message: expect.stringContaining('not be written'),
      },
      // No one: anyone who sends has the last word.
      expect.objectContaining({ locator: '', status: 'OK' }),
    ]);
    expect(asked()[0]).toMatchObject({
      email: 'a@example.com',
      data: { code: 'A-1', deep: { x: [1] } },
      languageCode: 'de',
    });
    expect(asked()).toHaveLength(4);
  });

  it('without e-mail writes to phone numbers, with or without their plus', async () => {
    const recipients = [
      { locator: '447400123456' },
      { locator: '+44 7400 123456' },
      { locator: 447400123456 },
    ];
    await client.post(path, { email: false, recipients });
    expect(asked().map(({ phone }) => phone)).toEqual(Array(3).fill('+447400123456'));
    expect(harness.others.askedFor(SendMessages)[0].channel).toBe('sms');
  });

  it('finds the address of a contact by their id', async () => {
    const ann = contact({ email: 'ann@example.com', phone: '+447400123456' });
    harness.others.on(FindContact, ({ id }) => (id === ann.id ? ann : null));
    await client.post(path, { email: true, recipients: [{ contactId: ann.id }, { contactId: 5 }] });
    expect(asked()).toMatchObject([{ email: 'ann@example.com' }, {}]);
    expect(asked()[1].email).toBeUndefined();
  });

  it('said again with the same externalRequestId is the same messages, without one it is others', async () => {
    const recipients = ['a@example.com', 'b@example.com', 'a@example.com'].map((locator) => ({ locator }));
    const call = { email: true, recipients, externalRequestId: 'batch-1' };
    const first = await idsOf(call);
    expect(new Set(first).size).toBe(3);
    expect(await idsOf(call)).toEqual(first);
    const others = [
      ...(await idsOf({ ...call, externalRequestId: 2 })),
      ...(await idsOf({ email: true, recipients })),
      ...(await idsOf({ email: true, recipients })),
    ];
    expect(new Set([...first, ...others]).size).toBe(12);
  });

  it('knows a recipient by their own externalRequestId, in whatever company', async () => {
    const ann = { locator: 'a@example.com', externalRequestId: 'order-1' };
    const [alone] = await idsOf({ email: true, recipients: [ann] });
    const again = await idsOf({
      email: true,
      externalRequestId: 'x',
      recipients: [{ locator: 'b@example.com' }, ann, ann],
    });
    expect(again.slice(1)).toEqual([alone, alone]);
    expect(again[0]).not.toBe(alone);
    const other = { ...ann, locator: 'c@example.com' };
    expect(await idsOf({ email: true, recipients: [other] })).not.toEqual([alone]);
  });

  it.each([
    [{ recipients: [] }, 400, '/recipients'],
    [{ email: true }, 400, '/recipients'],
    [{ email: 'yes', recipients: [{}] }, 400, '/email'],
    [{ recipients: Array(1_001).fill({ locator: 'a@example.com' }) }, 400, '/recipients'],
  ])('%# is refused as a whole', async (body, status, why) => {
    const { http, text } = await client.post(path, body);
    expect([http, text]).toEqual([status, expect.stringContaining(why)]);
  });

  it('needs a message, also when no one can be written to', async () => {
    const nobody = { recipients: [{ locator: 'a@example.com', jsonParam: '{' }] };
    harness.others.on(GetTemplate, () => notFound('template.not_found', 'There is no such template.'));
    expect((await client.post(path, nobody)).http).toBe(404);
    expect((await client.post('v1/message/12345/smartsend', nobody)).http).toBe(404);
  });

  it('takes a thousand with 2 kB of data each', async () => {
    const jsonParam = JSON.stringify({ code: 'x'.repeat(2_000) });
    const recipients = Array.from({ length: 1_000 }, (_, at) => ({
      locator: `p${at}@example.com`,
      jsonParam,
    }));
    const { json } = await client.post(path, { email: true, recipients });
    expect(json.results).toHaveLength(1_000);
  });
});

describe('the status of messages', () => {
  it('is an object for one, a list for several, and says of each what became of it', async () => {
    const ids = new Map<string, DeliveryStatus>();
    harness.others.on(SendMessages, ({ recipients }) => ({
      results: recipients.map(({ deliveryId }) => ({ deliveryId, status: 'queued' as const, error: null })),
    }));
    harness.others.on(GetDelivery, ({ deliveryId }) => {
      const status = ids.get(deliveryId);
      const error = status === 'failed' ? 'no such mailbox' : null;
      return status ? ({ status, error } as unknown as Delivery) : null;
    });
    const statuses: DeliveryStatus[] = ['queued', 'sending', 'sent', 'delivered', 'failed', 'suppressed'];
    const { json } = await client.post(`v1/message/${newId('template')}/smartsend`, {
      email: true,
      recipients: statuses.map((each) => ({ locator: `${each}@example.com` })),
    });
    const requestIds = (json.results as { requestId: string }[]).map(({ requestId }) => requestId);
    const [{ recipients }] = harness.others.askedFor(SendMessages);
    recipients.forEach(({ deliveryId }, at) => ids.set(deliveryId, statuses[at]));
    const stranger = 'a0000000-0000-4000-8000-000000000000';
    const all = await client.get(`v1/message/status?ids=${[...requestIds, stranger, 'nonsense'].join()}`);
    const words = (all.json.results as { status: string }[]).map(({ status }) => status);
    expect(words.join(' ')).toBe('PENDING PENDING SENT DELIVERED UNDELIVERED UNDELIVERED ERROR ERROR');
    const one = await client.get(`v1/message/status?ids=${requestIds[4].toUpperCase()}`);
    expect(one.json.results).toMatchObject({ status: 'UNDELIVERED', message: 'no such mailbox' });
    expect((await client.get('v1/message/status')).http).toBe(400);
  });
});

describe('contacts', () => {
  const saved = ({ contacts }: RequestOf<typeof SaveContacts>) => ({
    results: contacts.map(({ email }) =>
      email === 'no'
        ? { outcome: 'refused' as const, code: 'recipient.invalid_email', message: 'No address.' }
        : { outcome: 'created' as const, contact: contact({ id: 'con_01jzexample0contact000000' }) },
    ),
  });
  const ann = {
    id: 5,
    firstName: 'Ann',
    externalCustomerId: 7,
    timeZone: 'Europe/Kyiv',
    channels: [
      { type: 'email', value: 'ann@example.com' },
      { type: 'sms', value: '447400123456' },
      { type: 'mobilepush', value: 'tok' },
    ],
    fields: [{ id: 76993, value: 'blue' }],
    groups: [{ name: 'Subscribers' }],
  };
  beforeEach(() => harness.others.on(SaveContacts, saved));

  it('one is saved, or subscribed, and has an id', async () => {
    expect((await client.post('v1/contact', ann)).json).toEqual({ id: 'con_01jzexample0contact000000' });
    const subscription = {
      contact: { ...ann, timeZone: '+02:00' },
      dedupeOn: 'sms',
      groups: ['Subscribers'],
    };
    expect((await client.post('v1/contact/subscribe', subscription)).json.id).toMatch(/^con_/);
    const [first, second] = harness.others.askedFor(SaveContacts);
    expect(first.contacts).toEqual([
      {
        firstName: 'Ann',
        externalId: '7',
        email: 'ann@example.com',
        phone: '+447400123456',
        timezone: 'Europe/Kyiv',
        fields: { 76993: 'blue' },
      },
    ]);
    expect([first.dedupeOn, second.dedupeOn]).toEqual([undefined, 'phone']);
    expect(second.contacts[0].timezone).toBeUndefined();
  });

  it('many are saved; those that cannot be are told by their place', async () => {
    const no = { channels: [{ type: 'email', value: 'no' }] };
    const contacts = [ann, { firstName: 7 }, no, null, ann];
    const { json } = await client.post('v1/contacts', {
      contacts,
      dedupeOn: 'email',
      contactFields: ['email'],
    });
    expect(json).toEqual({
      id: 0,
      asyncSessionId: expect.any(String),
      failedContacts: [
        { index: 1, message: expect.stringContaining('/firstName') },
        { index: 2, message: 'No address.' },
        { index: 3, message: expect.any(String) },
      ],
    });
    expect((await client.post('v1/contacts', { contacts: [ann] })).json.failedContacts).toBeUndefined();
    const few = Array(3_001).fill(ann);
    expect((await client.post('v1/contacts', { contacts: few })).http).toBe(400);
    expect((await client.post('v1/contacts', { contacts: [ann], dedupeOn: 'fieldId' })).text).toContain(
      '/dedupeOn',
    );
    expect((await client.post('v1/contact', { channels: [{ type: 'email', value: 'no' }] })).text).toBe(
      'No address.',
    );
  });

  it('are erased by their externalCustomerId', async () => {
    harness.others.on(FindContact, () => null);
    expect(await client.ask('DELETE', 'v1/contact?externalCustomerId=wc%2F7&erase=true')).toMatchObject({
      http: 200,
      text: '{}',
    });
    for (const query of [
      '',
      '?erase=true',
      '?externalCustomerId=',
      '?externalCustomerId=%00',
      '?externalCustomerId=7&erase=false',
    ])
      expect((await client.ask('DELETE', `v1/contact${query}`)).http).toBe(400);
  });
});

import { EsputnikClient } from '../../apps/gateway/test/esputnik.client';
import { admin, eventually, onBothTransports, startSystem, type System } from './system';

onBothTransports('an eSputnik client', (transport) => {
  let system: System;
  let client: EsputnikClient;
  let sms: string;

  beforeAll(async () => {
    system = await startSystem(transport);
    // As plug-ins are seen to call.
    const habits = { trailingSlash: true, connectionClose: true, charset: true, bodyWithGet: true };
    client = new EsputnikClient(`${system.url}/esputnik/api`, Object.values(admin).join('.'), habits);
    const { body } = await system.post('/v1/templates', {
      name: 'Promo code',
      channel: 'sms',
      body: "Code $!data.get('code')#if($data.get('days')), $data.get('days') days#end",
    });
    sms = body.id;
  });
  afterAll(() => system?.stop());

  const inbox = async (to: string): Promise<{ text: string }[]> =>
    (await system.get(`/v1/sandbox/messages?to=${encodeURIComponent(to)}`)).body.data;

  it('finds that its key works', async () => {
    expect((await client.get('v1/version')).json).toEqual({
      version: expect.any(String),
      protocolVersion: expect.any(String),
    });
    const { http, json } = await client.get('v1/account/info');
    expect([http, Object.keys(json).sort()]).toEqual([
      200,
      ['organisationName', 'orgId', 'userEmail'].sort(),
    ]);
  });

  it('sends the smartsend of the documentation as it stands', async () => {
    const { body } = await system.post('/v1/templates', {
      name: 'Promo code',
      channel: 'email',
      subject: 'For you',
      body: "Code $!data.get('code')",
    });
    const { json } = await client.post(`v1/message/${body.id}/smartsend`, {
      recipients: [{ locator: 'mail@example.com', jsonParam: '{"code":"ABC-123"}' }],
      email: true,
    });
    const [{ requestId }] = json.results;
    await eventually(async () => {
      const { json: told } = await client.get(`v1/message/status?ids=${requestId}`);
      expect(told.results).toEqual({ requestId, status: 'SENT' });
    });
    const [mail] = await inbox('mail@example.com');
    expect(mail.text).toContain('Code ABC-123');
  });

  it('writes to phones, once for an externalRequestId, and tells of each who cannot be written to', async () => {
    await system.post('/v1/suppressions', { channel: 'sms', address: '+447400500002' });
    const recipients = [
      { locator: '447400500001', jsonParam: '{"code":"A","days":3}' },
      { locator: '+447400500002', jsonParam: '{"code":"B"}' },
      { locator: 'ann@example.com' },
      { locator: '0' },
      {},
    ];
    const call = { recipients, email: false, externalRequestId: 'order-17' };
    const answers = await Promise.all([1, 2].map(() => client.post(`v1/message/${sms}/smartsend`, call)));
    const again = await client.post(`v1/message/${sms}/smartsend`, call);
    for (const { json } of answers) expect(json).toEqual(again.json);
    const statuses = (again.json.results as { status: string }[]).map(({ status }) => status);
    expect(statuses).toEqual(['OK', 'ERROR', 'ERROR', 'ERROR', 'ERROR']);
    await eventually(async () =>
      expect((await inbox('+447400500001')).map(({ text }) => text)).toEqual(['Code A, 3 days']),
    );
    expect(await inbox('+447400500002')).toEqual([]);
    expect((await client.post(`v1/message/${sms}/smartsend`, { recipients, email: true })).http).toBe(400);
  });

  it('tells of the event of the documentation, and of one that lacks what its type demands', async () => {
    const params = [
      { name: 'EmailAddress', value: 'mail@example.com' },
      { name: 'code', value: 'ABC-123' },
    ];
    const told = await client.post('v1/event', { eventTypeKey: 'promoCode', params });
    expect([told.http, told.text]).toEqual([200, '{}']);
    expect((await client.post('v2/event', { eventTypeKey: 'promoCode', keyValue: 17, params })).http).toBe(
      200,
    );
    await system.call('PUT', '/v1/event-types/promoCode', { body: { requiredParams: ['code', 'days'] } });
    const lacking = await client.post('v1/event', { eventTypeKey: 'promoCode', params });
    expect([lacking.http, lacking.text]).toEqual([
      400,
      'The event should have the following params: [code, days]',
    ]);
    expect((await client.post('v1/event', { eventTypeKey: 'coupon.issued', params })).http).toBe(400);
  });

  it('keeps contacts, writes to one by their id, and has them forgotten', async () => {
    const channels = [{ type: 'sms', value: '447400500003' }];
    const saved = await client.post('v1/contact', { externalCustomerId: 77, firstName: 'Ann', channels });
    const contactId = saved.json.id as string;
    const recipients = [{ contactId, jsonParam: '{"code":"C"}' }];
    const { json } = await client.post(`v1/message/${sms}/smartsend`, { recipients, email: false });
    expect(json.results).toMatchObject([{ status: 'OK' }]);
    await eventually(async () => expect(await inbox('+447400500003')).toHaveLength(1));
    const bad = { channels: [{ type: 'email', value: 'nobody' }] };
    const many = await client.post('v1/contacts', { contacts: [{ channels }, bad], dedupeOn: 'sms' });
    expect(many.json.failedContacts).toEqual([{ index: 1, message: expect.any(String) }]);
    expect((await client.ask('DELETE', 'v1/contact?externalCustomerId=77&erase=true')).http).toBe(200);
    await eventually(async () => {
      const after = await client.post(`v1/message/${sms}/smartsend`, { recipients, email: false });
      expect(after.json.results).toMatchObject([{ status: 'ERROR' }]);
    });
  });
});

import { eventually, onBothTransports, startSystem, type System } from './system';

onBothTransports('a list', (transport) => {
  let system: System;
  beforeAll(async () => {
    system = await startSystem(transport);
  });
  afterAll(() => system?.stop());

  const campaign = async (more: object = {}): Promise<string> =>
    (await system.post('/v1/campaigns', { name: 'List', ...more })).body.id;
  const finished = (jobId: string) =>
    eventually(
      async () => {
        const { body } = await system.get(`/v1/jobs/${jobId}`);
        if (!body.finishedAt) throw new Error(body.status);
        return body;
      },
      { timeoutMs: 25_000 },
    );

  it('in Windows-1252, with the columns of a CRM, reaches its people as they are written', async () => {
    const id = await campaign({ messages: { sms: { body: 'Hallo {{ firstName }}: {{ url }}' } } });
    const csv = ['Vorname;Nachname;Handy;Land', 'Jörg;Groß;07400 222555;Vereinigtes Königreich'].join('\r\n');
    const path = `/v1/campaigns/${id}/distributions?channel=sms`;
    const options = { raw: Buffer.from(csv, 'latin1'), headers: { 'content-type': 'text/csv' } };
    const tried = await system.call('POST', `${path}&dryRun=true`, options);
    expect(tried).toMatchObject({
      status: 200,
      body: { encoding: 'windows-1252', faults: 0, rows: [{ recipient: { phone: '+447400222555' } }] },
    });
    expect((await system.get(`/v1/coupons?campaignId=${id}`)).body.data).toEqual([]);
    const { body } = await system.call('POST', path, options);
    expect(await finished(body.jobId)).toMatchObject({ status: 'done', done: 1, failed: 0 });
    await eventually(async () => {
      const inbox = await system.get('/v1/sandbox/messages?to=%2B447400222555');
      expect(inbox.body.data).toMatchObject([{ text: expect.stringMatching(/^Hallo Jörg: http/) }]);
    });
  });

  it('is sent, each person once however often it comes, and what went wrong is told', async () => {
    const id = await campaign({ messages: { sms: { body: 'Hi {{ firstName }}: {{ url }}' } } });
    const csv = [
      'Phone;Country;FirstName;Town',
      '07400 222333;gb;Ann;York',
      '12;GB;=cmd();York',
      '+447400222334;;Ben;',
      '07400 222 333;GB;Ann again;',
    ].join('\r\n');
    const send = async () => {
      const answer = await system.call('POST', `/v1/campaigns/${id}/distributions?channel=sms`, {
        raw: csv,
        headers: { 'content-type': 'text/csv' },
      });
      expect(answer.status).toBe(202);
      return finished(answer.body.jobId);
    };
    const job = await send();
    expect(job).toMatchObject({ kind: 'distribution', status: 'done', total: 4, done: 3, failed: 1 });
    expect((await system.get(`/v1/jobs/${job.id}/errors`)).body.data).toMatchObject([
      { line: 3, recipient: '12', code: 'recipient.invalid_phone' },
    ]);
    const messages = async (phone: string) =>
      (await system.get(`/v1/sandbox/messages?to=${encodeURIComponent(phone)}`)).body.data;
    for (const phone of ['+447400222333', '+447400222334'])
      await eventually(async () => expect(await messages(phone)).toHaveLength(1));
    expect(await send()).toMatchObject({ done: 3, failed: 1 });
    const { body } = await system.get(`/v1/coupons?campaignId=${id}`);
    expect(body.data).toHaveLength(2);
    const deliveries = await system.get(`/v1/deliveries?campaignId=${id}`);
    expect(deliveries.body.data.map((each: { status: string }) => each.status)).toEqual(['sent', 'sent']);
    const ann = body.data.find(
      (each: { recipient: { firstName: string } }) => each.recipient.firstName === 'Ann',
    );
    expect(ann).toMatchObject({ metadata: { Town: 'York' } });
  });

  it('of codes for certain people is redeemed by just those codes, heard of or not', async () => {
    const own = await campaign();
    const stack = await campaign({ codes: { source: 'imported' } });
    const imported = await system.call('POST', `/v1/campaigns/${stack}/codes`, {
      raw: 'code\r\nE2E-1\r\nE2E-2\r\nE2E-3\r\n',
      headers: { 'content-type': 'text/csv' },
    });
    await finished(imported.body.jobId);
    for (const [id, code] of [
      [own, 'Ann 2027'],
      [stack, 'E2E-3'],
    ]) {
      const answer = await system.post(`/v1/campaigns/${id}/distributions`, {
        channel: 'none',
        recipients: [{ externalId: 'ann', code }],
      });
      expect(await finished(answer.body.jobId)).toMatchObject({ done: 1, failed: 0 });
      expect(await system.post('/v1/redemptions', { code })).toMatchObject({ status: 201 });
      expect(await system.post('/v1/redemptions', { code })).toMatchObject({ status: 409 });
      const again = await system.post('/v1/coupons', { campaignId: id, recipient: { externalId: 'ann' } });
      expect(again).toMatchObject({ status: 200, body: { code, repeated: true } });
    }
  });

  it('of a hundred thousand is taken in, served in the background, and ended when told so', async () => {
    const id = await campaign();
    const recipients = Array.from({ length: 100_000 }, (_, index) => ({ externalId: `person ${index}` }));
    const { status, body } = await system.post(`/v1/campaigns/${id}/distributions`, {
      channel: 'none',
      recipients,
    });
    expect(status).toBe(202);
    const single = await system.post('/v1/coupons', { campaignId: id, recipient: { externalId: 'me' } });
    expect(single.status).toBe(201);
    await eventually(async () =>
      expect((await system.get(`/v1/jobs/${body.jobId}`)).body.done).toBeGreaterThan(0),
    );
    const job = (await system.post(`/v1/jobs/${body.jobId}/cancel`)).body;
    expect(job).toMatchObject({ status: 'cancelled', total: 100_000, failed: 0 });
    expect((await system.get(`/v1/campaigns/${id}`)).body.issued).toBe(job.done + 1);
  });
});

import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Webhook } from 'standardwebhooks';
import { LiquidBarcodesClient } from './liquid-barcodes.client';
import { admin, eventually, onBothTransports, startSystem, type System } from './system';

onBothTransports('a Liquid Barcodes client', (transport) => {
  let system: System;
  let client: LiquidBarcodesClient;
  let ScheduleId: string;

  const make = async (more: object = {}): Promise<string> =>
    (
      await system.post('/v1/campaigns', {
        name: 'Iced coffee',
        content: { title: 'A free sample' },
        ...more,
      })
    ).body.id;
  const clientOf = (credentials: string | null) =>
    new LiquidBarcodesClient(`${system.url}/liquidbarcodes`, credentials);
  const keyFor = async (...scopes: string[]) => {
    const { body } = await system.post('/v1/api-keys', { name: scopes.join(), scopes });
    return clientOf(`${body.clientId}:${body.clientSecret}`);
  };
  const issue = async (request: object) => {
    const { http, json } = await client.issueRequest({ ScheduleId, ...request });
    expect([http, json.ErrorCode]).toEqual([200, undefined]);
    return json;
  };
  const inbox = async (to: string): Promise<{ text: string }[]> =>
    (await system.get(`/v1/sandbox/messages?to=${encodeURIComponent(to)}`)).body.data;
  const held = async (query: string) => (await system.get(`/v1/coupons?${query}`)).body.data;

  beforeAll(async () => {
    system = await startSystem(transport, { WEBHOOK_ALLOW_PRIVATE: 'true' });
    client = clientOf(`${admin['x-client-id']}:${admin['x-client-secret']}`);
    ScheduleId = await make();
  });
  afterAll(() => system?.stop());

  it('sends by SMS to a phone number that a form was given, by e-mail to an address, and only once', async () => {
    for (const UserRef of ['+447400300001', 'ann@liquid.example']) {
      const first = await issue({ UserRef });
      expect(first).toEqual({
        IssueReference: expect.any(String),
        ScheduleId,
        UserRef,
        Code: expect.any(String),
        Url: expect.stringMatching(/^http/),
        ValidFrom: expect.any(String),
        ValidTo: null,
        Status: 'Issued',
      });
      expect(await issue({ UserRef })).toEqual({ ...first, Status: 'AlreadyIssued' });
      await eventually(async () => {
        const messages = await inbox(UserRef);
        expect(messages).toHaveLength(1);
        expect(messages[0].text).toContain(first.Url);
      });
    }
  });

  it('a game that is won every day issues every time, and the number needs no retyping', async () => {
    const game = await make({ limits: { perRecipient: null } });
    const UserRef = '+447400300002';
    const wins = [];
    for (const TransactionId of ['monday', 'tuesday']) {
      const win = await issue({ ScheduleId: game, UserRef, TransactionId });
      expect(await issue({ ScheduleId: game, UserRef, TransactionId })).toEqual(win);
      wins.push(win);
    }
    expect(new Set(wins.map(({ Code }) => Code)).size).toBe(2);
    await eventually(async () => expect(await inbox(UserRef)).toHaveLength(2));
  });

  it('a sampling campaign gives one coupon a number, good for five days by itself', async () => {
    const sampling = await make({ validity: { daysAfterIssue: 5 }, timezone: 'Europe/Oslo' });
    const wish = { ScheduleId: sampling, UserRef: '+4740612345', ExpirationDate: '2099-01-01T00:00:00Z' };
    const coupon = await issue(wish);
    const days = (Date.parse(coupon.ValidTo) - Date.parse(coupon.ValidFrom)) / 86_400_000;
    expect(days).toBeGreaterThan(4.9);
    expect(days).toBeLessThan(6.1);
    expect((await issue({ ...wish, UserRef: '+47 406 12 345' })).Code).toBe(coupon.Code);
    const strict = await make({ limits: { onRepeat: 'reject' } });
    await issue({ ScheduleId: strict, UserRef: '+4740612345' });
    expect(await client.issueRequest({ ScheduleId: strict, UserRef: '+4740612345' })).toMatchObject({
      http: 409,
      json: { ErrorCode: 'RecipientLimitReached', ErrorMessage: expect.any(String) },
    });
  });

  it('a back end issues without a message, with a reference of its own', async () => {
    const { IssueReference } = await issue({
      UserRef: 'app-user@liquid.example',
      Channel: 'None',
      Reference: 'user 77',
    });
    const { body } = await system.get(`/v1/coupons/${IssueReference}`);
    expect(body).toMatchObject({ metadata: { reference: 'user 77' }, delivery: null });
    expect(await inbox('app-user@liquid.example')).toEqual([]);
  });

  it('a transaction that is repeated, also at once, has one answer, one coupon and one SMS', async () => {
    const unlimited = await make({ limits: { perRecipient: null } });
    const request = { ScheduleId: unlimited, UserRef: '+447400300004', TransactionId: 'order 1' };
    const answers = await Promise.all(Array.from({ length: 10 }, () => issue(request)));
    for (const answer of answers) expect(answer).toEqual({ ...answers[0], Status: 'Issued' });
    expect(await held(`campaignId=${unlimited}`)).toHaveLength(1);
    await eventually(async () => expect(await inbox(request.UserRef)).toHaveLength(1));
    const others = await client.issueRequest({ ...request, UserRef: '+447400300005' });
    expect(others).toMatchObject({ http: 409, json: { ErrorCode: 'RequestKeyReused' } });
    expect(await held('phone=%2B447400300005')).toEqual([]);
  });

  it('a transaction that was refused may be tried again', async () => {
    const paused = await make({ status: 'paused' });
    const request = { ScheduleId: paused, UserRef: '+447400300006', TransactionId: 'later' };
    expect(await client.issueRequest(request)).toMatchObject({
      http: 409,
      json: { ErrorCode: 'CampaignNotActive' },
    });
    await system.call('PATCH', `/v1/campaigns/${paused}`, { body: { status: 'active' } });
    expect((await issue(request)).Status).toBe('Issued');
  });

  it('is told in one word and a sentence what is wrong', async () => {
    const ask = (request: object | string) => client.ask('POST', 'content/IssueRequest', request);
    const UserRef = '+447400300007';
    await system.post('/v1/suppressions', { channel: 'sms', address: '+447400300008' });
    const cases: [object | string, number, string][] = [
      [{}, 400, 'RequestInvalid'],
      ['{"ScheduleId":', 400, 'RequestMalformed'],
      [{ ScheduleId, UserRef, Channel: 'pigeon' }, 400, 'RequestInvalid'],
      [{ ScheduleId: 'cam_none', UserRef }, 404, 'CampaignNotFound'],
      [{ ScheduleId: 'x'.repeat(300), UserRef }, 404, 'CampaignNotFound'],
      [{ ScheduleId, UserRef: '12' }, 422, 'RecipientInvalidPhone'],
      [{ ScheduleId, UserRef: 'a@b@c' }, 422, 'RecipientInvalidEmail'],
      [{ ScheduleId, UserRef, Channel: 'Email' }, 422, 'RecipientNoAddress'],
      [{ ScheduleId, UserRef: '+447400300008' }, 409, 'RecipientSuppressed'],
    ];
    for (const [request, http, ErrorCode] of cases)
      expect([request, await ask(request)]).toMatchObject([request, { http, json: { ErrorCode } }]);
    for (const wrong of [null, 'nobody:x', 'e2e:wrong', 'e2e'])
      expect(await clientOf(wrong).issueRequest({})).toMatchObject({ http: 401 });
    expect(await (await keyFor('pos')).issueRequest({})).toMatchObject({ http: 403 });
    expect(await client.ask('GET', 'nothing')).toMatchObject({
      http: 404,
      json: { ErrorCode: 'RequestNotFound' },
    });
  });

  it('lists what can be issued', async () => {
    const own = await Promise.all([
      make({ name: 'Over', validity: { endsAt: '2020-01-01T00:00:00Z' } }),
      make({ name: 'Paused', status: 'paused' }),
      make({ name: 'Game', type: 'game', game: { winChance: 1, per: 'day' } }),
    ]);
    const { json } = await client.ask('GET', 'content/campaigns/list');
    const listed = json.Campaigns.map((campaign: { ScheduleId: string }) => campaign.ScheduleId);
    expect(listed).toContain(ScheduleId);
    for (const id of own) expect(listed).not.toContain(id);
  });

  it('has listeners told of what they are for, until they are deleted', async () => {
    const heard: { headers: Record<string, string>; body: string }[] = [];
    const server = createServer((request, response) => {
      const parts: Buffer[] = [];
      request.on('data', (part: Buffer) => parts.push(part));
      request.on('end', () => {
        heard.push({
          headers: request.headers as Record<string, string>,
          body: Buffer.concat(parts).toString(),
        });
        response.end();
      });
    });
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
    const Url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`;
    const add = (EventTypes: unknown, url = Url) =>
      client.ask('POST', 'content/listener', { Url: url, EventTypes });
    const { http, json: listener } = await add(['Usage', 'ImportedCodesLowLevel']);
    expect([http, listener]).toEqual([
      200,
      {
        ListenerId: expect.any(String),
        Url,
        EventTypes: ['Usage', 'ImportedCodesLowLevel'],
        Status: 'Active',
        Secret: expect.stringMatching(/^whsec_/),
      },
    ]);
    const { Secret, ...shown } = listener;
    // Made for more than a listener knows.
    await system.post('/v1/webhooks', { url: Url, events: ['order placed'] });
    expect((await client.ask('GET', 'content/listeners')).json).toEqual({ Listeners: [shown] });

    const codes = { source: 'imported', lowStock: 1 };
    const ScheduleId = await make({ codes, limits: { perRecipient: null } });
    await system.call('POST', `/v1/campaigns/${ScheduleId}/codes`, {
      raw: `code\n${Date.now()}A\n${Date.now()}B\n`,
      headers: { 'content-type': 'text/csv' },
    });
    const { Code } = await eventually(() =>
      issue({ ScheduleId, UserRef: 'stock@liquid.example', Channel: 'None' }),
    );
    await system.post('/v1/redemptions', { code: Code });
    await eventually(() => expect(heard).toHaveLength(2));
    const events = heard.map(({ body, headers }) => new Webhook(Secret).verify(body, headers));
    expect(events).toEqual(
      expect.arrayContaining([
        expect.objectContaining({
          type: 'coupon.redeemed',
          data: expect.objectContaining({ code: Code, campaignId: ScheduleId }),
        }),
        expect.objectContaining({
          type: 'codes.low_stock',
          data: expect.objectContaining({ campaignId: ScheduleId, stock: 1, lowStock: 1 }),
        }),
      ]),
    );

    expect(await add(['Weather'])).toMatchObject({ http: 400, json: { Errors: [{ Field: 'EventTypes' }] } });
    expect(await add(['Usage'], 'ftp://shop.example')).toMatchObject({
      http: 422,
      json: { ErrorCode: 'ListenerInvalidUrl', Errors: [{ Field: 'Url' }] },
    });
    const path = `content/listener/${listener.ListenerId}`;
    expect((await client.ask('DELETE', path)).http).toBe(200);
    for (const none of [path, 'content/listener/%00'])
      expect(await client.ask('DELETE', none)).toMatchObject({
        http: 404,
        json: { ErrorCode: 'ListenerNotFound' },
      });
    expect((await client.ask('GET', 'content/listeners')).json).toEqual({ Listeners: [] });
    await new Promise((done) => server.close(done));
  });

  it('a till reserves, validates or cancels, and another till waits its turn', async () => {
    const till = await keyFor('pos');
    const { Code } = await issue({ UserRef: '+447400300009' });
    const { json: reserved } = await till.pos('Reserve', { Code, StoreId: 'a', Seconds: 60 });
    expect(reserved).toMatchObject({ Code, ScheduleId, Status: 'Reserved' });
    expect(await till.pos('Reserve', { Code, StoreId: 'b' })).toMatchObject({
      http: 409,
      json: { ErrorCode: 'CouponReserved' },
    });
    const { ReservationId } = reserved;
    expect((await till.pos('Cancel', { ReservationId })).json).toEqual({
      ReservationId,
      Status: 'Cancelled',
    });
    expect(await till.pos('Validate', { ReservationId })).toMatchObject({
      http: 404,
      json: { ErrorCode: 'ReservationNotFound' },
    });
    const { json: again } = await till.pos('Reserve', { Code, StoreId: 'b' });
    const tries = await Promise.all(Array.from({ length: 6 }, () => till.pos('Validate', again)));
    expect(new Set(tries.map(({ http, json }) => `${http} ${json.RedemptionId}`)).size).toBe(1);
    expect(tries[0]).toMatchObject({ http: 200, json: { Code, Status: 'Validated' } });
    expect((await till.pos('Reserve', { Code })).json.ErrorCode).toBe('CouponAlreadyRedeemed');
    const { RedemptionId } = tries[0].json;
    expect((await system.post(`/v1/redemptions/${RedemptionId}/reverse`)).status).toBe(200);
    expect((await till.pos('Validate', again)).json).toMatchObject({
      RedemptionId,
      Status: 'Reversed',
      ReversedAt: expect.any(String),
    });
    expect((await till.pos('Cancel', again)).json.ErrorCode).toBe('ReservationNotFound');
    expect((await till.pos('Reserve', { Code: 'NOPE' })).http).toBe(404);
    expect((await (await keyFor('marketing')).pos('Reserve', { Code })).http).toBe(403);
  });

  it('a reservation that is never completed frees itself', async () => {
    const { Code } = await issue({ UserRef: '+447400300010' });
    expect((await client.pos('Reserve', { Code, StoreId: 'a', Seconds: 1 })).http).toBe(200);
    await eventually(async () =>
      expect((await client.pos('Reserve', { Code, StoreId: 'b' })).http).toBe(200),
    );
  });
});

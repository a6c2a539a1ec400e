import {
  CodesLowStock,
  GuessingSuspected,
  CouponRedeemed,
  DeleteWebhook,
  EventRecorded,
  ExportFromAutomation,
  GetWebhook,
  ListWebhookAttempts,
  newId,
  PersonErased,
  ReplayWebhook,
  RotateWebhookSecret,
  UpdateWebhook,
} from '@tearoff/contracts';
import { describeOverBothTransports, eventually } from '@tearoff/testing';
import { Webhook } from 'standardwebhooks';
import { longestWaitMs, recorded, World } from './webhooks.world';

const opened = (secret: string, { body, headers }: World['received'][number]): unknown =>
  new Webhook(secret).verify(body, headers as Record<string, string>);

const signs = (secret: string, request: World['received'][number]): boolean => {
  try {
    return opened(secret, request) !== undefined;
  } catch {
    return false;
  }
};

describeOverBothTransports('webhooks', (means) => {
  let world: World;
  let accountId: string;

  beforeAll(async () => {
    world = await World.start(means, 2);
  });
  beforeEach(() => {
    accountId = newId('account');
  });
  afterAll(() => world?.stop());

  it('are told, signed, of what they asked for and of no one else', async () => {
    const redeemed = {
      redemptionId: newId('redemption'),
      accountId,
      couponId: newId('coupon'),
      campaignId: newId('campaign'),
      code: 'W7KQ3M9XHT2C',
      storeId: 'oslo-1',
      terminalId: null,
      channel: 'store',
      transactionRef: null,
      basket: null,
      discount: null,
      redeemedAt: '2026-05-04T10:00:00.000Z',
    } as const;
    const [exact, prefix, all, others] = await Promise.all([
      world.subscribe(accountId, world.endpoint('/exact'), 'coupon.redeemed', 'codes.low_stock'),
      world.subscribe(accountId, world.endpoint('/prefix'), 'coupon.*'),
      world.subscribe(accountId, world.endpoint('/all'), '*'),
      world.subscribe(newId('account'), world.endpoint('/others'), '*'),
    ]);
    await world.tell(CouponRedeemed, redeemed);
    await world.record(accountId, 'cart abandoned', { total: 1_250, note: 'a\u0000 “é” 😀' });
    await world.tell(CodesLowStock, {
      accountId,
      campaignId: redeemed.campaignId,
      stock: 9,
      lowStock: 10,
      at: '2026-05-04T10:00:01.000Z',
    });
    await eventually(() =>
      expect([world.at('/exact'), world.at('/all')].map((list) => list.length)).toEqual([2, 3]),
    );
    const { accountId: _, ...data } = redeemed;
    expect(world.at('/exact').map((request) => opened(exact.secret, request))).toEqual(
      expect.arrayContaining([
        {
          type: 'coupon.redeemed',
          timestamp: redeemed.redeemedAt,
          key: redeemed.couponId,
          contact: null,
          contactId: null,
          data,
        },
        expect.objectContaining({ type: 'codes.low_stock', key: redeemed.campaignId }),
      ]),
    );
    expect(world.at('/prefix').map((request) => opened(prefix.secret, request))).toEqual([
      expect.objectContaining({ type: 'coupon.redeemed' }),
    ]);
    expect(world.at('/all').map((request) => opened(all.secret, request))).toContainEqual({
      type: 'cart abandoned',
      timestamp: '2026-05-04T10:00:00.000Z',
      key: 'order 17',
      contact: { email: 'ann@example.com' },
      contactId: null,
      data: { total: 1_250, note: 'a\u0000 “é” 😀' },
    });
    expect(world.at('/others')).toEqual([]);
    expect(() => opened(others.secret, world.at('/all')[0])).toThrow();
  });

  it('carry that codes are being guessed, to its account alone', async () => {
    const accountId = newId('account');
    const [exact] = await Promise.all([
      world.subscribe(accountId, world.endpoint('/guessed'), 'redemption.guessing_suspected'),
      world.subscribe(newId('account'), world.endpoint('/not-guessed'), 'redemption.*'),
    ]);
    const told = {
      apiKeyId: newId('apiKey'),
      storeId: 'oslo-1',
      unknownCodes: 61,
      at: '2026-05-04T10:00:01.000Z',
    };
    await world.tell(GuessingSuspected, { accountId, ...told });
    await eventually(() => expect(world.at('/guessed')).toHaveLength(1));
    expect(opened(exact.secret, world.at('/guessed')[0])).toMatchObject({
      type: 'redemption.guessing_suspected',
      timestamp: told.at,
      key: `${told.apiKeyId} oslo-1`,
      contact: null,
      data: told,
    });
    expect(world.at('/not-guessed')).toEqual([]);
  });

  it('are tried again under the same id, never where a redirect points, until the endpoint takes it', async () => {
    const url = world.endpoint('/moody', (response, count) => {
      if (count === 1) response.socket!.destroy();
      else if (count === 2) response.writeHead(302, { location: '/elsewhere' }).end();
      else if (count === 3) response.writeHead(500).end('a\u0000b');
      else response.writeHead(204).end();
    });
    const webhook = await world.subscribe(accountId, url, 'order');
    await world.record(accountId, 'order');
    const attempt = await eventually(async () => {
      const [one] = await world.attempts(accountId, webhook.id);
      expect(one).toMatchObject({ status: 'delivered', tries: 4, nextTryAt: null });
      return one;
    });
    expect(attempt.history.map(({ status, response }) => [status, response])).toEqual([
      [null, undefined],
      [302, undefined],
      [500, 'ab'],
      [204, undefined],
    ]);
    const requests = world.at('/moody');
    for (const request of requests) opened(webhook.secret, request);
    expect(
      new Set(requests.map(({ headers, body }) => `${headers['webhook-id'] as string} ${body}`)).size,
    ).toBe(1);
    expect(requests[0].headers['webhook-id']).toBe(attempt.id);
    expect(world.at('/elsewhere')).toEqual([]);
  });

  it('fail when the schedule is over, and are replayed one by one or all that failed', async () => {
    const down = (response: { writeHead(status: number): { end(): void } }): void =>
      response.writeHead(503).end();
    const url = world.endpoint('/down', down);
    const webhook = await world.subscribe(accountId, url, 'order');
    const since = new Date(Date.now() - 60_000).toISOString();
    await world.record(accountId, 'order', { n: 1 });
    await world.record(accountId, 'order', { n: 2 });
    const failed = await eventually(async () => {
      const attempts = await world.attempts(accountId, webhook.id);
      expect(attempts.map(({ status, tries }) => [status, tries])).toEqual([
        ['failed', 4],
        ['failed', 4],
      ]);
      return attempts;
    });
    const one = { accountId, webhookId: webhook.id };
    await expect(world.ask(ReplayWebhook, { ...one, attemptId: 'wha_none' })).rejects.toMatchObject({
      code: 'webhook_attempt.not_found',
    });
    await expect(world.ask(ReplayWebhook, one)).rejects.toMatchObject({ code: 'request.invalid' });
    const leapSecond = { ...one, since: '2016-12-31T23:59:60Z' };
    await expect(world.ask(ReplayWebhook, leapSecond)).rejects.toMatchObject({ code: 'request.invalid' });
    const none = { ...one, since: '9999-12-31T23:59:59+23:59' };
    expect(await world.ask(ReplayWebhook, none)).toEqual({ replayed: 0 });
    world.endpoint('/down');
    expect(await world.ask(ReplayWebhook, { ...one, attemptId: failed[0].id })).toEqual({ replayed: 1 });
    await eventually(async () =>
      expect((await world.attempts(accountId, webhook.id)).map(({ status }) => status)).toEqual([
        'delivered',
        'failed',
      ]),
    );
    expect(await world.ask(ReplayWebhook, { ...one, since })).toEqual({ replayed: 1 });
    await eventually(async () =>
      expect(
        (await world.attempts(accountId, webhook.id)).map(({ status, tries }) => [status, tries]),
      ).toEqual([
        ['delivered', 5],
        ['delivered', 5],
      ]),
    );
  });

  it.each([429, 503])('that answer %d are left alone for as long as they ask', async (status) => {
    const url = world.endpoint(`/busy-${status}`, (response, count) => {
      if (count === 1) response.writeHead(status, { 'retry-after': '1' }).end();
      else response.end();
    });
    const webhook = await world.subscribe(accountId, url, 'order');
    await world.record(accountId, 'order');
    const [first, second] = await eventually(async () => {
      const [attempt] = await world.attempts(accountId, webhook.id);
      expect(attempt).toMatchObject({ status: 'delivered', tries: 2 });
      return attempt.history;
    });
    expect(Date.parse(second.at) - Date.parse(first.at)).toBeGreaterThanOrEqual(longestWaitMs);
  });

  it('are paused by a 410, told nothing meanwhile, and taken up again', async () => {
    const url = world.endpoint('/gone', (response) => response.writeHead(410).end());
    const webhook = await world.subscribe(accountId, url, 'order');
    const one = { accountId, webhookId: webhook.id };
    await world.record(accountId, 'order', { n: 1 });
    await eventually(async () =>
      expect(await world.ask(GetWebhook, one)).toMatchObject({
        status: 'paused',
        note: expect.stringContaining('410'),
      }),
    );
    expect(await world.attempts(accountId, webhook.id)).toMatchObject([{ status: 'failed', tries: 1 }]);
    await expect(world.ask(ReplayWebhook, { ...one, since: '2020-01-01T00:00:00Z' })).rejects.toMatchObject({
      code: 'webhook.paused',
    });
    const witness = await world.subscribe(accountId, world.endpoint('/witness'), 'order');
    await world.record(accountId, 'order', { n: 2 });
    await eventually(async () => expect(await world.attempts(accountId, witness.id)).toHaveLength(1));
    expect(await world.attempts(accountId, webhook.id)).toHaveLength(1);
    world.endpoint('/gone');
    const patch = { status: 'active' } as const;
    expect(await world.ask(UpdateWebhook, { ...one, patch })).toMatchObject({ status: 'active', note: null });
    await world.ask(ReplayWebhook, { ...one, since: '2020-01-01T00:00:00Z' });
    await eventually(async () =>
      expect(await world.attempts(accountId, webhook.id)).toMatchObject([{ status: 'delivered', tries: 2 }]),
    );
  });

  it('that are slow hold up none but themselves', async () => {
    const hung: { end(): void }[] = [];
    const slow = await world.subscribe(
      accountId,
      world.endpoint('/slow', (response) => hung.push(response)),
      'order',
    );
    await world.tell(
      EventRecorded,
      ...Array.from({ length: 60 }, (_, n) => recorded(accountId, 'order', { n })),
    );
    await eventually(() => expect(hung.length).toBeGreaterThan(0));
    const quick = await world.subscribe(accountId, world.endpoint('/quick'), 'note');
    await world.record(accountId, 'note');
    await eventually(() => expect(world.at('/quick')).toHaveLength(1));
    expect(await world.attempts(accountId, quick.id)).toHaveLength(1);
    // Of two processes, and none has had an answer yet.
    expect(world.at('/slow').length).toBeLessThanOrEqual(16);
    await world.ask(DeleteWebhook, { accountId, webhookId: slow.id });
    for (const response of hung) response.end();
    await expect(world.attempts(accountId, slow.id)).rejects.toMatchObject({ code: 'webhook.not_found' });
    await expect(world.ask(DeleteWebhook, { accountId, webhookId: slow.id })).rejects.toMatchObject({
      code: 'webhook.not_found',
    });
  });

  it('get each of many messages once, however many processes send', async () => {
    const webhook = await world.subscribe(accountId, world.endpoint('/many'), 'order');
    await world.tell(
      EventRecorded,
      ...Array.from({ length: 300 }, (_, n) => recorded(accountId, 'order', { n })),
    );
    await eventually(async () => {
      const attempts = await world.attempts(accountId, webhook.id);
      expect(attempts.filter(({ status }) => status === 'delivered')).toHaveLength(300);
    });
    expect(world.at('/many')).toHaveLength(300);
    const first = await world.ask(ListWebhookAttempts, { accountId, webhookId: webhook.id, limit: 200 });
    const cursor = first.nextCursor!;
    const second = await world.ask(ListWebhookAttempts, {
      accountId,
      webhookId: webhook.id,
      limit: 200,
      cursor,
    });
    expect(second).toMatchObject({ nextCursor: null });
    expect(new Set([...first.data, ...second.data].map(({ id }) => id)).size).toBe(300);
  });

  it('are signed by the old and the new secret after a rotation', async () => {
    const webhook = await world.subscribe(accountId, world.endpoint('/rotated'), 'order');
    const rotated = await world.ask(RotateWebhookSecret, { accountId, webhookId: webhook.id });
    expect(Date.parse(rotated.previousSecretUntil!) - Date.now()).toBeGreaterThan(86_000_000);
    await world.record(accountId, 'order');
    const [request] = await eventually(() => {
      expect(world.at('/rotated')).toHaveLength(1);
      return world.at('/rotated');
    });
    expect(opened(webhook.secret, request)).toEqual(opened(rotated.secret, request));
    await world.dataSource.query(`update webhook set previous_until = now() where id = $1`, [webhook.id]);
    await world.record(accountId, 'order');
    await eventually(() => expect(world.at('/rotated')).toHaveLength(2));
    expect(() => opened(webhook.secret, world.at('/rotated')[1])).toThrow();
    opened(rotated.secret, world.at('/rotated')[1]);
  });

  it('are signed by every secret of the last 24 hours, of which there are five at most', async () => {
    const webhook = await world.subscribe(accountId, world.endpoint('/rotated-often'), 'order');
    const one = { accountId, webhookId: webhook.id };
    const secrets = [webhook.secret];
    for (let n = 0; n < 4; n++) secrets.push((await world.ask(RotateWebhookSecret, one)).secret);
    const until = expect.stringMatching(/^\d{4}-.*Z$/);
    await expect(world.ask(RotateWebhookSecret, one)).rejects.toMatchObject({
      code: 'webhook.too_many_secrets',
      kind: 'conflict',
      details: { until },
    });
    await world.record(accountId, 'order');
    const signing = async (count: number) => {
      const request = await eventually(() => {
        expect(world.at('/rotated-often')).toHaveLength(count);
        return world.at('/rotated-often')[count - 1];
      });
      expect(String(request.headers['webhook-signature']).split(' ')).toHaveLength(
        secrets.filter((secret) => signs(secret, request)).length,
      );
      return secrets.map((secret) => signs(secret, request));
    };
    expect(await signing(1)).toEqual([true, true, true, true, true]);
    // The oldest one's time is over.
    await world.dataSource.query(
      `update webhook set earlier_secrets = jsonb_set(earlier_secrets, '{2,until}', to_jsonb(now())) where id = $1`,
      [webhook.id],
    );
    await world.record(accountId, 'order');
    expect(await signing(2)).toEqual([false, true, true, true, true]);
    secrets.push((await world.ask(RotateWebhookSecret, one)).secret);
    await world.record(accountId, 'order');
    expect(await signing(3)).toEqual([false, true, true, true, true, true]);
  });

  it('forget whom they told of when they are erased, and tell what they hold of them before', async () => {
    const webhook = await world.subscribe(accountId, world.endpoint('/erased'), 'order');
    const other = await world.subscribe(newId('account'), world.endpoint('/kept'), 'order');
    await world.record(accountId, 'order', { n: 1 });
    await world.record(other.accountId, 'order', { n: 2 });
    const stays = { ...recorded(accountId, 'order'), contact: { email: 'joann@example.com' } };
    await world.tell(EventRecorded, stays);
    await eventually(() => expect([world.at('/erased').length, world.at('/kept').length]).toEqual([2, 1]));
    const person = { email: 'ann@example.com' };
    const { held } = await world.ask(ExportFromAutomation, { accountId, person });
    expect(held.webhookAttempts).toMatchObject([{ webhookId: webhook.id, body: { data: { n: 1 } } }]);
    const at = new Date().toISOString();
    await world.tell(PersonErased, { erasureId: newId('erasure'), accountId, person, at });
    await eventually(async () => expect(await world.attempts(accountId, webhook.id)).toHaveLength(1));
    const [left] = await world.dataSource.query<{ body: string }[]>(
      `select body from webhook_attempt where webhook_id = $1`,
      [webhook.id],
    );
    expect(left.body).toContain('joann@example.com');
    expect(await world.attempts(other.accountId, other.id)).toHaveLength(1);
  });

  it('come once more, under the same id, when a worker dies before it has said how it went', async () => {
    const victims: { end(): void }[] = [];
    const url = world.endpoint('/killed', (response, count) => {
      if (count === 1) victims.push(response);
      else response.end();
    });
    const webhook = await world.subscribe(accountId, url, 'order');
    await world.record(accountId, 'order');
    await eventually(() => expect(victims).toHaveLength(1));
    await world.cutOffInstances();
    victims[0].end();
    await world.stopInstances();
    await world.startInstance();
    await eventually(async () =>
      expect(await world.attempts(accountId, webhook.id)).toMatchObject([{ status: 'delivered', tries: 2 }]),
    );
    expect(new Set(world.at('/killed').map(({ headers }) => headers['webhook-id'])).size).toBe(1);
  });
});

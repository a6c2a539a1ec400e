import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Client } from 'pg';
import { admin, eventually, onBothTransports } from './system';
import { attributeOf, startTraced, type TracedProcess } from './traced-process';

const phone = '+447400987123';
const refusedPhone = '+447400987124';
const email = 'zoe.lodge@example.com';
const person = { phone, email, externalId: 'customer-zoe-lodge' };
const wrongSecret = 'a-wrong-secret-of-some-length';
const importedCode = 'LODGE-IMPORTED-77';
const wrongCode = 'LODGE-WRONG-78';
const json = { 'content-type': 'application/json' };
const hookPath = '/hooks/T0LODGE00/aSecretOfTheReceiver42';

/** Text with what a log or a trace could spell it as: in an address, in base64 at each offset, escaped, digits alone. */
function spellings(text: string): string[] {
  const base64 = [0, 1, 2].map((offset) =>
    Buffer.from(' '.repeat(offset) + text)
      .toString('base64')
      .replaceAll('=', '')
      // What its neighbours decide is left out.
      .slice(offset === 0 ? 0 : 4, -2),
  );
  const national = text.startsWith('+44') ? [text.slice(1), text.slice(3), `0${text.slice(3)}`] : [];
  const all = [text, encodeURIComponent(text), JSON.stringify(text).slice(1, -1), ...base64, ...national];
  return [...new Set([...all, ...all.map((each) => each.replaceAll('@', '\\u0040'))])];
}

/** The secrets that stand in it, each with its surroundings. */
const found = (text: string, secrets: Record<string, string>): string[] =>
  Object.entries(secrets).flatMap(([name, secret]) =>
    spellings(secret).flatMap((spelling) => {
      const at = text.toLowerCase().indexOf(spelling.toLowerCase());
      return at < 0 ? [] : [`${name}: ${text.slice(Math.max(0, at - 300), at + 100)}`];
    }),
  );

onBothTransports('what logs and traces tell', (transport) => {
  let system: TracedProcess;
  let database: Client;
  const calls: string[] = [];
  const hook = createServer((request, response) => {
    calls.push(request.url ?? '');
    request.resume().on('end', () => response.writeHead(calls.length === 1 ? 500 : 200).end());
  });

  beforeAll(async () => {
    hook.listen(0, '127.0.0.1');
    await once(hook, 'listening');
    system = await startTraced(transport, { WEBHOOK_ALLOW_PRIVATE: 'true', WEBHOOK_RETRY_SECONDS: '1' });
    database = new Client({ connectionString: system.databaseUrl });
    await database.connect();
  }, 120_000);
  afterAll(async () => {
    await database?.end();
    await system?.cleanup();
    hook.close();
  });

  async function post(path: string, body: unknown, headers: Record<string, string> = {}) {
    const answer = await system.call('POST', path, { body, headers });
    if (answer.status >= 300) throw new Error(`${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
    return answer.body;
  }
  const messages = async (to: string) =>
    (await system.call('GET', `/v1/sandbox/messages?to=${encodeURIComponent(to)}`)).body.data;
  const pathIn = (text: string): string => new URL(/https?:[^\s>"]+/.exec(text)![0]).pathname;

  /** Does what people and tills do, and answers the secrets that were used. */
  async function live(): Promise<Record<string, string>> {
    const secrets: Record<string, string> = {};
    const { port } = hook.address() as AddressInfo;
    const url = `http://127.0.0.1:${port}${hookPath}?key=lodge-query-key`;
    secrets.webhookSecret = (await post('/v1/webhooks', { url, events: ['*'] })).secret;
    const { id: campaignId } = await post('/v1/campaigns', {
      name: 'Lodge',
      content: { title: 'A bun' },
      claim: { public: true, country: 'GB' },
      limits: { perRecipient: null },
    });

    const bySms = await post(
      '/v1/coupons',
      { campaignId, recipient: person, channel: 'sms' },
      { prefer: 'wait=10' },
    );
    const byMail = await post(
      '/v1/coupons',
      { campaignId, recipient: person, channel: 'email' },
      { prefer: 'wait=10' },
    );
    Object.assign(secrets, { code: bySms.code, mailedCode: byMail.code });
    const [sms] = await eventually(async () => {
      const sent = await messages(phone);
      expect(sent).not.toEqual([]);
      return sent;
    });
    const page = pathIn(sms.text);
    secrets.couponToken = page.split('/').at(-1)!;
    await system.call('GET', `${page}?email=${encodeURIComponent(email)}`, { as: null });
    await system.call('GET', `${page}/barcode.svg`, { as: null });

    // The public form, once as it should be and once by guessing an address.
    const form = (path: string) =>
      system.call('POST', path, {
        as: null,
        raw: new URLSearchParams({ phone, email }).toString(),
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
      });
    expect((await form(`/o/${campaignId}?s=web:${encodeURIComponent(email)}:x`)).status).toBe(200);
    await system.call('GET', `/nowhere/${email}?phone=${encodeURIComponent(phone)}`, { as: null });
    await system.call('GET', `/%zz/${email}`, { as: null });
    await system.call('POST', '/v1/coupons', { raw: `{"recipient": {"email": ${email}`, headers: json });

    // The till.
    await post('/v1/validations', { code: bySms.code });
    expect((await system.call('POST', '/v1/redemptions', { body: { code: wrongCode } })).status).toBe(404);
    await post('/v1/redemptions', { code: bySms.code, transactionRef: 'lodge 1' });
    expect((await system.call('POST', '/v1/redemptions', { body: { code: bySms.code } })).status).toBe(409);
    const guessed = { ...admin, 'x-client-secret': wrongSecret };
    expect((await system.call('POST', '/v1/validations', { as: guessed, body: {} })).status).toBe(401);
    const basic = Buffer.from(`${admin['x-client-id']}:${admin['x-client-secret']}`).toString('base64');
    secrets.basic = basic;
    await system.call('GET', '/v1/campaigns', { as: null, headers: { authorization: `Basic ${basic}` } });
    await system.call('GET', `/v1/coupons?phone=${encodeURIComponent(phone)}`);

    // Files.
    const { id: stack } = await post('/v1/campaigns', { name: 'Stack', codes: { source: 'imported' } });
    const upload = await system.call('POST', `/v1/campaigns/${stack}/codes`, {
      raw: `code\r\n${importedCode}\r\n`,
      headers: { 'content-type': 'text/csv' },
    });
    const list = await post(`/v1/campaigns/${campaignId}/distributions`, {
      channel: 'none',
      recipients: [{ phone, email: `${email} and more` }, { phone }],
    });
    for (const id of [upload.body.jobId, list.jobId])
      await eventually(async () => (await system.call('GET', `/v1/jobs/${id}`)).body.status === 'done');

    // A workflow that calls out and fails to send, and a card.
    await post('/v1/workflows', {
      name: 'Calls',
      trigger: { event: 'joined' },
      steps: [{ webhook: { url } }, { issueCoupon: { campaignId } }],
    });
    await post('/v1/events', { type: 'joined', contact: person, params: { email } });
    await post('/v1/loyalty/members', { ...person, firstName: 'Zoe' });
    await system.call('GET', `/v1/loyalty/members?q=${encodeURIComponent(email)}`);

    // Statements that PostgreSQL refuses, saying whose they are.
    await database.query(
      `alter table notification.delivery add constraint lodge_delivery check (address <> '${refusedPhone}') not valid`,
    );
    await post('/v1/coupons', { campaignId, recipient: { phone: refusedPhone }, channel: 'sms' });
    await eventually(() => system.log().includes('lodge_delivery'));
    await database.query(
      `alter table loyalty.member add constraint lodge_member check (email is distinct from 'second.${email}') not valid`,
    );
    await system.call('POST', '/v1/loyalty/members', {
      body: { email: `second.${email}`, firstName: 'Zoe' },
    });
    await database.query(`create unique index lodge_key on issuance.coupon (account_id, (recipient ->> 'phone'))
      where recipient ->> 'externalId' = 'lodge-twice'`);
    for (const attempt of ['one', 'two'])
      await system.call('POST', '/v1/coupons', {
        body: { campaignId, recipient: { phone, externalId: 'lodge-twice' }, metadata: { attempt } },
      });

    // Out again.
    const [mail] = await messages(email);
    const leave = pathIn(mail.headers['List-Unsubscribe']);
    secrets.unsubscribeToken = leave.split('/').at(-1)!;
    await system.call('GET', leave, { as: null });
    await system.call('POST', leave, {
      as: null,
      raw: 'List-Unsubscribe=One-Click',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
    });
    await post('/v1/suppressions', { channel: 'sms', address: phone, note: 'called' });
    expect((await system.call('GET', `/v1/contacts/${email}`)).status).toBe(200);
    expect((await system.call('DELETE', `/v1/contacts/${encodeURIComponent(phone)}`)).status).toBe(202);
    await eventually(() => calls.length > 3);
    return secrets;
  }

  it('is what happened, and neither to whom nor with which code, token or secret', async () => {
    const secrets = {
      phone,
      refusedPhone,
      email,
      externalId: person.externalId,
      wrongSecret,
      wrongCode,
      importedCode,
      adminSecret: admin['x-client-secret'],
      hookPath,
      hookQuery: 'lodge-query-key',
      ...(await live()),
    };
    const metrics = (await system.call('GET', '/metrics')).body as string;
    const { spans, exported } = await system.stop();
    const log = system.log();

    // There is something to look through, and it says what happened.
    const routes = new Set(spans.map((span) => attributeOf(span, 'http.route')));
    expect([...routes]).toEqual(
      expect.arrayContaining([
        '/c/:token',
        '/u/:token',
        '/o/:campaign',
        '/v1/contacts/:contact',
        '/v1/coupons',
        '/v1/redemptions',
      ]),
    );
    const names = spans.map(({ name }) => name);
    expect(names).toEqual(expect.arrayContaining(['GET /c/:token', 'POST /v1/redemptions']));
    expect(names.some((name) => name.startsWith('pg.query'))).toBe(true);
    const statements = spans.flatMap((span) => attributeOf(span, 'db.query.text') ?? []);
    expect(statements.some((text) => text.includes('$1'))).toBe(true);
    const lines = log.split('\n').filter((line) => line.startsWith('{'));
    const levels = lines.map((line) => (JSON.parse(line) as { level: string }).level);
    expect(levels).toEqual(expect.arrayContaining(['debug', 'info', 'error']));
    // PostgreSQL's errors are there, by what they are called.
    expect(log).toContain('violates check constraint \\"lodge_delivery\\"');
    for (const constraint of ['lodge_key', 'lodge_member'])
      expect(log).toMatch(new RegExp(`"code":"23\\d{3}".*"constraint":"${constraint}"`));

    expect(metrics).toContain('route="/c/:token"');
    expect(found(metrics, secrets)).toEqual([]);
    expect(found(exported, secrets)).toEqual([]);
    expect(found(log, secrets)).toEqual([]);
    expect(log).toContain('"detail":"[hidden]"');
    for (const span of spans)
      for (const name of ['url.path', 'url.query', 'http.target', 'client.address', 'user_agent.original'])
        expect([span.name, name, attributeOf(span, name)]).toEqual([span.name, name, undefined]);
  }, 180_000);
});

import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createHash } from 'node:crypto';
import { IssueCoupon, SendNotice } from '@tearoff/contracts';
import { blockOf } from '../src/pages/claims/address-block';
import { caller, startGateway } from './harness';
import { ClaimsWorld, origin } from './claims.world';

let world: ClaimsWorld;
let captcha: { url: string; asked: URLSearchParams[]; close: () => void };
beforeAll(async () => {
  captcha = await startSiteverify();
  world = await ClaimsWorld.start({
    CLAIMS_PER_BLOCK: '8',
    CLAIMS_PER_PREFIX: '5',
    CAPTCHA_VERIFY_URL: captcha.url,
    CAPTCHA_SECRET: 'captcha-secret',
    CAPTCHA_SITE_KEY: 'site-key',
  });
});
afterAll(async () => {
  await world?.stop();
  captcha?.close();
});
beforeEach(async () => {
  world.harness.others.reset();
  world.sent.length = 0;
  world.answer();
  await world.database.query('truncate claim_counter');
});

/** The protocol that reCAPTCHA, hCaptcha and Turnstile have in common. */
async function startSiteverify() {
  const asked: URLSearchParams[] = [];
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (part: Buffer) => (body += part.toString()));
    request.on('end', () => {
      const fields = new URLSearchParams(body);
      asked.push(fields);
      const success = fields.get('response') === 'human' && fields.get('secret') === 'captcha-secret';
      response.setHeader('content-type', 'application/json').end(JSON.stringify({ success }));
    });
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/siteverify`;
  return { url, asked, close: () => server.close() };
}

const accepted = (answers: readonly { status: number }[]): number =>
  answers.filter(({ status }) => status === 202).length;
const from = (ip: string) => ({ headers: { 'x-forwarded-for': ip } });
const phone = (last: number, range = '07400 1') => ({
  recipient: { phone: range + String(last).padStart(5, '0') },
});
let address = 0;
/** Always from elsewhere, so that what is tried is not the block's limit. */
const elsewhere = () => from(`10.${++address >> 8}.${address & 255}.1`);

describe('a block of addresses', () => {
  it.each([
    ['192.0.2.7', '192.0.2'],
    ['::ffff:192.0.2.7', '192.0.2'],
    ['2001:db8:1:2:3::9', '2001:db8:1'],
    ['2001:0DB8:0001::', '2001:db8:1'],
    ['2001:db8::1', '2001:db8:0'],
    ['::1', '0:0:0'],
  ])('of %s is %s', (ip, block) => expect(blockOf(ip)).toBe(block));

  it.each([
    ['IPv4', (i: number) => `203.0.113.${i}`, '203.0.114.1'],
    ['IPv6', (i: number) => `2001:db8:7:${i}::${i}`, '2001:db8:8::1'],
  ])(
    'of %s has its claims counted by all gateways together, and neighbours are not harmed',
    async (_, ip, other) => {
      const campaign = world.campaign();
      const second = await startGateway(world.harness.others, world.harness.databaseUrl, {
        TRUST_PROXY: '1',
        CLAIMS_PER_BLOCK: '8',
        CLAIMS_PER_PREFIX: '5',
      });
      try {
        const claim = (i: number, address = ip(i)) =>
          caller(i % 2 ? world.harness.gateway.url : second.url)('POST', '/v1/claims', {
            as: world.key,
            body: {
              campaignId: campaign.id,
              recipient: { phone: `07400 ${i % 9}${String(i).padStart(5, '0')}` },
            },
            headers: { origin, 'x-forwarded-for': address },
          });
        const answers = await Promise.all(Array.from({ length: 20 }, (_each, i) => claim(i)));
        const limited = answers.filter(({ status }) => status === 429);
        expect(answers.filter(({ status }) => status === 202)).toHaveLength(8);
        expect(limited).toHaveLength(12);
        const wait = Number(limited[0].headers.get('retry-after'));
        expect(wait).toBeGreaterThan(0);
        expect(wait).toBeLessThanOrEqual(3_600);
        expect((await claim(21, other)).status).toBe(202);
      } finally {
        await second.stop();
      }
    },
  );

  it('cannot be made up by a caller whom no proxy speaks for', async () => {
    const campaign = world.campaign();
    const statuses: number[] = [];
    for (let i = 0; i < 10; i++)
      statuses.push(
        (await world.claim(campaign, phone(i, `07400 ${i}`), from(`10.9.${i}.1, 198.51.100.1`))).status,
      );
    expect(statuses.filter((status) => status === 202)).toHaveLength(8);
  });
});

describe('a walk through a range of numbers', () => {
  it('is stopped, from however many addresses it comes', async () => {
    const campaign = world.campaign();
    const answers = await Promise.all(
      Array.from({ length: 15 }, (_, i) => world.claim(campaign, phone(i), elsewhere())),
    );
    expect(answers.filter(({ status }) => status === 202)).toHaveLength(5);
    expect((await world.claim(campaign, phone(1, '07401 2'), elsewhere())).status).toBe(202);
  });

  it('is stopped by the campaign itself when it goes everywhere', async () => {
    const campaign = world.campaign({ perHour: 3 });
    const answers = await Promise.all(
      Array.from({ length: 8 }, (_, i) => world.claim(campaign, phone(1, `0740${i} 1`), elsewhere())),
    );
    expect(answers.filter(({ status }) => status === 202)).toHaveLength(3);
    expect((await world.claim(world.campaign(), phone(1, '07409 1'), elsewhere())).status).toBe(202);
  });
});

describe('a proof of work', () => {
  const solved = async (campaign: ReturnType<ClaimsWorld['campaign']>) => {
    const { challenge, bits } = (await world.form(campaign)).body.proof;
    for (let i = 0; ; i++) {
      const proof = `${challenge}:${i}`;
      if (createHash('sha256').update(proof).digest().readUInt32BE(0) >>> (32 - bits) === 0) return proof;
    }
  };
  const claim = (campaign: ReturnType<ClaimsWorld['campaign']>, proof?: string) =>
    world.claim(campaign, { ...phone(1), ...(proof !== undefined && { proof }) }, elsewhere());

  it('is good once, however many try it at once', async () => {
    const campaign = world.campaign({ proofOfWork: true });
    const proof = await solved(campaign);
    const answers = await Promise.all([1, 2, 3, 4].map(() => claim(campaign, proof)));
    expect(accepted(answers)).toBe(1);
  });

  it.each<[string, (proof: string) => string | undefined, string]>([
    ['without one', () => undefined, 'claim.proof_required'],
    ['without its work', (proof) => proof.replace(/:\d+$/, ':1'), 'claim.proof_invalid'],
    ['with a later end', (proof) => proof.replace(/\.\d{13}\./, '.9999999999999.'), 'claim.proof_invalid'],
    [
      'with a signature of their own',
      (proof) => proof.replace(/[\w-]{43}:/, `${'A'.repeat(43)}:`),
      'claim.proof_invalid',
    ],
    ['with anything', () => 'x'.repeat(400), 'claim.proof_invalid'],
  ])('cannot be passed %s', async (_, forge, code) => {
    const campaign = world.campaign({ proofOfWork: true });
    expect(await claim(campaign, forge(await solved(campaign)))).toMatchObject({
      status: 422,
      body: { code },
    });
  });

  it('of another campaign is none', async () => {
    const proof = await solved(world.campaign({ proofOfWork: true }));
    expect((await claim(world.campaign({ proofOfWork: true }), proof)).body.code).toBe('claim.proof_invalid');
  });
});

describe('a captcha', () => {
  const claim = (answer?: string) =>
    world.claim(
      world.campaign({ captcha: true }),
      { ...phone(1), ...(answer && { captcha: answer }) },
      elsewhere(),
    );

  it('is checked with the service, which is distinguished from where', async () => {
    captcha.asked.length = 0;
    expect((await claim('human')).status).toBe(202);
    expect(captcha.asked[0].get('remoteip')).toMatch(/^10\./);
    expect((await claim('machine')).body.code).toBe('claim.captcha_wrong');
    expect((await claim()).body.code).toBe('claim.captcha_required');
  });

  it('that cannot be checked lets no one in', async () => {
    const plain = await ClaimsWorld.start({
      CAPTCHA_VERIFY_URL: 'http://127.0.0.1:1/',
      CAPTCHA_SECRET: 's',
      CAPTCHA_SITE_KEY: 'k',
    });
    try {
      const answer = await plain.claim(plain.campaign({ captcha: true }), { captcha: 'human' });
      expect(answer).toMatchObject({ status: 503, body: { code: 'claim.captcha_unavailable' } });
    } finally {
      await plain.stop();
    }
  });
});

describe('a passcode', () => {
  const notices = () => world.harness.others.askedFor(SendNotice);
  const lastCode = () => /\d{6}/.exec(notices().at(-1)!.text)![0];
  const claim = (campaign: ReturnType<ClaimsWorld['campaign']>, passcode?: string) =>
    world.claim(campaign, { ...phone(1), ...(passcode && { passcode }) }, elsewhere());
  const wrongFor = (code: string): string => String((Number(code) + 1) % 1_000_000).padStart(6, '0');

  it('is sent first, and only who reads it gets the coupon, once', async () => {
    const campaign = world.campaign({ passcode: true });
    expect(await claim(campaign)).toMatchObject({ status: 202, body: { status: 'passcode_sent' } });
    await world.settled();
    expect(notices()).toMatchObject([{ to: '+447400100001', channel: 'sms' }]);
    expect(world.sent).toEqual([]);
    const code = lastCode();
    expect((await claim(campaign, wrongFor(code))).body.code).toBe('claim.passcode_wrong');
    const answers = await Promise.all([1, 2, 3].map(() => claim(campaign, code)));
    expect(accepted(answers)).toBe(1);
    await world.settled();
    expect(world.sent).toHaveLength(1);
  });

  it('cannot be guessed: five tries, and the right one comes too late', async () => {
    const campaign = world.campaign({ passcode: true });
    await claim(campaign);
    await world.settled();
    const code = lastCode();
    for (let i = 0; i < 5; i++) await claim(campaign, wrongFor(code));
    expect((await claim(campaign, code)).body.code).toBe('claim.passcode_wrong');
  });

  it('is sent to a person and not to a spelling: an Argentine number is the same without its 9', async () => {
    const campaign = world.campaign({ passcode: true, country: 'AR' });
    const by = (phone: string, passcode?: string) =>
      world.claim(campaign, { recipient: { phone }, ...(passcode && { passcode }) }, elsewhere());
    for (const phone of ['+54 9 11 6000-1234', '+54 11 6000-1234', '011 15-6000-1234', '11 6000-1234'])
      expect((await by(phone)).body.status).toBe('passcode_sent');
    await world.settled();
    expect(notices().map(({ to }) => to)).toEqual(['+5491160001234', '+541160001234', '+5491160001234']);
    expect((await by('+54 11 6000-1234', lastCode())).body.status).toBe('accepted');
  });

  it('is too old after ten minutes, and good for its own campaign and address alone', async () => {
    const [campaign, other] = [world.campaign({ passcode: true }), world.campaign({ passcode: true })];
    await claim(campaign);
    await world.settled();
    const code = lastCode();
    expect((await claim(other, code)).body.code).toBe('claim.passcode_wrong');
    await world.database.query(`update claim_passcode set expires_at = expires_at - interval '10 min'`);
    expect((await claim(campaign, code)).body.code).toBe('claim.passcode_wrong');
  });

  it('is sent to one address three times an hour; the fourth asking is answered alike and sends nothing', async () => {
    const campaign = world.campaign({ passcode: true });
    const answers = [];
    for (let i = 0; i < 4; i++) answers.push(await claim(campaign));
    await world.settled();
    expect(new Set(answers.map(({ status, body }) => `${status} ${JSON.stringify(body)}`)).size).toBe(1);
    expect(notices()).toHaveLength(3);
  });

  it('is kept nowhere in the database', async () => {
    const campaign = world.campaign({ passcode: true });
    await claim(campaign);
    await world.settled();
    for (const table of ['claim', 'claim_passcode']) {
      const { rows } = await world.database.query(`select * from ${table} where campaign_id = $1`, [
        campaign.id,
      ]);
      expect(JSON.stringify(rows)).not.toContain(lastCode());
    }
  });
});

it('nothing that only looks claims anything', async () => {
  const campaign = world.campaign();
  for (const method of ['GET', 'HEAD'])
    await world.harness.call(method, `/o/${campaign.id}?phone=07400123456&consent=yes`, { as: null });
  await world.form(campaign);
  expect(
    (await world.database.query(`select 1 from claim where campaign_id = $1`, [campaign.id])).rows,
  ).toEqual([]);
  expect(world.harness.others.askedFor(IssueCoupon)).toEqual([]);
});

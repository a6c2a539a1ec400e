import { IssueCoupon, RecordConsent, SendNotice, unavailable, FindCampaign } from '@tearoff/contracts';
import { ClaimsWorld } from './claims.world';

let world: ClaimsWorld;
beforeAll(async () => {
  world = await ClaimsWorld.start();
});
afterAll(() => world?.stop());
beforeEach(() => {
  world.harness.others.reset();
  world.sent.length = 0;
  world.answer();
});

const issues = () => world.harness.others.askedFor(IssueCoupon);
const show = (campaign: { id: string }, query = '', headers = {}) =>
  world.harness.call('GET', `/o/${campaign.id}${query}`, { as: null, headers });

describe('the hosted page', () => {
  it('takes a claim without any script or cookie, and keeps the source of the link', async () => {
    const campaign = world.campaign({ consent: 'Send me offers.' });
    const query = '?s=print:poster:north-7';
    const page = await show(campaign, query);
    expect(page.status).toBe(200);
    const action = /action="([^"]+)"/.exec(page.body as string)![1].replaceAll('&amp;', '&');
    const answer = await world.post(
      campaign,
      { phone: '07400 123456', consent: 'yes' },
      action.slice(action.indexOf('?')),
    );
    expect(answer).toMatchObject({ status: 200, body: expect.stringContaining('It is on its way') });
    await world.settled();
    expect(issues()).toMatchObject([
      {
        recipient: { phone: '+447400123456', languageCode: 'en' },
        source: { site: 'poster', ad: 'north-7', medium: 'print' },
      },
    ]);
    expect(world.harness.others.askedFor(RecordConsent)).toMatchObject([{ how: 'claim_page' }]);
    for (const { headers } of [page, answer]) {
      expect(headers.get('set-cookie')).toBeNull();
      expect(headers.get('content-security-policy')).toContain("form-action 'self'");
    }
  });

  it('says the same to someone who has claimed before, byte for byte', async () => {
    const campaign = world.campaign();
    const claim = async () => {
      const { status, body } = await world.post(campaign, { phone: '07400 123456' });
      await world.settled();
      return { status, body: (body as string).replace(/nonce="[^"]+"/g, '') };
    };
    expect(await claim()).toEqual(await claim());
    expect(world.sent).toHaveLength(1);
  });

  it.each([
    ['de', 'Gutschein anfordern'],
    ['es', 'Pedir el cupón'],
    ['fr', 'Demander le bon'],
    ['nl', 'Vraag de coupon aan'],
    ['uk', 'Отримати купон'],
  ])('speaks %s', async (lang, words) => {
    const { body } = await show(world.campaign(), '', { 'accept-language': lang });
    expect(body).toContain(`<html lang="${lang}"`);
    expect(body).toContain(words);
    expect(body).not.toMatch(/\{\{|undefined|\[object/);
  });

  it('is small, whatever it shows', async () => {
    const offers = Array.from({ length: 10 }, (_, i) => ({ id: `o${i}`, content: { title: `Offer ${i}` } }));
    const campaign = world.campaign(
      { countries: ['DE', 'AT', 'FR'], consent: 'x'.repeat(500) },
      { type: 'choice', offers },
    );
    expect(Buffer.byteLength((await show(campaign)).body as string)).toBeLessThan(30_000);
  });

  it('gives back what was entered, with what is wrong, and nothing of it as HTML', async () => {
    const campaign = world.campaign({ countries: ['DE'], consent: 'Yes?' });
    const evil = '"><script>alert(1)</script>';
    const { status, body } = await world.post(
      campaign,
      { phone: evil, country: 'DE', consent: 'yes' },
      `?s=${evil}&lang=${evil}`,
    );
    expect(status).toBe(422);
    expect(body).toContain('Please enter a valid mobile number.');
    expect(body).toMatch(/<option value="DE"\s+selected/);
    expect(body).toMatch(/name="consent"[^>]*\schecked/);
    expect(body).toMatch(/aria-invalid="true" aria-describedby="wrong"/);
    expect(body).not.toContain('<script>alert');
  });

  it.each<[string, Parameters<ClaimsWorld['campaign']>, number, string]>([
    ['paused', [{}, { status: 'paused' }], 200, 'Taking a break'],
    ['ended', [{}, { status: 'ended' }], 200, 'Offer ended'],
    ['not public', [{ public: false }], 404, 'No offer here'],
    ['a draft', [{}, { status: 'draft' }], 404, 'No offer here'],
  ])('of a campaign that is %s says so, to a look and to a claim', async (_, campaign, status, words) => {
    const made = world.campaign(...campaign);
    for (const answer of [await show(made), await world.post(made, { phone: '07400 123456' })])
      expect(answer).toMatchObject({ status, body: expect.stringContaining(words) });
    expect(issues()).toEqual([]);
  });

  it.each(['x', 'cam_x', '%00', `cam_${'a'.repeat(60)}`, '..%2f..'])('at %s is nothing', async (id) => {
    expect((await world.harness.call('GET', `/o/${id}`, { as: null })).status).toBe(404);
  });

  it('asks for patience while issuance cannot be asked', async () => {
    world.harness.others.on(FindCampaign, () => unavailable('service.unavailable', 'away'));
    expect(await show(world.campaign())).toMatchObject({
      status: 503,
      body: expect.stringContaining('try again in a minute'),
    });
  });

  it('asks for the passcode next, and remembers what was entered', async () => {
    const campaign = world.campaign({ passcode: true, consent: 'Yes?', channel: 'email' });
    const entered = { email: 'Ann@Example.com', consent: 'yes' };
    const asked = await world.post(campaign, entered);
    expect(asked.body).toContain('autocomplete="one-time-code"');
    await world.settled();
    const [notice] = world.harness.others.askedFor(SendNotice);
    expect(notice).toMatchObject({ to: 'ann@example.com', channel: 'email' });
    const hidden = Object.fromEntries(
      [...(asked.body as string).matchAll(/type="hidden" name="(\w+)" value="([^"]*)"/g)].map(
        ([, name, value]) => [name, value],
      ),
    );
    const passcode = /\d{6}/.exec(notice.text)![0];
    const wrong = await world.post(campaign, { ...hidden, passcode: '12345' });
    expect(wrong).toMatchObject({
      status: 422,
      body: expect.stringContaining('The code is wrong or too old.'),
    });
    const done = await world.post(campaign, {
      ...hidden,
      passcode: `${passcode.slice(0, 3)} ${passcode.slice(3)}`,
    });
    expect(done.body).toContain('Your coupon comes by e-mail in a moment.');
    await world.settled();
    expect(world.sent).toHaveLength(1);
  });

  it('says that it needs script where a proof of work is asked for', async () => {
    const campaign = world.campaign({ proofOfWork: true });
    expect((await show(campaign)).body).toMatch(/<noscript>.*needs JavaScript/s);
    expect((await world.post(campaign, { phone: '07400 123456' })).status).toBe(422);
  });

  it('lets in what a captcha needs, and only there', async () => {
    const vendor = await ClaimsWorld.start({
      CAPTCHA_VERIFY_URL: 'https://challenges.cloudflare.com/turnstile/v0/siteverify',
      CAPTCHA_SECRET: 's',
      CAPTCHA_SITE_KEY: 'site-key',
    });
    try {
      const look = async (captcha: boolean) =>
        vendor.harness.call('GET', `/o/${vendor.campaign({ captcha }).id}`, { as: null });
      const [asked, plain] = [await look(true), await look(false)];
      expect(asked.body).toContain('data-sitekey="site-key"');
      expect(asked.headers.get('content-security-policy')).toContain(
        'frame-src https://challenges.cloudflare.com',
      );
      expect(plain.body).not.toContain('cloudflare');
      expect(plain.headers.get('content-security-policy')).not.toContain('cloudflare');
    } finally {
      await vendor.stop();
    }
  });

  it('shows offers to choose from, and a mystery as one', async () => {
    const offers = [
      { id: 'a', content: { title: 'Coffee' } },
      { id: 'b', discount: { kind: 'percent' as const, value: 30 } },
    ];
    const choice = world.campaign({}, { type: 'choice', offers });
    expect((await show(choice)).body).toMatch(/type="radio" name="offer" value="b".*30% off/s);
    await world.post(choice, { phone: '07400 123456', offer: 'b' });
    await world.settled();
    expect(issues()).toMatchObject([{ offerId: 'b' }]);
    const mystery = await show(world.campaign({}, { type: 'mystery', offers }));
    expect(mystery.body).toContain('A surprise');
    expect(mystery.body).not.toContain('Coffee</strong>');
  });

  it.each(['{"phone":1,"consent":["yes"]}', '{"phone":{"slice":1}}', '[7]'])(
    'asks again for what is no form: %s',
    async (raw) => {
      const { id } = world.campaign();
      const answer = await world.harness.call('POST', `/o/${id}`, {
        as: null,
        raw,
        headers: { 'content-type': 'application/json' },
      });
      expect(answer.status).toBe(422);
    },
  );

  it('takes forms only where they are expected', async () => {
    const answer = await world.harness.call('POST', '/v1/campaigns', {
      raw: 'name=x',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
    });
    expect(answer.status).toBe(415);
  });
});

import { simpleParser, type AddressObject } from 'mailparser';
import { SmtpStandIn } from '../../apps/notification/test/smtp-stand-in';
import { eventually, startSystem, type System } from './system';

/** č, ਊ and ĺ end in the bytes of CR, LF and a colon: once their low bytes made a header of the visitor's own. */
const forged = 'dč\u0a0asubjectĺx@example.com';
const czech = 'řehoř@example.com';
/** An address that Japan's carriers gave out, though RFC 5321 has no such local part without quotes. */
const carrier = 'hana.@docomo.ne.jp';
const plain = 'ann@example.com';

describe.each([
  ['with SMTPUTF8', {}],
  ['without SMTPUTF8', { hideSMTPUTF8: true }],
])('what strangers and callers give as an address, on a mail server %s', (_what, options) => {
  const international = !('hideSMTPUTF8' in options);
  let smtp: SmtpStandIn;
  let system: System;
  let campaign: string;
  const key: Record<string, string> = {};

  beforeAll(async () => {
    smtp = await SmtpStandIn.start(options);
    system = await startSystem('in-process', smtp.env);
    const { body } = await system.post('/v1/campaigns', {
      name: 'Open to all',
      content: { title: 'Any coffee' },
      claim: { public: true, channel: 'email', origins: ['https://shop.example'] },
    });
    campaign = body.id;
    const pages = { name: 'pages', scopes: ['public'], origins: ['https://shop.example'] };
    key['x-client-id'] = (await system.post('/v1/api-keys', pages)).body.clientId;
  });
  afterAll(async () => {
    await system?.stop();
    await smtp?.stop();
  });
  beforeEach(() => smtp.forget());

  const asked = async (url: string, body: string, headers: Record<string, string>) =>
    expect((await fetch(system.url + url, { method: 'POST', body, headers })).status).toBeLessThan(400);
  const ways: [string, (email: string) => Promise<void>][] = [
    [
      'POST /o/{campaign}',
      (email) =>
        asked(`/o/${campaign}`, new URLSearchParams({ email }).toString(), {
          'content-type': 'application/x-www-form-urlencoded',
        }),
    ],
    [
      'POST /v1/claims',
      (email) =>
        asked('/v1/claims', JSON.stringify({ campaignId: campaign, recipient: { email } }), {
          ...key,
          origin: 'https://shop.example',
          'content-type': 'application/json',
        }),
    ],
    [
      'POST /v1/coupons',
      async (email) => {
        const body = { campaignId: campaign, recipient: { email }, channel: 'email' };
        expect((await system.post('/v1/coupons', body)).status).toBeLessThan(400);
      },
    ],
  ];

  it.each(ways)('carry no header of theirs: %s', async (way, ask) => {
    // Each way its own person, for one person gets one coupon.
    const tag = way.replace(/\W/g, '').toLowerCase();
    const own = [forged, czech, carrier, plain].map((address) => `${tag}${address}`);
    for (const address of own) await ask(address);
    const settled = await eventually(async () => {
      const { data } = (await system.get('/v1/deliveries?limit=100')).body;
      const found = own.map((to) => data.find((each: { to: string }) => each.to === to));
      return found.every((each) => /sent|failed/.test(each?.status)) && found;
    });
    const mails = await Promise.all(
      smtp.mails.map(async ({ bytes, headerNames }) => ({ ...(await simpleParser(bytes)), headerNames })),
    );
    for (const { subject, headerNames } of mails) {
      expect(subject).toBe('Any coffee');
      expect(headerNames.filter((name) => name === 'subject')).toHaveLength(1);
    }
    const reached = mails.map(({ to }) => String((to as AddressObject).value[0].address)).sort();
    expect(reached).toEqual((international ? own : own.slice(2)).sort());
    expect(smtp.commands).toContainEqual(expect.stringContaining(`RCPT TO:<"${tag}hana."@docomo.ne.jp>`));
    const lacking = expect.stringContaining(
      'needs SMTPUTF8 (RFC 6531), which the mail server does not offer',
    );
    const sent = { status: 'sent', error: null };
    const expected = international ? sent : { status: 'failed', error: lacking };
    expect(settled).toMatchObject([expected, expected, sent, sent]);
  });
});

import { simpleParser, type AddressObject } from 'mailparser';
import { couponOf } from './builders';
import type { ReceivedMail } from './received-mail';
import { SmtpStandIn } from './smtp-stand-in';
import { World } from './world';

/** č, ਊ and ĺ end in the bytes of CR, LF and a colon. */
const forged = 'dč\u0a0asubjectĺx@example.com';
const czech = 'řehoř@example.com';

const recipientOf = async ({ bytes }: ReceivedMail) => {
  const { to, subject } = await simpleParser(bytes);
  return { to: (to as AddressObject).value, subject };
};

describe('an address as a mail server is given it', () => {
  let world: World;
  const servers: SmtpStandIn[] = [];
  const given = { channel: 'email' as const, message: { subject: 'Hello Ann', body: 'Your coupon' } };

  beforeAll(async () => {
    world = await World.create();
  });
  afterEach(async () => {
    await world.stopInstances();
    await Promise.all(servers.splice(0).map((server) => server.stop()));
  });
  afterAll(() => world.destroy());

  async function send(smtp: SmtpStandIn, email: string, env: NodeJS.ProcessEnv = {}) {
    servers.push(smtp);
    await world.startInstance({ ...smtp.env, ...env });
    const coupon = couponOf(world.campaign(), { ...given, recipient: { email } });
    await world.issuance.issued(coupon);
    return coupon.deliveryId;
  }

  it.each([forged, czech])('goes out in UTF-8 where the server offers SMTPUTF8: %j', async (address) => {
    const smtp = await SmtpStandIn.start();
    const id = await send(smtp, address);
    await world.reached(id, 'sent');
    const [mail] = smtp.mails;
    expect(mail).toMatchObject({ to: [address], smtpUtf8: true });
    expect(mail.headerNames.filter((name) => name === 'subject')).toHaveLength(1);
    expect(await recipientOf(mail)).toMatchObject({ to: [{ address, name: '' }], subject: 'Hello Ann' });
  });

  it.each([forged, czech])('is a permanent failure where it does not: %j', async (address) => {
    const smtp = await SmtpStandIn.start({ hideSMTPUTF8: true });
    const id = await send(smtp, address);
    expect(await world.reached(id, 'failed')).toMatchObject({
      attempts: 1,
      error: expect.stringMatching(
        /^smtp: not sent: .*needs SMTPUTF8 \(RFC 6531\), which the mail server does not offer$/,
      ),
    });
    expect(smtp).toMatchObject({ received: 0, recipients: 0 });
  });

  it('leaves the connection to the next mail when it cannot be sent over it', async () => {
    const smtp = await SmtpStandIn.start({ hideSMTPUTF8: true });
    await world.reached(await send(smtp, czech), 'failed');
    const next = couponOf(world.campaign(), { ...given, recipient: { email: 'ann@shop.example' } });
    await world.issuance.issued(next);
    await world.reached(next.deliveryId, 'sent');
    expect(smtp.mails[0]).toMatchObject({ to: ['ann@shop.example'], smtpUtf8: false });
    expect(smtp.connections).toBe(1);
  });

  it.each([
    ['a dot before the @', 'hana.@docomo.ne.jp', '"hana."@docomo.ne.jp'],
    ['nothing to quote', "o'brien+x@docomo.ne.jp", "o'brien+x@docomo.ne.jp"],
  ])('is quoted as RFC 5321 asks: %s', async (_what, address, path) => {
    const smtp = await SmtpStandIn.start({ hideSMTPUTF8: true });
    await world.reached(await send(smtp, address), 'sent');
    const [mail] = smtp.mails;
    expect(smtp.commands).toContain(`RCPT TO:<${path}>`);
    expect(mail.header('to')).toBe(path);
    expect((await recipientOf(mail)).to).toEqual([{ address, name: '' }]);
  });

  it.each([
    ['a line break', 'a\r\nbcc: x@example.com'],
    ['a control character', 'a\u0007b@example.com'],
    ['a mark of direction', 'a\u202eb@example.com'],
    ['a tab in its domain', 'ann@exa\tmple.com'],
  ])('is refused when it has %s', async (_what, address) => {
    const smtp = await SmtpStandIn.start();
    expect(await world.reached(await send(smtp, address), 'failed')).toMatchObject({
      attempts: 1,
      error: 'smtp: not sent: this address cannot be written in a mail',
    });
    expect(smtp.received).toBe(0);
  });

  it('of the sender is for the operator to mend: the mail waits', async () => {
    const smtp = await SmtpStandIn.start({ hideSMTPUTF8: true });
    const env = { SMTP_FROM: 'Купоны <купоны@почта.example>', DELIVERY_RETRY_MS: '60000' };
    const id = await send(smtp, 'ann@shop.example', env);
    expect(await world.failedOnce(id)).toMatchObject({
      status: 'queued',
      error: expect.stringContaining('the sender needs SMTPUTF8'),
    });
  });

  it('of a sender may be international where the server takes it', async () => {
    const smtp = await SmtpStandIn.start();
    const id = await send(smtp, 'ann@shop.example', { SMTP_FROM: 'Купоны\u202e <купоны@почта.example>' });
    await world.reached(id, 'sent');
    const [mail] = smtp.mails;
    expect(mail.smtpUtf8).toBe(true);
    expect((await simpleParser(mail.bytes)).from!.value).toEqual([
      { name: 'Купоны', address: 'купоны@почта.example' },
    ]);
  });
});

import {
  AddSuppression,
  ListConsents,
  ListDeliveries,
  ListSuppressions,
  newId,
  RecordCallback,
} from '@tearoff/contracts';
import { describeOverBothTransports, eventually } from '@tearoff/testing';
import { couponOf } from './builders';
import { inbound, signatureEnv, signedQuery } from './vonage-signed';
import { World } from './world';

const stopText = 'No more from us.';
const helpText = 'Help is near.';

describeOverBothTransports('what a person writes back', (means) => {
  let world: World;
  let numbers = 0;

  beforeAll(async () => {
    world = await World.create(means);
    const env = { ...signatureEnv, SMS_STOP_TEXT: stopText, SMS_HELP_TEXT: helpText };
    await Promise.all([world.startInstance(env), world.startInstance(env)]);
  });
  afterAll(() => world.destroy());

  const ask = () => world.issuance.messaging.commands;
  const tell = (request: ReturnType<typeof inbound>) => ask().send(RecordCallback, request);

  /** Someone to whom these accounts have written, the last one last. */
  async function somebody(...accounts: string[]) {
    const phone = `+4479112${String(++numbers).padStart(5, '0')}`;
    for (const accountId of accounts) await sendTo(phone, accountId);
    return phone;
  }
  async function sendTo(phone: string, accountId: string): Promise<string> {
    const coupon = couponOf(world.campaign({ accountId }), { recipient: { phone } });
    await world.issuance.issued(coupon);
    const settled = async () => {
      const { data } = await ask().send(ListDeliveries, { accountId, couponId: coupon.couponId });
      return data[0]?.status;
    };
    return eventually(async () => {
      const status = await settled();
      if (status !== 'sent' && status !== 'suppressed') throw new Error(`the delivery is ${status}`);
      return status;
    });
  }
  const texts = async (phone: string) =>
    (await world.sandboxMessages(phone)).map(({ text }) => text).filter((text) => !text.includes('https://'));
  const reasons = async (accountId: string, address: string) =>
    (await ask().send(ListSuppressions, { accountId, address })).data.map(({ reason }) => reason);
  const consents = async (accountId: string, address: string) =>
    (await ask().send(ListConsents, { accountId, address })).data.map(({ kind, how, text }) => [
      kind,
      how,
      text,
    ]);
  /** The answers to keywords go through the same queue: when this is sent, so are those before it. */
  const answersAreOut = () => somebody(newId('account'));

  it('STOP ends the messages of every account that wrote to them, with one answer', async () => {
    const [first, last, stranger] = [newId('account'), newId('account'), newId('account')];
    const phone = await somebody(first, last);
    await tell(inbound(phone, ' Stop. '));
    for (const account of [first, last]) {
      expect(await reasons(account, phone)).toEqual(['opt_out']);
      expect(await consents(account, phone)).toEqual([['withdrawn', 'keyword', ' Stop. ']]);
      expect(await sendTo(phone, account)).toBe('suppressed');
    }
    expect(await reasons(stranger, phone)).toEqual([]);
    await answersAreOut();
    expect(await texts(phone)).toEqual([stopText]);
    const { data } = await ask().send(ListDeliveries, { accountId: last, status: 'sent' });
    expect(data[0]).toMatchObject({ couponId: null, campaignId: null, to: phone, segments: 1, error: null });
  });

  it('STOP counts whatever time the message says it is of', async () => {
    const account = newId('account');
    const phone = await somebody(account);
    await tell(inbound(phone, 'STOP', undefined, new Date(-8_640_000_000_000_000)));
    expect(await reasons(account, phone)).toEqual(['opt_out']);
  });

  it('STOP is answered once, however often it is told or said, and by whichever instance it is heard', async () => {
    const account = newId('account');
    const phone = await somebody(account);
    const same = inbound(phone, 'STOP');
    const others = Array.from({ length: 5 }, () => inbound(phone, 'stop'));
    await Promise.all([same, same, same, ...others, same].map(tell));
    await answersAreOut();
    expect(await texts(phone)).toEqual([stopText]);
    expect(await consents(account, phone)).toHaveLength(6);
  });

  it('is remembered for thirty days, by whatever message comes then', async () => {
    const phone = await somebody(newId('account'));
    const day = 'inbound of day ';
    await world.dataSource.query(
      `insert into inbound_message (id, at) select $1 || days, now() - days * interval '1 day' from unnest(array[0, 29, 31]) as days`,
      [day],
    );
    await tell(inbound(phone, 'STOP'));
    const rows = await world.dataSource.query<{ id: string }[]>(
      `select id from inbound_message where starts_with(id, $1) order by at`,
      [day],
    );
    expect(rows.map(({ id }) => id)).toEqual([`${day}29`, `${day}0`]);
  });

  it('STOP that could not be acted upon to the end is as if it had not come, and counts when it comes again', async () => {
    const account = newId('account');
    const phone = await somebody(account);
    const stop = inbound(phone, 'STOP');
    await world.dataSource.query(
      `alter table delivery add constraint broken check (reply is null) not valid`,
    );
    try {
      await expect(tell(stop)).rejects.toMatchObject({ kind: 'internal' });
    } finally {
      await world.dataSource.query(`alter table delivery drop constraint broken`);
    }
    expect([await reasons(account, phone), await consents(account, phone)]).toEqual([[], []]);
    await tell(stop);
    expect(await reasons(account, phone)).toEqual(['opt_out']);
    await answersAreOut();
    expect(await texts(phone)).toEqual([stopText]);
  });

  it('START takes STOP back, and a STOP after that counts again', async () => {
    const account = newId('account');
    const phone = await somebody(account);
    await tell(inbound(phone, 'STOP'));
    await tell(inbound(phone, 'Yes!'));
    expect(await reasons(account, phone)).toEqual([]);
    expect(await consents(account, phone)).toEqual([
      ['granted', 'keyword', 'Yes!'],
      ['withdrawn', 'keyword', 'STOP'],
    ]);
    expect(await sendTo(phone, account)).toBe('sent');
    await tell(inbound(phone, 'STOP'));
    expect(await sendTo(phone, account)).toBe('suppressed');
    await answersAreOut();
    expect(await texts(phone)).toEqual([stopText, stopText]);
  });

  it('a STOP told again after START, and a START from before STOP, change nothing', async () => {
    const account = newId('account');
    const phone = await somebody(account);
    const stop = inbound(phone, 'STOP');
    await tell(stop);
    await tell(inbound(phone, 'START'));
    await tell(stop);
    expect(await reasons(account, phone)).toEqual([]);

    await tell(inbound(phone, 'STOP'));
    await tell(inbound(phone, 'START', 'early', new Date(Date.now() - 60_000)));
    expect(await reasons(account, phone)).toEqual(['opt_out']);
  });

  it.each(['manual', 'bounce', 'complaint'] as const)(
    'START does not lift what was not theirs: %s',
    async (reason) => {
      const account = newId('account');
      const phone = await somebody(account);
      await ask().send(AddSuppression, { accountId: account, channel: 'sms', address: phone, reason });
      await tell(inbound(phone, 'STOP'));
      await tell(inbound(phone, 'START'));
      expect(await reasons(account, phone)).toEqual([reason]);
      expect(await sendTo(phone, account)).toBe('suppressed');
    },
  );

  it('HELP is answered, even where they are suppressed, but not again within the hour', async () => {
    const phone = await somebody(newId('account'));
    await tell(inbound(phone, 'STOP'));
    await Promise.all(Array.from({ length: 4 }, () => tell(inbound(phone, 'help'))));
    await answersAreOut();
    expect((await texts(phone)).sort()).toEqual([helpText, stopText]);
  });

  it('a sentence, a stranger, or no number at all changes nothing and is answered nothing', async () => {
    const account = newId('account');
    const phone = await somebody(account);
    for (const message of [
      inbound(phone, 'please do not stop'),
      inbound(phone, ''),
      inbound('+447911999999', 'STOP'),
      inbound('+447911999999', 'HELP'),
      inbound('Shop', 'STOP'),
    ])
      expect(await tell(message)).toEqual({ outcome: 'accepted' });
    await answersAreOut();
    expect(await reasons(account, phone)).toEqual([]);
    expect([...(await texts(phone)), ...(await texts('+447911999999'))]).toEqual([]);
  });

  it('counts in the words of the SMS API too, and not when it is not signed', async () => {
    const account = newId('account');
    const phone = await somebody(account);
    const message = signedQuery('inbound', {
      msisdn: phone.replace('+', ''),
      to: '447700900000',
      messageId: '0B00000053FFB40F',
      text: 'Stop',
      type: 'text',
      keyword: 'STOP',
      'message-timestamp': '2026-01-01 10:00:00',
    });
    const forged = { ...message, query: { ...message.query, sig: '0'.repeat(64) } };
    expect(await tell(forged)).toMatchObject({ outcome: 'refused' });
    expect(await reasons(account, phone)).toEqual([]);
    await tell(message);
    expect(await reasons(account, phone)).toEqual(['opt_out']);
  });
});

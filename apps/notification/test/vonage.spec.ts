import { generateKeyPairSync } from 'node:crypto';
import { describeOverBothTransports, eventually, freePort } from '@tearoff/testing';
import { couponOf } from './builders';
import { VonageStandIn, type VonageAnswer } from './vonage-stand-in';
import { World } from './world';

describeOverBothTransports('SMS through Vonage', (means) => {
  let world: World;
  let vonage: VonageStandIn;

  beforeAll(async () => {
    vonage = await VonageStandIn.start();
    world = await World.create(means);
  });
  afterAll(async () => {
    await world.destroy();
    await vonage.stop();
  });
  beforeEach(() => {
    vonage.answer = () => undefined;
    vonage.calls.length = 0;
  });
  afterEach(() => world.stopInstances());

  async function sendOne(env: NodeJS.ProcessEnv = {}) {
    await world.startInstance({ ...vonage.env, ...env });
    const coupon = couponOf(world.campaign());
    await world.issuance.issued(coupon);
    return coupon;
  }

  const answers = (...each: VonageAnswer[]): void => {
    vonage.answer = (_call, count) => each[count - 1];
  };

  it('sends the text with the delivery as its reference, and keeps the id it is given', async () => {
    const coupon = await sendOne();
    const delivery = await world.reached(coupon.deliveryId, 'sent');
    expect(delivery).toMatchObject({
      provider: 'vonage',
      providerMessageId: `uuid-${coupon.deliveryId}`,
      attempts: 1,
    });
    expect(vonage.calls).toEqual([
      {
        authorization: `Basic ${Buffer.from('abcd1234:not-a-secret').toString('base64')}`,
        body: {
          channel: 'sms',
          message_type: 'text',
          to: '447911123456',
          from: 'Tearoff',
          text: `20 % off everything: https://go.example/c/${coupon.token}`,
          client_ref: coupon.deliveryId,
        },
      },
    ]);
  });

  it('signs in as an application where one is given', async () => {
    const { privateKey } = generateKeyPairSync('rsa', {
      modulusLength: 2_048,
      publicKeyEncoding: { type: 'spki', format: 'pem' },
      privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
    });
    const coupon = await sendOne({
      VONAGE_APPLICATION_ID: '8f5d1c1e-0000-4000-8000-000000000000',
      VONAGE_PRIVATE_KEY: privateKey.replace(/\n/g, '\\n'),
    });
    await world.reached(coupon.deliveryId, 'sent');
    const [, payload] = vonage.calls[0].authorization.replace('Bearer ', '').split('.');
    expect(JSON.parse(Buffer.from(payload, 'base64url').toString())).toMatchObject({
      application_id: '8f5d1c1e-0000-4000-8000-000000000000',
    });
  });

  it('records a refusal in the words of the vendor and does not try again', async () => {
    answers({
      status: 422,
      problem: {
        title: 'Invalid params',
        detail: 'The value of one or more parameters is invalid.',
        invalid_parameters: [{ name: 'to', reason: 'is not a mobile number' }],
      },
    });
    const coupon = await sendOne();
    expect(await world.reached(coupon.deliveryId, 'failed')).toMatchObject({
      attempts: 1,
      error:
        'vonage 422: Invalid params: The value of one or more parameters is invalid.: to is not a mobile number',
    });
  });

  it('tries again when the vendor is busy, broken or does not know us', async () => {
    answers(
      { status: 429, problem: { title: 'Rate limit hit' }, headers: { 'retry-after': '0' } },
      { status: 500 },
      { status: 401, problem: { title: 'Unauthorized', detail: 'You did not provide correct credentials.' } },
    );
    const coupon = await sendOne();
    expect(await world.reached(coupon.deliveryId, 'sent')).toMatchObject({ attempts: 4, error: null });
  });

  it('shows why while it waits, and gives up in the end', async () => {
    vonage.answer = () => ({ status: 401, problem: { title: 'Unauthorized' } });
    const coupon = await sendOne({ DELIVERY_ATTEMPTS: '2', DELIVERY_RETRY_MS: '400' });
    expect(
      await eventually(async () => {
        const delivery = await world.delivery(coupon.deliveryId);
        return delivery?.status === 'queued' && delivery.attempts === 1 && delivery;
      }),
    ).toMatchObject({ error: 'vonage 401: Unauthorized' });
    expect(await world.reached(coupon.deliveryId, 'failed')).toMatchObject({
      attempts: 2,
      error: 'given up after 2 attempts: vonage 401: Unauthorized',
    });
  });

  it('tries again when the vendor could not be reached', async () => {
    const port = await freePort();
    const coupon = await sendOne({ VONAGE_API_URL: `http://127.0.0.1:${port}`, DELIVERY_ATTEMPTS: '2' });
    const delivery = await world.reached(coupon.deliveryId, 'failed');
    expect(delivery.attempts).toBe(2);
    expect(delivery.error).toMatch(/^given up after 2 attempts: vonage: .*ECONNREFUSED/);
  });

  it.each(['drop', 'hang'] as const)('does not send again what may have been taken: %s', async (answer) => {
    vonage.answer = () => answer;
    const coupon = await sendOne({ PROVIDER_TIMEOUT_MS: '300' });
    const delivery = await world.reached(coupon.deliveryId, 'failed');
    expect(delivery.error).toMatch(/^outcome unknown, not sent again: vonage: /);
    expect(vonage.callsFor(coupon.deliveryId)).toHaveLength(1);
  });

  it('sends many over few connections', async () => {
    await world.startInstance(vonage.env);
    const campaign = world.campaign();
    const before = vonage.connections;
    const coupons = Array.from({ length: 400 }, () => couponOf(campaign));
    await world.issuance.issued(...coupons);
    await eventually(() => expect(vonage.calls).toHaveLength(400));
    await Promise.all(coupons.slice(-5).map(({ deliveryId }) => world.reached(deliveryId, 'sent')));
    expect(vonage.connections - before).toBeLessThanOrEqual(50);
  });

  it('lets e-mail pass while SMS hangs', async () => {
    vonage.answer = () => 'hang';
    await world.startInstance({ ...vonage.env, PROVIDER_TIMEOUT_MS: '20000' });
    const campaign = world.campaign();
    const texts = Array.from({ length: 300 }, () => couponOf(campaign));
    await world.issuance.issued(...texts);
    await eventually(() => expect(vonage.calls.length).toBeGreaterThanOrEqual(50));
    const mail = couponOf(campaign, { channel: 'email' });
    await world.issuance.issued(mail);
    await world.reached(mail.deliveryId, 'sent');
    vonage.answer = () => undefined;
    vonage.release();
    await world.reached(texts.at(-1)!.deliveryId, 'sent');
  });
});

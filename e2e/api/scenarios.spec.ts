import { SmtpStandIn } from '../../apps/notification/test/smtp-stand-in';
import { CoupontoolsClient, failed } from './coupontools.client';
import { EsputnikClient } from '../../apps/gateway/test/esputnik.client';
import { admin, eventually, onBothTransports, startSystem, type System } from './system';

/** The seeds' own scenarios, through the API of the vendors that they tell of. */
onBothTransports('a promo code', (transport) => {
  let system: System;
  let mailbox: SmtpStandIn;
  let esputnik: EsputnikClient;
  let templateId: string;
  const key = Object.values(admin).join('.');

  beforeAll(async () => {
    mailbox = await SmtpStandIn.start();
    system = await startSystem(transport, { ...mailbox.env, PUBLIC_URL: 'https://tearoff.example' });
    esputnik = new EsputnikClient(`${system.url}/esputnik/api`, key);
    const { body } = await system.post('/v1/templates', {
      name: 'Promo code',
      channel: 'email',
      engine: 'velocity',
      subject: 'For you',
      html: "<p>Your code: $!data.get('code')</p>",
    });
    templateId = body.id;
  });
  afterAll(async () => {
    await system?.stop();
    await mailbox?.stop();
  });
  beforeEach(() => mailbox.forget());

  const mailsTo = (address: string) => mailbox.mails.filter(({ to }) => to.includes(address));

  it('that comes with an event is in the mailbox of the person whom the event names', async () => {
    const workflow = await system.post('/v1/workflows', {
      name: 'Promo code',
      trigger: { event: 'promoCode', repeat: 'every' },
      steps: [
        {
          sendMessage: {
            templateId,
            channel: 'email',
            to: '${EmailAddress}',
          },
        },
      ],
    });
    expect([workflow.status, workflow.body.code]).toEqual([201, undefined]);
    const params = [
      { name: 'EmailAddress', value: 'mail@example.com' },
      { name: 'code', value: 'ABC-123' },
    ];
    const answer = await esputnik.post('v1/event', { eventTypeKey: 'promoCode', params });
    expect([answer.http, answer.text]).toEqual([200, '{}']);
    await eventually(() => expect(mailsTo('mail@example.com')).toHaveLength(1));
    const [mail] = mailsTo('mail@example.com');
    expect([mail.subject, mail.html]).toEqual(['For you', expect.stringContaining('Your code: ABC-123')]);
  });

  it('goes to each of three people as their own, and to none whose data cannot be read', async () => {
    const recipients = [
      { locator: 'ann@example.com', jsonParam: '{"code":"ANN-1"}' },
      { locator: 'bea@example.com', jsonParam: '{"code":"BEA-2"' },
      { locator: 'cleo@example.com', jsonParam: '{"code":"CLEO-3"}' },
    ];
    const { http, json } = await esputnik.post(`v1/message/${templateId}/smartsend`, {
      recipients,
      email: true,
    });
    const ok = { id: 0, status: 'OK', requestId: expect.stringMatching(/^[0-9a-f-]{36}$/) };
    expect([http, json]).toEqual([
      200,
      {
        id: 0,
        results: [
          { ...ok, locator: 'ann@example.com' },
          {
            id: 0,
            locator: 'bea@example.com',
            status: 'ERROR',
            message: expect.stringContaining('jsonParam'),
          },
          { ...ok, locator: 'cleo@example.com' },
        ],
      },
    ]);
    const [ann, , cleo] = json.results as { requestId: string }[];
    await eventually(async () => {
      const status = await esputnik.get(`v1/message/status?ids=${ann.requestId},${cleo.requestId}`);
      expect(status.json.results).toEqual([
        { requestId: ann.requestId, status: 'SENT' },
        { requestId: cleo.requestId, status: 'SENT' },
      ]);
    });
    expect(mailsTo('ann@example.com').map(({ html }) => html)).toEqual([expect.stringContaining('ANN-1')]);
    expect(mailsTo('cleo@example.com').map(({ html }) => html)).toEqual([expect.stringContaining('CLEO-3')]);
    expect(mailsTo('bea@example.com')).toEqual([]);
  });

  it('goes out by send/sms of Coupontools, or the client is told by number why it does not', async () => {
    const coupontools = new CoupontoolsClient(`${system.url}/coupontools`, 'e2e', admin['x-client-secret']);
    const { body } = await system.post('/v1/campaigns', { name: 'Spring', content: { title: '20 % off' } });
    const send = (parameters: object) =>
      coupontools.post('v3/send/sms', { campaign: body.id, phone: '+447400100001', ...parameters });
    await system.post('/v1/suppressions', { channel: 'sms', address: '+447400100002' });

    const stranger = new CoupontoolsClient(`${system.url}/coupontools`, 'e2e', 'wrong');
    expect(await stranger.post('v3/send/sms')).toMatchObject({
      http: 401,
      json: { status: { status: 'failed', errors: { error_code: 1000 } } },
    });
    expect(await coupontools.post('v3/send/sms')).toEqual(
      failed([200, 'Missing parameter: campaign'], [200, 'Missing parameter: phone']),
    );
    expect(await send({ phone: '12' })).toEqual(failed([301, 'Phone number not valid']));
    expect(await send({ campaign: 'cam_123456' })).toEqual(failed([502, 'Campaign ID not found.']));
    expect(await send({ statcode: '<a>' })).toEqual(failed([513, 'Statcode not found']));
    expect(await send({ phone: '+15005550001' })).toEqual(
      failed([602, "SMS not sent to '15005550001'. Reason: sandbox: this address refuses every message"]),
    );
    expect(await send({ phone: '+447400100002' })).toEqual(
      failed([
        605,
        "SMS not sent to '447400100002'. Reason: This number is on the blacklist or opt-out list.",
      ]),
    );
    expect((await send({})).json).toMatchObject({ action: 'sms_sent', phone: '447400100001' });
  });
});

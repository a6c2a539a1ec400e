import {
  CheckMessages,
  DomainError,
  GetTemplate,
  IssueCoupon,
  newId,
  notFound,
  SendMessages,
  type RequestOf,
  type Template,
} from '@tearoff/contracts';
import { startHarness, type Harness } from './harness';
import { coupon, ids } from './samples';

let harness: Harness;
const templateId = 'tpl_01jzexample0template000000';
const recipient = { phone: '+447400123456' };
const template = (channel: Template['channel']): Template => ({
  id: templateId,
  accountId: ids.account,
  name: 'Promo',
  channel,
  engine: 'velocity',
  subject: null,
  body: 'x',
  html: null,
  variants: {},
  version: 1,
  createdAt: '2027-01-01T10:00:00.000Z',
  updatedAt: '2027-01-01T10:00:00.000Z',
});

beforeAll(async () => {
  harness = await startHarness();
});
afterAll(() => harness.stop());
beforeEach(() => harness.others.reset());

describe('messages to many', () => {
  /** Those to number 2 are suppressed, those to number 3 refused. */
  const answer = ({ recipients }: RequestOf<typeof SendMessages>) => ({
    results: recipients.map(({ deliveryId, phone }) => {
      if (phone === '2')
        return { deliveryId, status: 'suppressed' as const, error: 'recipient.suppressed' as const };
      if (phone === '3') return { deliveryId, status: 'refused' as const, error: 'message.empty' as const };
      return { deliveryId, status: 'queued' as const, error: null };
    }),
  });
  const body = {
    templateId,
    recipients: [
      { phone: '1', data: { code: 'A' } },
      { phone: 7 },
      { phone: '2' },
      null,
      { phone: '3', fax: 1 },
      { phone: '3' },
    ],
  };

  it('are answered one by one, in their order; what is no recipient harms no other', async () => {
    harness.others.on(SendMessages, answer);
    const { status, body: sent } = await harness.call('POST', '/v1/messages', { body });
    expect(status).toBe(202);
    const deliveryId = expect.stringMatching(/^dlv_/);
    expect(sent.results).toEqual([
      { recipient: { phone: '1' }, deliveryId, status: 'queued', error: null },
      {
        recipient: {},
        deliveryId: null,
        status: 'refused',
        error: 'recipient.invalid',
        detail: 'phone must be string',
      },
      { recipient: { phone: '2' }, deliveryId, status: 'suppressed', error: 'recipient.suppressed' },
      {
        recipient: {},
        deliveryId: null,
        status: 'refused',
        error: 'recipient.invalid',
        detail: 'must be object',
      },
      {
        recipient: { phone: '3' },
        deliveryId: null,
        status: 'refused',
        error: 'recipient.invalid',
        detail: 'fax is not a known field',
      },
      { recipient: { phone: '3' }, deliveryId: null, status: 'refused', error: 'message.empty' },
    ]);
    const [{ recipients }] = harness.others.askedFor(SendMessages);
    expect(recipients).toHaveLength(3);
    expect(recipients[0]).toMatchObject({ phone: '1', data: { code: 'A' } });
  });

  it('are written once for an Idempotency-Key', async () => {
    harness.others.on(SendMessages, answer);
    const headers = { 'idempotency-key': 'messages-1' };
    const first = await harness.call('POST', '/v1/messages', { body, headers });
    const again = await harness.call('POST', '/v1/messages', { body, headers });
    expect(again.body).toEqual(first.body);
    expect(harness.others.askedFor(SendMessages)).toHaveLength(1);
  });

  it('have the same keys when they are asked for again under their Idempotency-Key', async () => {
    const headers = { 'idempotency-key': 'messages-2' };
    // Notification has written them, and the answer never came.
    harness.others.on(
      SendMessages,
      () => new DomainError('service.deadline_exceeded', 'unavailable', 'Too late.'),
    );
    expect((await harness.call('POST', '/v1/messages', { body, headers })).status).toBe(503);
    const earlier = Array.from({ length: 3 }, () => newId('delivery'));
    harness.others.on(SendMessages, ({ recipients }) => ({
      results: recipients.map((_, at) => ({
        deliveryId: earlier[at],
        status: 'queued' as const,
        error: null,
      })),
    }));
    const { body: answered } = await harness.call('POST', '/v1/messages', { body, headers });
    await harness.call('POST', '/v1/messages', { body, headers: { 'idempotency-key': 'messages-3' } });
    await harness.call('POST', '/v1/messages', { body });
    const [lost, again, other, without] = harness.others
      .askedFor(SendMessages)
      .map(({ recipients }) => recipients.map(({ key }) => key));
    expect(again).toEqual(lost);
    expect(new Set([...again, ...other]).size).toBe(6);
    expect(without).toEqual([undefined, undefined, undefined]);
    expect([0, 2, 5].map((at) => answered.results[at].deliveryId)).toEqual(earlier);
  });

  it('need a template, also when no one can be written to', async () => {
    harness.others.on(GetTemplate, () => notFound('template.not_found', 'There is no such template.'));
    const answered = await harness.call('POST', '/v1/messages', { body: { templateId, recipients: [7] } });
    expect(answered).toMatchObject({ status: 404, body: { code: 'template.not_found' } });
    harness.others.on(GetTemplate, () => template('sms'));
    const { body: sent } = await harness.call('POST', '/v1/messages', {
      body: { templateId, recipients: [7] },
    });
    expect(sent.results).toHaveLength(1);
  });
});

describe('a coupon in the words of a template', () => {
  const issue = (channel: string) =>
    harness.call('POST', '/v1/coupons', {
      body: { campaignId: ids.campaign, recipient, channel, message: { templateId, data: { days: 3 } } },
    });

  it('is issued with its id and data, and its texts are not looked at', async () => {
    harness.others.on(GetTemplate, () => template('sms'));
    harness.others.on(IssueCoupon, () => ({ outcome: 'issued' as const, coupon: coupon() }));
    expect((await issue('sms')).status).toBe(201);
    const [asked] = harness.others.askedFor(IssueCoupon);
    expect(asked.message).toEqual({ templateId, data: { days: 3 } });
    expect(harness.others.askedFor(CheckMessages)).toEqual([]);
  });

  it('is refused where there is no such template, or it is for another channel', async () => {
    harness.others.on(GetTemplate, () => template('email'));
    const errors = [{ path: '/message/templateId', message: expect.any(String) }];
    expect(await issue('sms')).toMatchObject({
      status: 422,
      body: { code: 'template.wrong_channel', errors },
    });
    harness.others.on(GetTemplate, () => notFound('template.not_found', 'There is no such template.'));
    expect(await issue('sms')).toMatchObject({ status: 422, body: { code: 'template.not_found', errors } });
    expect(harness.others.askedFor(IssueCoupon)).toEqual([]);
  });
});

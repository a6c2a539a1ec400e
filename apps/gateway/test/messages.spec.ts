import {
  CheckMessages,
  CreateCampaign,
  IssueCoupon,
  notFound,
  SendCoupon,
  UpdateCampaign,
  type CommandDefinition,
} from '@tearoff/contracts';
import { startHarness, type Harness } from './harness';
import { coupon, ids } from './samples';

let harness: Harness;
const words = 'output "{{ title" not closed, line:1, col:4';
const sms = { body: 'At {{ title' };
const recipient = { phone: '+447400123456' };

beforeAll(async () => {
  harness = await startHarness();
});
afterAll(() => harness.stop());
beforeEach(() => harness.others.reset());

type Writing = [
  what: string,
  method: string,
  path: string,
  body: object,
  fault: string,
  then: CommandDefinition,
];
const writings: Writing[] = [
  [
    'a new campaign',
    'POST',
    '/v1/campaigns',
    { name: 'x', messages: { sms } },
    '/messages/sms/body',
    CreateCampaign,
  ],
  [
    'a patch',
    'PATCH',
    `/v1/campaigns/${ids.campaign}`,
    { messages: { email: { subject: sms.body, html: null }, sms: null } },
    '/messages/email/subject',
    UpdateCampaign,
  ],
  [
    'a coupon',
    'POST',
    '/v1/coupons',
    { campaignId: ids.campaign, recipient, message: sms },
    '/message/body',
    IssueCoupon,
  ],
  [
    'a sending',
    'POST',
    `/v1/coupons/${ids.coupon}/send`,
    { channel: 'sms', message: { subject: sms.body } },
    '/message/subject',
    SendCoupon,
  ],
];

describe.each(writings)('a message with %s', (_, method, path, body, fault, command) => {
  it('that cannot be parsed is refused in the words of the parser, and nothing is done', async () => {
    harness.others.on(CheckMessages, ({ texts }) => ({
      faults: texts.map((text) => ({ path: text.path, message: words })),
    }));
    expect(await harness.call(method, path, { body })).toMatchObject({
      status: 422,
      body: { code: 'message.invalid', errors: [{ path: fault, message: words }] },
    });
    expect(harness.others.askedFor(CheckMessages)).toEqual([{ texts: [{ path: fault, text: sms.body }] }]);
    expect(harness.others.askedFor(command)).toEqual([]);
  });

  it('goes on when it can be parsed, and when no one can tell', async () => {
    harness.others.on(command, () => notFound('campaign.not_found', 'Asked.'));
    expect((await harness.call(method, path, { body, invented: true })).body.code).toBe('campaign.not_found');
    harness.others.on(CheckMessages, () => ({ faults: [] }));
    expect((await harness.call(method, path, { body, invented: true })).body.code).toBe('campaign.not_found');
  });
});

it('no one is asked about messages when there are none', async () => {
  harness.others.on(IssueCoupon, () => ({ outcome: 'issued' as const, coupon: coupon() }));
  const answer = await harness.call('POST', '/v1/coupons', { body: { campaignId: ids.campaign, recipient } });
  expect(answer.status).toBe(201);
  expect(harness.others.asked).toHaveLength(1);
});

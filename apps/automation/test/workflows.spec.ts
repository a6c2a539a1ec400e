import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  CouponIssued,
  CouponRedeemed,
  GetRun,
  IssueCoupon,
  newId,
  RetryRun,
  SendMessages,
  unavailable,
  UpdateWorkflow,
  type CouponIssuedItem,
} from '@tearoff/contracts';
import { eventually } from '@tearoff/testing';
import { ann, overBothTransports, World } from './world';

const hours = 3_600_000;
const days = 24 * hours;

const issued = (accountId: string, couponId = newId('coupon')): CouponIssuedItem => ({
  ...{
    accountId,
    couponId,
    campaignId: newId('campaign'),
    campaignVersion: 1,
    code: 'W7KQ',
    token: 'secret',
  },
  ...{ recipient: ann, offerId: null, channel: 'none', deliveryId: null, message: null },
  ...{
    issuedAt: '2031-01-01T00:00:00.000Z',
    validFrom: '2031-01-01T00:00:00.000Z',
    ownValidTo: null,
    validTo: null,
  },
  ...{ source: null, metadata: null },
});

const redeemed = (accountId: string, couponId: string) => ({
  ...{ redemptionId: newId('redemption'), accountId, couponId, campaignId: newId('campaign'), code: 'W7KQ' },
  ...{
    storeId: 'S1',
    terminalId: null,
    channel: 'store' as const,
    transactionRef: null,
    discount: null,
    basket: null,
  },
  redeemedAt: '2031-01-02T00:00:00.000Z',
});

overBothTransports((means) => {
  let world: World;
  beforeAll(async () => (world = await World.start({ means, instances: 2 })));
  afterAll(() => world?.stop());
  beforeEach(() => {
    world.clock.goOn();
    Object.assign(world.owners, { before: () => undefined, after: () => undefined });
    world.owners.asked.clear();
  });

  it('issues a coupon and sends a message with its code', async () => {
    const { owners, accountId } = world;
    const campaignId = owners.campaign(accountId);
    const templateId = owners.template(accountId);
    const workflow = await world.workflow({
      trigger: { event: 'signup' },
      steps: [
        { name: 'gift', issueCoupon: { campaignId } },
        {
          sendMessage: {
            templateId,
            data: { code: '${steps.gift.code}', hello: 'Hi ${contact.firstName}${nobody}' },
          },
        },
      ],
    });
    await world.happen('signup', { params: { plan: 'gold' } });
    const run = await world.run(workflow, 'completed');
    const [gift, message] = run.steps;
    const coupon = owners.coupons.get((gift.output as { couponId: string }).couponId)!;
    expect(coupon).toMatchObject({ campaignId, recipient: { phone: ann.phone } });
    const sent = owners.sent.get((message.output as { deliveryId: string }).deliveryId);
    expect(sent).toMatchObject({
      phone: ann.phone,
      data: { plan: 'gold', code: coupon.code, hello: 'Hi Ann' },
    });
    expect(run.steps).toMatchObject([
      {
        path: '/steps/0',
        name: 'gift',
        kind: 'issueCoupon',
        status: 'done',
        attempts: 1,
        output: { outcome: 'issued' },
      },
      { path: '/steps/1', name: null, kind: 'sendMessage', status: 'done', output: { outcome: 'queued' } },
    ]);
  });
});

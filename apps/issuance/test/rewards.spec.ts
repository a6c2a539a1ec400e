import {
  GetCoupon,
  newId,
  queues,
  RewardGranted,
  RewardOrderSettled,
  type CampaignView,
  type ItemOf,
  type RewardOrder,
} from '@tearoff/contracts';
import { eventually, overBothTransports, times } from '@tearoff/testing';
import { World } from './world';

const ann = { email: 'ann@example.com', firstName: 'Ann' };

overBothTransports((means) => {
  let world: World;
  const told: ItemOf<typeof RewardOrderSettled>[] = [];
  let loyalty: Awaited<ReturnType<World['transport']['connect']>>;
  beforeAll(async () => {
    world = await World.start({ means, instances: 2 });
    loyalty = await world.transport.connect('loyalty');
    await loyalty.consume(
      queues.find(({ name }) => name === 'loyalty.events')!,
      10,
      (message) => {
        for (const { type, data } of JSON.parse(message.body) as {
          type: string;
          data: { items: typeof told };
        }[])
          if (type === RewardOrderSettled.type) told.push(...data.items);
        message.ack();
      },
    );
  });
  afterAll(async () => {
    await loyalty.close();
    await world.stop();
  });

  const orderOf = (campaign: CampaignView, parts: Partial<RewardOrder> = {}): RewardOrder => ({
    rewardIssueId: newId('rewardIssue'),
    accountId: world.accountId,
    couponId: newId('coupon'),
    campaignId: campaign.id,
    recipient: ann,
    channel: 'none',
    ...parts,
  });
  const settled = (...orders: RewardOrder[]) =>
    eventually(() => {
      return orders.map(({ rewardIssueId }) => {
        const of = told.filter((item) => item.rewardIssueId === rewardIssueId);
        expect(of).toHaveLength(1);
        return of[0].reason ?? of[0].outcome;
      });
    });

  it('issues each coupon that was ordered once, under the id it was ordered by', async () => {
    const campaign = await world.campaign({ limits: { perRecipient: null } });
    const orders = times(3, () => orderOf(campaign));
    await world.tell(RewardGranted, orders);
    expect(await settled(...orders)).toEqual(['issued', 'issued', 'issued']);
    await world.issue(campaign, ann, { couponId: orders[0].couponId });
    expect(await world.counts(campaign)).toMatchObject({ issued: 3 });
    const { accountId } = world;
    const coupon = await world.ask(GetCoupon, { accountId, couponId: orders[1].couponId });
    expect(coupon).toMatchObject({ recipient: ann, campaignId: campaign.id });
  });

  it('says why there is no coupon, and never passes off one that they held before', async () => {
    const single = await world.campaign();
    const paused = await world.campaign({ status: 'paused' });
    await world.issue(single, ann);
    const orders = [
      orderOf(single),
      orderOf(paused),
      orderOf(single, { recipient: {} }),
      orderOf(single, { recipient: { externalId: 'new' } }),
    ];
    await world.tell(RewardGranted, orders);
    expect(await settled(...orders)).toEqual([
      'recipient.limit_reached',
      'campaign.not_active',
      'recipient.missing',
      'issued',
    ]);
    expect(await world.counts(single)).toMatchObject({ issued: 2 });
  });
});

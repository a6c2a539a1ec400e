import {
  CouponRedeemed,
  GetCoupon,
  GetCouponPage,
  LookUpCode,
  newId,
  SearchCoupons,
  type Coupon,
  type RequestOf,
} from '@tearoff/contracts';
import { eventually, times } from '@tearoff/testing';
import { importCodes } from './imports';
import { World } from './world';

describe('reading coupons', () => {
  let world: World;
  beforeAll(async () => {
    world = await World.start();
  });
  afterEach(() => world.clock.goOn());
  afterAll(() => world?.stop());

  const search = async (query: Omit<RequestOf<typeof SearchCoupons>, 'accountId'>) =>
    world.ask(SearchCoupons, { accountId: world.accountId, ...query });
  const idsOf = (coupons: Coupon[]) => coupons.map(({ id }) => id);

  it('answers by id and by token, to its account alone', async () => {
    const campaign = await world.campaign({ content: { title: 'A coffee' } });
    const coupon = await world.coupon(campaign, { externalId: 'ann' });
    const { accountId } = world;
    expect(await world.ask(GetCoupon, { accountId, couponId: coupon.id })).toEqual(coupon);
    const face = await world.ask(GetCouponPage, { token: coupon.token });
    expect([face.coupon, face.campaign.content]).toEqual([coupon, { title: 'A coffee' }]);
    await expect(
      world.ask(GetCoupon, { accountId: newId('account'), couponId: coupon.id }),
    ).rejects.toMatchObject({ code: 'coupon.not_found', kind: 'not_found' });
    await expect(world.ask(GetCouponPage, { token: `${coupon.token}x` })).rejects.toMatchObject({
      code: 'coupon.not_found',
    });
  });

  it('looks a code up in any spelling, and says whether codes without a check character exist', async () => {
    const campaign = await world.campaign();
    const coupon = await world.coupon(campaign, { externalId: 'ann' });
    const accountId = world.accountId;
    const spelling = ` ${coupon.code.slice(0, 4).toLowerCase()}-${coupon.code.slice(4)}`;
    const found = await world.ask(LookUpCode, { accountId, code: spelling });
    expect(found).toMatchObject({
      entry: { couponId: coupon.id, code: coupon.code, ownValidTo: null },
      campaign: { id: campaign.id, version: 1 },
      importedCodes: false,
    });
    const imported = await world.campaign({ codes: { source: 'imported' } });
    await importCodes(world, imported.id, ['STOCK 1']);
    expect(await world.ask(LookUpCode, { accountId, code: 'STOCK1' })).toEqual({
      entry: null,
      campaign: null,
      importedCodes: true,
    });
    expect(await world.ask(LookUpCode, { accountId: newId('account'), code: coupon.code })).toEqual({
      entry: null,
      campaign: null,
      importedCodes: false,
    });
  });

  it('finds people by any spelling of any of their names', async () => {
    const campaign = await world.campaign({ limits: { ignorePlus: true } });
    const strict = await world.campaign();
    const one = await world.coupon(campaign, { phone: '+447911123456', email: 'ann+spring@example.com' });
    const two = await world.coupon(strict, { email: 'ann@example.com', externalId: 'crm 7' });
    expect(idsOf((await search({ phone: '0044 7911 123456' })).data)).toEqual([one.id]);
    expect(idsOf((await search({ email: 'ANN@example.com' })).data)).toEqual([two.id, one.id]);
    expect(idsOf((await search({ email: 'ann+other@example.com' })).data)).toEqual([one.id]);
    expect(idsOf((await search({ externalId: 'crm 7' })).data)).toEqual([two.id]);
    expect(idsOf((await search({ email: 'ann@example.com', campaignId: strict.id })).data)).toEqual([two.id]);
    expect(idsOf((await search({ code: one.code.toLowerCase() })).data)).toEqual([one.id]);
    expect((await search({ email: 'nobody' })).data).toEqual([]);
  });

  it.each(['abc', '07911123456', '+44 7911 12345'])(
    'says that %s is no number to look for',
    async (phone) => {
      await expect(search({ phone })).rejects.toMatchObject({
        code: 'recipient.invalid_phone',
        kind: 'invalid',
      });
    },
  );

  it.each(['', 'zzz'])('takes %j for no cursor', async (cursor) => {
    await expect(search({ cursor })).rejects.toMatchObject({
      code: 'request.invalid_cursor',
      kind: 'invalid',
    });
  });

  it('pages through a campaign, the newest first', async () => {
    const campaign = await world.campaign();
    const issued: string[] = [];
    for (let i = 0; i < 7; i++) {
      world.clock.is(`2026-01-01T10:00:0${i}Z`);
      issued.unshift((await world.coupon(campaign, { externalId: `${i}` })).id);
    }
    const seen: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await search({ campaignId: campaign.id, limit: 3, ...(cursor && { cursor }) });
      seen.push(...idsOf(page.data));
      cursor = page.nextCursor ?? undefined;
    } while (cursor);
    expect(seen).toEqual(issued);
  });

  it('filters by the state that a coupon shows', async () => {
    world.clock.is('2026-01-01T10:00:00Z');
    const campaign = await world.campaign({ validity: { daysAfterIssue: 0 } });
    const [early, spent] = await Promise.all(
      times(2, (i) => world.coupon(campaign, { externalId: `early ${i}` })),
    );
    await world.tell(CouponRedeemed, [
      {
        redemptionId: newId('redemption'),
        accountId: world.accountId,
        couponId: spent.id,
        campaignId: campaign.id,
        code: spent.code,
        storeId: null,
        terminalId: null,
        channel: 'online',
        transactionRef: null,
        basket: null,
        discount: null,
        redeemedAt: '2026-01-01T10:30:00.000Z',
      },
    ]);
    world.clock.is('2026-01-02T10:00:00Z');
    const late = await world.coupon(campaign, { externalId: 'late' });
    const inState = async (status: Coupon['status']) =>
      (await search({ campaignId: campaign.id, status })).data.map((coupon) => [coupon.id, coupon.status]);
    await eventually(async () => (await inState('redeemed')).length === 1);
    expect(await inState('redeemed')).toEqual([[spent.id, 'redeemed']]);
    expect(await inState('expired')).toEqual([[early.id, 'expired']]);
    expect(await inState('issued')).toEqual([[late.id, 'issued']]);
    expect(await inState('voided')).toEqual([]);
  });
});

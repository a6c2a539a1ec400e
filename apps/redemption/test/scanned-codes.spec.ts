import {
  ean13CheckDigit,
  ListRedemptions,
  RedeemCode,
  ReserveCode,
  ValidateCode,
  type CodeEntry,
} from '@tearoff/contracts';
import { overBothTransports, tally } from '@tearoff/testing';
import { validateStatement } from '../src/redemptions/validate.sql';
import { questionOf } from '../src/redemptions/question';
import { questionValues } from '../src/redemptions/eligibility.sql';
import { campaignOf, entryOf } from './builders';
import { newAccount, redemptionOf, World } from './world';

let serial = 100_000;
const newGs1Coupon = () => `001234561234560${++serial}`;

overBothTransports((means) => {
  let world: World;
  beforeAll(async () => (world = await World.start(1, means)));
  afterAll(() => world.stop());

  const issued = async (code: string, accountId = newAccount()): Promise<CodeEntry> => {
    const [coupon] = await world.issue(campaignOf(accountId), 1, { code });
    return coupon;
  };
  const scans = (code: string) => [
    code,
    `]e08112${code}`,
    `8112${code}`,
    `(8112)${code}`,
    `]C18112${code}\x1d3903310`,
    `]d20109841234567890172701018112${code}`,
    `]C0${code}`,
    `]Q1${code}\r`,
    `${code.slice(0, 5)}\u2013${code.slice(5)}`,
  ];

  it('validates, reserves and redeems a GS1 coupon however it was scanned', async () => {
    const coupon = await issued(newGs1Coupon());
    const { accountId, code } = coupon;
    for (const text of scans(code))
      expect(await world.ask(ValidateCode, { accountId, code: text })).toMatchObject({ valid: true, code });
    const reserved = await world.ask(ReserveCode, { accountId, code: `]e08112${code}` });
    if (reserved.outcome !== 'reserved') throw new Error(reserved.outcome);
    const { id: reservationId } = reserved.reservation;
    const spent = await world.ask(RedeemCode, { accountId, reservationId, code: `(8112)${code}` });
    expect(redemptionOf(spent)).toMatchObject({ code, couponId: coupon.couponId });
    const { data } = await world.ask(ListRedemptions, { accountId, code: `8112${code}` });
    expect(data).toEqual([redemptionOf(spent)]);
  });

  it('finds what was issued a moment ago, although it carries no check character', async () => {
    const campaign = campaignOf(newAccount());
    const coupons = [newGs1Coupon(), `991234567890${ean13CheckDigit('991234567890')}`].map((code) =>
      entryOf(campaign, { code }),
    );
    world.issuance.ledger.give(campaign, ...coupons);
    const { accountId } = campaign;
    // Nothing is imported in this account: mistyped codes are not asked for any more.
    await world.ask(ValidateCode, { accountId, code: 'NOTHING' });
    expect(await world.ask(ValidateCode, { accountId, code: `]e08112${coupons[0].code}` })).toMatchObject({
      valid: true,
    });
    expect(await world.ask(ValidateCode, { accountId, code: `]E0${coupons[1].code}` })).toMatchObject({
      valid: true,
    });
  });

  it('spends a coupon once, although a batch names it in many spellings', async () => {
    const { accountId, code } = await issued(newGs1Coupon());
    const requests = scans(code).map((text) => ({ accountId, code: text }));
    const outcomes = await world.askTogether(RedeemCode, [...requests, ...requests]);
    expect(tally(outcomes)).toEqual({ redeemed: 1, already_redeemed: 17 });
  });

  it('spends an imported UPC once, whose scanner puts a zero in front', async () => {
    const { accountId, code } = await issued('012345678905');
    const requests = [`]E00${code}`, code, `]E00${code}`].map((text) => ({ accountId, code: text }));
    expect(tally(await world.askTogether(RedeemCode, requests))).toEqual({
      redeemed: 1,
      already_redeemed: 2,
    });
  });

  it('takes a code that begins with 8112 for itself before it takes it for another coupon', async () => {
    const account = newAccount();
    const bare = newGs1Coupon();
    const coupon = await issued(bare, account);
    const imported = await issued(`8112${bare}`, account);
    const texts = [`8112${bare}`, bare, `8112${bare}`];
    const outcomes = await world.askTogether(
      RedeemCode,
      texts.map((code, index) => ({ accountId: account, code, transactionRef: `r${index}` })),
    );
    expect(tally(outcomes)).toEqual({ redeemed: 2, already_redeemed: 1 });
    expect(redemptionOf(outcomes[0]).couponId).toBe(imported.couponId);
    expect(redemptionOf(outcomes[1]).couponId).toBe(coupon.couponId);
    const short = await issued('8112A7', account);
    expect(await world.ask(ValidateCode, { accountId: account, code: ']C08112a7' })).toMatchObject({
      couponId: short.couponId,
    });
    expect(await world.ask(ValidateCode, { accountId: account, code: `8112${bare}7` })).toMatchObject({
      reason: 'not_found',
    });
  });

  it('looks both readings of a text up by the index', async () => {
    const questions = questionValues([
      questionOf({ accountId: newAccount() }, { code: '8112X', otherCode: 'X' }),
    ]);
    const runner = world.dataSource.createQueryRunner();
    try {
      await runner.query('set enable_seqscan = off');
      const plan = JSON.stringify(await runner.query(`explain ${validateStatement.text}`, questions));
      expect(plan).toMatch(/Index (Only )?Scan using coupon_pkey on coupon known/);
      expect(plan).toMatch(/Index Scan using coupon_pkey on coupon c /);
    } finally {
      await runner.query('reset enable_seqscan');
      await runner.release();
    }
  });
});

import { newId } from '@tearoff/contracts';
import { daysFromNow, everyState, issuedState, known, redeemedState, voidedState } from '../test/fixtures';
import { couponPageView } from './coupon-page';

const now = new Date();

describe('a face', () => {
  it.each(Object.entries(everyState()))('is %s when it is', (state, { known: coupon, owner }) => {
    expect(couponPageView(coupon, owner, now).state).toBe(state);
  });

  it('carries its code only while it is valid', () => {
    for (const { known: coupon, owner } of Object.values(everyState())) {
      const face = couponPageView(coupon, owner, now);
      expect(JSON.stringify(face).includes(coupon.coupon.code)).toBe(face.state === 'valid');
    }
  });

  it('believes redemption over issuance, whose projection may be late', () => {
    expect(couponPageView(known(), redeemedState(), now).state).toBe('redeemed');
    // Reversed, and issuance has not heard of it yet.
    expect(couponPageView(known({}, { status: 'redeemed' }), issuedState, now).state).toBe('valid');
  });

  it('goes by the projection when redemption cannot be asked or has not heard of the coupon', () => {
    const spent = known(
      {},
      { status: 'redeemed', redeemedAt: daysFromNow(-0.5), redeemedStoreId: 'store-7' },
    );
    expect(couponPageView(spent, null, now)).toMatchObject({
      state: 'redeemed',
      place: 'store-7',
      sure: false,
    });
    expect(couponPageView(spent, { ...issuedState, state: 'unknown' }, now).state).toBe('redeemed');
    expect(couponPageView(known({}, { status: 'voided' }), null, now).state).toBe('voided');
    expect(couponPageView(known(), null, now).state).toBe('valid');
    expect(couponPageView(known(), { ...issuedState, state: 'unknown' }, now).state).toBe('valid');
  });

  it('says what is final first: redeemed before ended, voided before expired', () => {
    const over = known({ status: 'ended' }, { validTo: daysFromNow(-3) });
    expect(couponPageView(over, redeemedState(), now).state).toBe('redeemed');
    expect(couponPageView(over, voidedState, now).state).toBe('voided');
    expect(couponPageView(over, issuedState, now).state).toBe('ended');
  });

  it('follows the campaign when its dates are moved after the coupon went out', () => {
    expect(couponPageView(known({ validity: { endsAt: daysFromNow(-1) } }), issuedState, now).state).toBe(
      'expired',
    );
    expect(couponPageView(known({ validity: { startsAt: daysFromNow(1) } }), issuedState, now).state).toBe(
      'early',
    );
  });

  it('is not early for a coupon issued this instant by a clock that is a little ahead', () => {
    const instant = new Date(now.getTime() + 800).toISOString();
    expect(couponPageView(known({}, { issuedAt: instant, validFrom: instant }), issuedState, now).state).toBe(
      'valid',
    );
  });

  it('is valid at its very last instant and expired right after', () => {
    const end = new Date('2025-11-30T21:59:59.999Z');
    const coupon = known(
      {},
      { validTo: end.toISOString(), issuedAt: '2025-11-01T00:00:00Z', validFrom: '2025-11-01T00:00:00Z' },
    );
    expect(couponPageView(coupon, issuedState, end)).toMatchObject({ state: 'valid', changesAt: end });
    expect(couponPageView(coupon, issuedState, new Date(end.getTime() + 1)).state).toBe('expired');
  });

  it("shows the offer that this coupon won in place of the campaign's own", () => {
    const id = newId('event');
    const offers = [
      { id, content: { title: 'The big prize' }, discount: { kind: 'percent' as const, value: 100 } },
    ];
    const face = couponPageView(known({ offers }, { offerId: id }), issuedState, now);
    expect(face.content).toMatchObject({ title: 'The big prize', color: '#0b6b5d' });
    expect(face.discount?.value).toBe(100);
  });

  it('has another version whenever it says something else, and the same otherwise', () => {
    const coupon = known();
    const version = (owner = issuedState, changes = {}) =>
      couponPageView({ ...coupon, campaign: { ...coupon.campaign, ...changes } }, owner, now).version;
    const versions = [
      version(),
      version(redeemedState()),
      version(voidedState),
      version(issuedState, { version: 2 }),
    ];
    expect(new Set(versions).size).toBe(4);
    expect(couponPageView(coupon, issuedState, new Date(now.getTime() + 5_000)).version).toBe(versions[0]);
  });
});

import { newId, type Campaign, type GetCouponPage, type ReplyOf } from '@tearoff/contracts';
import { fieldsOf } from '../apple/pass.fields';
import { objectOf } from '../google/google.resources';
import { couponContent } from './pass-content';
import type { FilledPass } from './passes.service';

const owner = {
  state: 'issued' as const,
  redeemedAt: null,
  storeId: null,
  storeName: null,
  channel: null,
  voidedAt: null,
};

const contentOf = (campaign: Partial<Campaign>, languageCode?: string) =>
  couponContent(
    {
      coupon: {
        code: 'K7PQ4MWX9ZRT',
        status: 'issued',
        offerId: null,
        issuedAt: '2027-01-01T00:00:00Z',
        validFrom: '2027-01-01T00:00:00Z',
        validTo: null,
        recipient: { languageCode },
      },
      campaign: {
        id: newId('campaign'),
        version: 1,
        status: 'active',
        content: {},
        discount: { kind: 'percent', value: 10 },
        validity: {},
        redemption: {},
        offers: [],
        timezone: 'UTC',
        barcode: 'qrcode',
        ...campaign,
      },
    } as unknown as ReplyOf<typeof GetCouponPage>,
    owner,
    new Date('2027-02-01T00:00:00Z'),
  );

describe('the minimum of a basket', () => {
  const redemption = { minBasket: 1_950, currency: 'EUR' };

  it('stands on the pass of a percentage, in the holder’s language', () => {
    const content = contentOf({ redemption }, 'de');
    expect(content.minimum?.replace('\u00a0', ' ')).toBe('19,50 €');
    expect(fieldsOf(content, null, false).auxiliary).toEqual([
      { key: 'minimum', label: 'Minimum purchase', value: content.minimum },
    ]);
    const pass = { pass: { id: 'pass_1' }, content } as FilledPass;
    expect(objectOf('issuer', pass).textModulesData).toContainEqual({
      id: 'minimum',
      header: 'Mindesteinkauf',
      body: content.minimum,
    });
  });

  it('is not there where nothing is asked for', () => {
    const content = contentOf({});
    expect(fieldsOf(content, null, false).auxiliary).toEqual([]);
    const { textModulesData } = objectOf('issuer', { pass: { id: 'pass_1' }, content } as FilledPass);
    expect(textModulesData.map(({ id }) => id)).toEqual(['status']);
  });
});

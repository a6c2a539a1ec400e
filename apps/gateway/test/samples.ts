import { newId, type Contact, type Coupon, type Redemption } from '@tearoff/contracts';

export const ids = {
  account: newId('account'),
  campaign: newId('campaign'),
  coupon: newId('coupon'),
  redemption: newId('redemption'),
};

export function coupon(changes: Partial<Coupon> = {}): Coupon {
  return {
    id: ids.coupon,
    accountId: ids.account,
    campaignId: ids.campaign,
    code: 'W7KQ3M9XHT2C',
    token: 'tokentokentokentoken22',
    status: 'issued',
    recipient: { phone: '+447400123456' },
    offerId: null,
    channel: 'none',
    source: null,
    metadata: null,
    issuedAt: '2027-01-01T10:00:00.000Z',
    validFrom: '2027-01-01T10:00:00.000Z',
    validTo: null,
    redeemedAt: null,
    redeemedStoreId: null,
    voidedAt: null,
    delivery: null,
    ...changes,
  };
}

export function redemption(changes: Partial<Redemption> = {}): Redemption {
  return {
    id: ids.redemption,
    accountId: ids.account,
    code: 'W7KQ3M9XHT2C',
    couponId: ids.coupon,
    campaignId: ids.campaign,
    storeId: null,
    terminalId: null,
    channel: 'store',
    transactionRef: null,
    basket: null,
    discount: null,
    redeemedAt: '2027-01-02T10:00:00.000Z',
    reversedAt: null,
    reverseReason: null,
    ...changes,
  };
}

export const contact = (changes: Partial<Contact> = {}): Contact => ({
  id: newId('contact'),
  accountId: ids.account,
  phone: null,
  email: null,
  externalId: null,
  firstName: null,
  lastName: null,
  languageCode: null,
  timezone: null,
  fields: {},
  createdAt: '2027-01-01T10:00:00.000Z',
  updatedAt: '2027-01-01T10:00:00.000Z',
  ...changes,
});

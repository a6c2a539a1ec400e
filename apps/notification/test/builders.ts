import { newId, type Campaign, type Channel, type CouponIssuedItem } from '@tearoff/contracts';

export const accountId = newId('account');

export const campaignWith = (changes: Partial<Campaign> = {}): Campaign => ({
  id: newId('campaign'),
  accountId,
  version: 1,
  name: 'Spring sale',
  status: 'active',
  type: 'direct',
  content: { title: '20 % off everything', description: 'In all our shops', terms: 'One per person' },
  discount: null,
  timezone: 'Europe/Berlin',
  validity: {},
  codes: { source: 'generated', length: 12, prefix: '', charset: 'ACDEFGHJKMNPQRTVWXY34679' },
  barcode: 'qrcode',
  limits: { total: null, perRecipient: null, onRepeat: 'sameCoupon' },
  redemption: {},
  messages: {},
  offers: [],
  claim: {},
  createdAt: new Date().toISOString(),
  updatedAt: new Date().toISOString(),
  ...changes,
});

type PayloadChanges = Partial<CouponIssuedItem> & { deliveryId?: string };

/** A coupon given to someone with a valid phone number, to be sent by SMS. */
export const couponOf = (campaign: Campaign, changes: PayloadChanges = {}) => ({
  accountId: campaign.accountId,
  couponId: newId('coupon'),
  campaignId: campaign.id,
  campaignVersion: campaign.version,
  code: 'AB12CD34EF56',
  token: newId('coupon').slice(4),
  recipient: { phone: '+447911123456', email: 'ann@shop.example', firstName: 'Ann' },
  offerId: null,
  channel: 'sms' as const,
  deliveryId: newId('delivery'),
  message: null,
  issuedAt: new Date().toISOString(),
  validFrom: new Date().toISOString(),
  ownValidTo: null,
  validTo: null,
  source: null,
  metadata: null,
  ...changes,
});

/** A message without a coupon. */
export const noticeTo = (
  channel: Channel,
  to: string,
  changes: { subject?: string; text?: string } = {},
) => ({
  accountId,
  campaignId: newId('campaign'),
  deliveryId: newId('delivery'),
  channel,
  to,
  text: 'Your code is 123456.',
  ...changes,
});

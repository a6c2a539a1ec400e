import {
  checkCharacterOf,
  newId,
  type Campaign,
  type CodeEntry,
  type CouponIssuedItem,
  type RedemptionRules,
  type Validity,
} from '@tearoff/contracts';

type CampaignParts = Partial<Omit<Campaign, 'redemption' | 'validity'>> & {
  redemption?: RedemptionRules;
  validity?: Validity;
};

export function campaignOf(accountId: string, parts: CampaignParts = {}): Campaign {
  const now = new Date().toISOString();
  return {
    id: newId('campaign'),
    accountId,
    version: 1,
    name: 'Spring',
    status: 'active',
    type: 'direct',
    content: { title: 'A coffee', terms: 'One a person.' },
    discount: null,
    timezone: 'UTC',
    validity: {},
    codes: { source: 'generated', length: 12, prefix: '', charset: '23456789ABCDEFGHJKMNPQRSTVWXYZ' },
    barcode: 'qrcode',
    limits: { total: null, perRecipient: null, onRepeat: 'sameCoupon' },
    redemption: {},
    messages: {},
    offers: [],
    claim: {},
    createdAt: now,
    updatedAt: now,
    ...parts,
  };
}

let made = 0;

/** A code with its check character that no other test has. */
export function newCode(): string {
  const body = `${(++made).toString(36)}${newId('coupon').slice(-8)}`.toUpperCase();
  return body + checkCharacterOf(body);
}

export function entryOf(campaign: Campaign, parts: Partial<CodeEntry> = {}): CodeEntry {
  const issuedAt = new Date().toISOString();
  return {
    accountId: campaign.accountId,
    couponId: newId('coupon'),
    campaignId: campaign.id,
    code: newCode(),
    offerId: null,
    issuedAt,
    validFrom: issuedAt,
    ownValidTo: null,
    ...parts,
  };
}

export const issuedItemOf = (entry: CodeEntry, campaign: Campaign): CouponIssuedItem => ({
  ...entry,
  campaignVersion: campaign.version,
  token: newId('event'),
  recipient: { externalId: '1' },
  channel: 'none',
  deliveryId: null,
  message: null,
  validTo: null,
  source: null,
  metadata: null,
});

/** An instant so many seconds from now. */
export const inSeconds = (seconds: number): string => new Date(Date.now() + seconds * 1_000).toISOString();

import { randomUUID } from 'node:crypto';
import type { Campaign, CampaignInput } from '@tearoff/contracts';
import { completedFormat } from '../codes/code-patterns';
import { campaignOf, type CampaignEntity } from './campaign.entity';
import { canonicalTimezone } from './timezone';

/** Everything of a campaign that a caller may say. */
export type CampaignSettings = Omit<Campaign, 'id' | 'accountId' | 'version' | 'createdAt' | 'updatedAt'>;

/** What a caller said, completed. An explicit null in `limits` and `validity` means "no bound" and stays. */
export function completed(input: CampaignInput): CampaignSettings {
  const { codes = {}, limits = {}, validity = {} } = input;
  const barcode = input.barcode ?? 'qrcode';
  return {
    name: input.name,
    status: input.status ?? 'active',
    type: input.type ?? 'direct',
    content: input.content ?? {},
    discount: input.discount ?? null,
    timezone: canonicalTimezone(input.timezone ?? 'UTC'),
    validity: {
      startsAt: utc(validity.startsAt),
      endsAt: utc(validity.endsAt),
      daysAfterIssue: validity.daysAfterIssue ?? null,
    },
    codes: {
      source: codes.source ?? 'generated',
      ...completedFormat(barcode, codes),
      ...(codes.funderId !== undefined && { funderId: codes.funderId }),
      ...(codes.offerCode !== undefined && { offerCode: codes.offerCode }),
      lowStock: codes.lowStock ?? null,
      topUp: codes.topUp ?? null,
    },
    barcode,
    limits: {
      total: limits.total ?? null,
      perRecipient: limits.perRecipient === undefined ? { count: 1, per: 'campaign' } : limits.perRecipient,
      onRepeat: limits.onRepeat ?? 'sameCoupon',
      ignorePlus: limits.ignorePlus ?? false,
      ignoreDots: limits.ignoreDots ?? false,
    },
    redemption: input.redemption ?? {},
    messages: input.messages ?? {},
    offers: (input.offers ?? []).map((offer) => ({ ...offer, id: offer.id ?? newOfferId() })),
    claim: input.claim ?? {},
    game: input.game ?? null,
  };
}

export function settingsOf(row: CampaignEntity): CampaignSettings {
  const {
    id: _id,
    accountId: _account,
    version: _version,
    createdAt: _created,
    updatedAt: _updated,
    ...settings
  } = campaignOf(row);
  return settings;
}

/** The columns that settings are kept in. */
export function columnsOf(settings: CampaignSettings): Partial<CampaignEntity> {
  const { validity, ...columns } = settings;
  return {
    ...columns,
    startsAt: validity.startsAt ? new Date(validity.startsAt) : null,
    endsAt: validity.endsAt ? new Date(validity.endsAt) : null,
    daysAfterIssue: validity.daysAfterIssue ?? null,
  };
}

/** One that is no instant (a leap second) stays as it is, for the rules to tell. */
function utc(instant: string | null | undefined): string | null {
  if (!instant) return null;
  return Number.isNaN(Date.parse(instant)) ? instant : new Date(instant).toISOString();
}

const newOfferId = (): string => `off_${randomUUID().replaceAll('-', '')}`;

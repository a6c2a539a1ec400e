import type { CampaignContent, CouponSendRequestedItem } from '@tearoff/contracts';
import { DateTime } from 'luxon';
import type { CampaignProjection } from '../campaigns/campaign.entity';
import { barcodeMark } from '../rendering/barcode-mark';

/** What a message is written about: the part that both events of issuance share. */
export type MessagePayload = CouponSendRequestedItem;

export interface MessageVariables {
  url: string;
  code: string;
  /** See `barcodeMark`. */
  barcode: string;
  title: string;
  description: string;
  terms: string;
  campaign: string;
  firstName: string;
  lastName: string;
  readonly validTo: string;
  readonly unsubscribeUrl: string;
}

/** What the campaign says of this coupon: the offer's own words before the campaign's. */
export function contentOf(payload: MessagePayload, campaign: CampaignProjection): CampaignContent {
  const offer = payload.offerId ? campaign.offers.find((one) => one.id === payload.offerId) : undefined;
  return { ...campaign.content, ...offer?.content };
}

/**
 * The variables a template may use. `validTo` and `unsubscribeUrl` are worked out only when asked for: they cost
 * more than the rest.
 */
export function variablesOf(
  payload: MessagePayload,
  campaign: CampaignProjection,
  url: string,
  unsubscribeUrl: () => string,
): MessageVariables {
  const content = contentOf(payload, campaign);
  return {
    url,
    code: payload.code,
    barcode: barcodeMark,
    title: content.title ?? campaign.name,
    description: content.description ?? '',
    terms: content.terms ?? '',
    campaign: campaign.name,
    firstName: payload.recipient.firstName ?? '',
    lastName: payload.recipient.lastName ?? '',
    get validTo() {
      return payload.validTo
        ? formatInstant(payload.validTo, campaign.timezone, payload.recipient.languageCode ?? 'en-GB')
        : '';
    },
    get unsubscribeUrl() {
      return unsubscribeUrl();
    },
  };
}

/** A day when the instant is a day's last minute, else day and time; in the campaign's zone, their language. */
function formatInstant(instant: string, zone: string, locale: string): string {
  const local = DateTime.fromISO(instant, { zone });
  const format =
    local.hour === 23 && local.minute === 59
      ? DateTime.DATE_FULL
      : { ...DateTime.DATETIME_FULL, timeZoneName: undefined };
  try {
    return local.setLocale(locale).toLocaleString(format);
  } catch {
    // A language tag of the caller's that Intl does not take.
    return local.setLocale('en-GB').toLocaleString(format);
  }
}

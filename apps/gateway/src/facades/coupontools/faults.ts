import { DomainError, invalid } from '@tearoff/contracts';

/** One of the vendor's numbered faults. */
export interface Fault {
  code: number;
  description: string;
}

/** All that is wrong with a request, told at once. */
export function failure(...faults: readonly Fault[]): DomainError {
  const [first] = faults;
  return invalid('coupontools.failed', first?.description ?? 'The request failed.', { faults });
}

export const missingParameter = (name: string): Fault => ({
  code: 200,
  description: `Missing parameter: ${name}`,
});
export const invalidParameter = (name: string, why = ''): Fault => ({
  code: 301,
  description: `Invalid character in parameter: ${name}.${why && ` ${why}`}`,
});
export const invalidPhone: Fault = { code: 301, description: 'Phone number not valid' };
export const invalidEmail: Fault = { code: 301, description: 'Email address not valid' };
export const unknownCampaign: Fault = { code: 502, description: 'Campaign ID not found.' };
export const unknownSession: Fault = { code: 505, description: 'Coupon session not found.' };
export const sessionInNoWallet: Fault = {
  code: 505,
  description: 'Coupon session not found in a mobile wallet: no one was notified.',
};
export const unknownCard: Fault = { code: 505, description: 'Loyalty card not found.' };
export const unknownCardId: Fault = { code: 507, description: 'Loyalty card ID not found.' };
export const unknownUser: Fault = { code: 505, description: 'Loyalty card user not found.' };
export const unknownWebhook: Fault = { code: 509, description: 'Webhook not found.' };
export const unknownStatcode: Fault = { code: 513, description: 'Statcode not found' };
export const unknownFolder: Fault = { code: 515, description: 'Category / folder not found.' };

const byCode: Readonly<Record<string, Fault>> = {
  'campaign.not_found': unknownCampaign,
  'coupon.not_found': unknownSession,
  'card.not_found': unknownCard,
  'card.not_active': { code: 505, description: 'Loyalty card not active.' },
  'member.not_found': unknownUser,
  'enrolment.not_found': unknownUser,
  'webhook.not_found': unknownWebhook,
  'recipient.invalid_phone': invalidPhone,
  'recipient.invalid_email': invalidEmail,
};

/** What a refusal of the domain is in the vendor's numbers: where it has none, a campaign that has no coupon for them. */
export function faultsOf({ code, message, details }: DomainError): readonly Fault[] {
  if (code === 'coupontools.failed') return details?.faults as readonly Fault[];
  const known = byCode[code];
  if (known) return [known];
  if (/^(campaign|offer|recipient)\./.test(code))
    return [{ code: 502, description: `Campaign not available: ${message}` }];
  const named = (details?.errors ?? []).map(({ path, message: why }) => `${path.slice(1)} ${why}`.trim());
  return [{ code: 301, description: [message, ...named].join(' ') }];
}

/** Where a card that is not there has a number of its own. */
export function asUnknownCardId(error: unknown): never {
  throw error instanceof DomainError && error.code === 'card.not_found' ? failure(unknownCardId) : error;
}

import {
  emailOf,
  invalid,
  phoneNumberOf,
  type Campaign,
  type Channel,
  type RecipientInput,
} from '@tearoff/contracts';
import { getCountryCallingCode, type CountryCode, type PhoneNumber } from 'libphonenumber-js/max';

/** Whom a claim is for, at the one address that the campaign answers to. */
export interface Claimant {
  channel: Channel;
  /** E.164, or the e-mail address case-folded with its domain in ASCII. */
  address: string;
  recipient: RecipientInput;
}

type Rules = Campaign['claim'];

export const channelOf = (claim: Rules): Channel => claim.channel ?? 'sms';

/** Where numbers may be from; empty for a campaign that says nothing. The default country is the first. */
export function countriesOf({ country, countries = [] }: Rules): CountryCode[] {
  return [...new Set([...(country ? [country] : []), ...countries])] as CountryCode[];
}

/**
 * Fails with `recipient.invalid_phone|invalid_email|missing`, `claim.one_address`, `claim.country_not_allowed`,
 * `claim.number_not_allowed`.
 */
export function claimantOf(recipient: RecipientInput, claim: Rules): Claimant {
  const channel = channelOf(claim);
  const { phone, email, firstName, lastName, languageCode } = recipient;
  const given = channel === 'sms' ? phone : email;
  // A person is found by any of their addresses: theirs beside a thief's would send their coupon to the thief.
  if ((channel === 'sms' ? email : phone) !== undefined)
    throw invalid('claim.one_address', `This campaign is claimed by ${channel} alone: name one address.`);
  if (given === undefined)
    throw invalid(
      'recipient.missing',
      `The recipient needs ${channel === 'sms' ? 'a phone number' : 'an e-mail address'}.`,
    );
  const words = {
    ...(isName(firstName) && { firstName }),
    ...(isName(lastName) && { lastName }),
    ...(languageCode && { languageCode }),
  };
  if (channel === 'sms') {
    const address = phoneOf(given, recipient.country, claim);
    return { channel, address, recipient: { ...words, phone: address } };
  }
  const address = emailOf(given);
  if (!address) throw invalid('recipient.invalid_email', 'The e-mail address is not valid.');
  return { channel, address, recipient: { ...words, email: address } };
}

// Letters of any script and what stands between them; a dot only where a word ends, so that no address comes of it.
const name = /^\p{L}(?:[\p{L}\p{M}'’ -]|\.(?= |$))*$/u;
const longestName = 40;

/**
 * A stranger's words would go out in the account's name to anyone they name, were they longer than a name, or a link.
 * What is none is left out: the message can do without.
 */
const isName = (given: string | undefined): given is string =>
  given !== undefined && given.length <= longestName && name.test(given);

/** What costs the one who calls or writes more than a message, or reaches nobody's pocket. */
const refusedTypes = [
  'PREMIUM_RATE',
  'SHARED_COST',
  'TOLL_FREE',
  'UAN',
  'VOICEMAIL',
  'PAGER',
  'PERSONAL_NUMBER',
];

/** Some numbers are of no one country that shares the code: those count as any of them. */
function isFrom(allowed: readonly CountryCode[], number: PhoneNumber, exactly: boolean): boolean {
  return exactly && number.country
    ? allowed.includes(number.country)
    : allowed.some((each) => getCountryCallingCode(each) === number.countryCallingCode);
}

function phoneOf(given: string, country: string | undefined, claim: Rules): string {
  const allowed = countriesOf(claim);
  const number = phoneNumberOf(given, country ?? allowed[0]);
  if (!number) throw invalid('recipient.invalid_phone', 'The phone number is not valid.');
  if (!isFrom(allowed, number, claim.exactCountry ?? false))
    throw invalid('claim.country_not_allowed', 'Phone numbers of this country cannot be used here.');
  if (refusedTypes.includes(number.getType() ?? ''))
    throw invalid('claim.number_not_allowed', 'Only a mobile number can be used here.');
  return number.number;
}

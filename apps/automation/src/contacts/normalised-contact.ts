import { emailOf, invalid, phoneOf, type ContactInput, type DomainError } from '@tearoff/contracts';

/** A contact as it was given, its names in the one spelling under which they are kept. */
export type NormalisedContact = Omit<ContactInput, 'country'>;

const longestFields = 32_768;

/** Fails, by its answer, with `contact.invalid_phone|invalid_email|invalid_timezone|fields_too_large`. */
export function normaliseContact({ country, ...input }: ContactInput): NormalisedContact | DomainError {
  const given: NormalisedContact = { ...input };
  if (input.phone !== undefined) {
    const phone = phoneOf(input.phone, country);
    if (!phone) return fault('phone', 'The phone number is not valid.');
    given.phone = phone;
  }
  if (input.email !== undefined) {
    const email = emailOf(input.email);
    if (!email) return fault('email', 'The e-mail address is not valid.');
    given.email = email;
  }
  const externalId = input.externalId?.trim();
  if (externalId) given.externalId = externalId;
  else delete given.externalId;
  if (input.timezone !== undefined && !isZone(input.timezone))
    return fault('timezone', 'The time zone is not one that IANA names.');
  if (input.fields && JSON.stringify(input.fields).length > longestFields) return fieldsTooLarge();
  return given;
}

export const fieldsTooLarge = (): DomainError =>
  invalid('contact.fields_too_large', 'A contact holds at most 200 fields, and 32,768 characters of them.');

const fault = (name: 'phone' | 'email' | 'timezone', message: string): DomainError =>
  invalid(`contact.invalid_${name}`, message, { errors: [{ path: `/contact/${name}`, message }] });

const zones = new Map<string, boolean>();

function isZone(name: string): boolean {
  let known = zones.get(name);
  if (known === undefined) {
    known = isZoneOfIntl(name);
    if (zones.size > 1_000) zones.clear();
    zones.set(name, known);
  }
  return known;
}

// Node takes offsets such as +02:00 for zones as well; those know no summer.
function isZoneOfIntl(name: string): boolean {
  if (!/^[A-Za-z]/.test(name)) return false;
  try {
    return Boolean(new Intl.DateTimeFormat('en', { timeZone: name }));
  } catch {
    return false;
  }
}

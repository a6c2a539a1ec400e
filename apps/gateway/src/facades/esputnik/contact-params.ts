import { hash } from 'node:crypto';
import { emailOf, internationalPhoneOf, type ContactInput } from '@tearoff/contracts';

/** In the order in which they stand for an event's key. */
type Kind = 'contactId' | 'externalCustomerId' | 'email' | 'phone' | 'pushToken';

const kindOf: Readonly<Record<string, Kind>> = {
  contactid: 'contactId',
  contact_id: 'contactId',
  externalcustomerid: 'externalCustomerId',
  contactkey: 'externalCustomerId',
  contact_key: 'externalCustomerId',
  email: 'email',
  emailaddress: 'email',
  useremail: 'email',
  contactemail: 'email',
  phone: 'phone',
  sms: 'phone',
  phonenumber: 'phone',
  pushtoken: 'pushToken',
};

export type ContactNames = Partial<Record<Kind, string>>;

/**
 * What params call the person whom an event is about, whatever the case of their names; the first of a kind counts.
 * An address that cannot be read names no one.
 */
export function contactNamesIn(params: Readonly<Record<string, unknown>>): ContactNames {
  const names: ContactNames = {};
  for (const [name, value] of Object.entries(params)) {
    const lower = name.toLowerCase();
    const kind = Object.hasOwn(kindOf, lower) ? kindOf[lower] : undefined;
    const text = kind && readAs(kind, value);
    if (text) names[kind] ??= text;
  }
  return names;
}

function readAs(kind: Kind, value: unknown): string | null {
  const text = Number.isSafeInteger(value) ? String(value) : value;
  if (typeof text !== 'string') return null;
  if (kind === 'email') return emailOf(text);
  return kind === 'phone' ? internationalPhoneOf(text) : text.trim();
}

export function contactOf({ externalCustomerId, email, phone }: ContactNames): ContactInput {
  return {
    ...(externalCustomerId && { externalId: externalCustomerId }),
    ...(email && { email }),
    ...(phone && { phone }),
  };
}

/** The key of an event that has none of its own, where it is not what the contact itself gives. */
export function keyOf(names: ContactNames): string | undefined {
  const { contactId, externalCustomerId, email, phone, pushToken } = names;
  const key = contactId ?? (externalCustomerId || email || phone ? undefined : pushToken);
  // Some push services have tokens that are longer than a key may be.
  return key && key.length > 300 ? hash('sha256', key) : key;
}

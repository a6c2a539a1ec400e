import { phoneOf, type ContactInput } from '@tearoff/contracts';
import { IANAZone } from 'luxon';
import { zoneOfPhone } from '@tearoff/service-kit';

export const isZone = (name: string): boolean => IANAZone.isValidZone(name);

/** Their own zone: the one they are known to have, else that of their number's country where it has but one. */
export function zoneOfContact(contact: ContactInput | null, at: Date): string | null {
  if (contact?.timezone && isZone(contact.timezone)) return contact.timezone;
  const phone = contact?.phone ? phoneOf(contact.phone, contact.country) : null;
  return phone ? zoneOfPhone(phone, at) : null;
}

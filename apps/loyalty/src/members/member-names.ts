import { emailOf, personKey, phoneKeySql, phoneOf, type PersonRef } from '@tearoff/contracts';
import { invalidEmail, invalidPhone } from './members.errors';

/** What a person is known by, each as it is kept. */
export interface Names {
  phone: string | null;
  email: string | null;
  externalId: string | null;
}

type GivenNames = { [name in keyof Names]?: string | null };

/** Fails with `recipient.invalid_phone`, `recipient.invalid_email`. */
export function namesOf({ phone, email, externalId }: GivenNames, country?: string): Names {
  const names = {
    phone: phone == null ? null : phoneOf(phone, country),
    email: email == null ? null : emailOf(email),
    externalId: externalId?.trim() || null,
  };
  if (phone != null && !names.phone) throw invalidPhone();
  if (email != null && !names.email) throw invalidEmail();
  return names;
}

/** The same of what someone else was told: what cannot be read names no one. */
export const readableNames = (told: PersonRef, country?: string): Names => ({
  phone: told.phone === undefined ? null : phoneOf(told.phone, country),
  email: told.email === undefined ? null : emailOf(told.email),
  externalId: told.externalId?.trim() || null,
});

/** Compares with `phoneKey`, by the unique index. */
export const memberPhoneKey = phoneKeySql('m.phone');

/** What members are looked up by: equal for all spellings of a number that are one person's. */
export const phoneKey = (phone: string | null): string | null => phone && personKey(phone);

export const isNamed = ({ phone, email, externalId }: Names): boolean =>
  phone !== null || email !== null || externalId !== null;

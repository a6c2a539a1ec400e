import type { PersonRef } from '@tearoff/contracts';
import type { CouponEntity } from '../coupons/coupon.entity';
import type { Folding } from '../recipients/email';
import { emailKey, externalKey, phoneKey } from '../recipients/identity';

/** A key of theirs, and the limits that a campaign must have for it to be one there. */
export interface PersonKey {
  key: string;
  limits: Folding;
}

/** Each campaign says itself which spellings of an address are one person. */
export function keysOfPerson({ phone, email, externalId }: PersonRef): PersonKey[] {
  const keys: PersonKey[] = [];
  if (phone !== undefined) keys.push({ key: phoneKey(phone), limits: {} });
  if (externalId !== undefined) keys.push({ key: externalKey(externalId), limits: {} });
  if (email !== undefined)
    for (const ignorePlus of [false, true])
      for (const ignoreDots of [false, true]) {
        const limits = { ignorePlus, ignoreDots };
        keys.push({ key: emailKey(email, limits), limits });
      }
  return keys;
}

/** All keys that a coupon or a player tells of its holder. */
export function keysOfHolder(
  { recipient, deliveries = [] }: Pick<CouponEntity, 'recipient'> & Partial<Pick<CouponEntity, 'deliveries'>>,
  limits: Folding,
): string[] {
  const phones = [
    recipient.phone,
    ...deliveries.filter(({ channel }) => channel === 'sms').map(({ to }) => to),
  ];
  const emails = [
    recipient.email,
    ...deliveries.filter(({ channel }) => channel === 'email').map(({ to }) => to),
  ];
  const { externalId } = recipient;
  return [
    ...phones.filter((phone) => phone !== undefined).map(phoneKey),
    ...emails.filter((email) => email !== undefined).map((email) => emailKey(email, limits)),
    ...(externalId === undefined ? [] : [externalKey(externalId)]),
  ];
}

import { createHash } from 'node:crypto';
import { emailOf, personKey, phoneOf, type ContactInput } from '@tearoff/contracts';
import { render } from '../references/references';
import type { Scope } from '../references/scope';
import type { DomainEvent } from '../domain-events/domain-event';
import type { Match } from '../workflows/definition';
import { byContact } from '../workflows/waits.of';

/** What a wait and the event that ends it have in common, as one short text that says nothing of anyone. */
const keyOf = (pairs: readonly (readonly [string, unknown])[]): string =>
  createHash('sha256').update(JSON.stringify(pairs)).digest('base64url');

/** By which keys a run is found; none when there is nothing to know the event by. */
export function keysOf(match: Match, contact: ContactInput | null, scope: Scope): string[] {
  if (match === 'contact') return contactKeysOf(contact);
  const pairs = Object.entries(match.by)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => [name, scalar(render(value, scope))] as const);
  return pairs.some(([, value]) => value === null) ? [] : [keyOf(pairs)];
}

/** By which keys an event ends waits that know it by these names. */
export function keysOfEvent({ contact, key, params }: DomainEvent, names: readonly string[]): string[] {
  if (names[0] === byContact) return contactKeysOf(contact);
  const pairs = names.map((name) => {
    const value = Object.hasOwn(params, name) ? params[name] : name === 'key' ? key : null;
    return [name, scalar(value)] as const;
  });
  return pairs.some(([, value]) => value === null) ? [] : [keyOf(pairs)];
}

/** `7` and `"7"` are the same to anyone who compares a code; objects are nothing to be known by. */
const scalar = (value: unknown): string | null =>
  typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? String(value) : null;

function contactKeysOf(contact: ContactInput | null): string[] {
  const phone = contact?.phone && (phoneOf(contact.phone, contact.country) ?? contact.phone);
  const email = contact?.email && (emailOf(contact.email) ?? contact.email);
  const names = [
    ['@phone', phone && personKey(phone)],
    ['@email', email && personKey(email)],
    ['@externalId', contact?.externalId],
  ] as const;
  return names.flatMap(([name, value]) => (value ? [keyOf([[name, value]])] : []));
}

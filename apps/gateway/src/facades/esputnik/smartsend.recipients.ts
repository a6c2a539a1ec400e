import {
  faultsOf,
  internationalPhoneOf,
  looksLikeEmail,
  type Contact,
  type MessageRecipient,
} from '@tearoff/contracts';
import { jsonWithin } from '../../http/body/json-body';
import { keyOf } from '../../access/idempotency/request-keys';
import { RecipientBody } from '../../api/templates/template.schema';
import { textOf } from './event.schema';
import { SmartsendRecipient, type SmartsendBody } from './smartsend.schema';

/** Whom one message goes to, or why none does. `locator` is what the answer calls them. */
export type ResolvedRecipient =
  | { locator: string; ask: MessageRecipient; named: SmartsendRecipient }
  | { locator: string; refusal: string };

/** `contacts`: those whom recipients name by their ids. */
export function resolveRecipient(
  given: unknown,
  isEmail: boolean | null | undefined,
  contacts: ReadonlyMap<string, Contact>,
): ResolvedRecipient {
  const faults = faultsOf(SmartsendRecipient, given);
  if (faults) return { locator: writtenLocator(given), refusal: wordsOf(faults[0]) };
  const named = given as SmartsendRecipient;
  const locator = locatorOf(named);
  const data = dataOf(named.jsonParam);
  if (data === 'none') return { locator, refusal: 'jsonParam must be a JSON object, written as a text.' };
  const names = locator === '' ? contactNames(named, contacts) : addressOf(locator, isEmail);
  const ask = {
    ...names,
    ...(data && { data }),
    ...(named.languageCode && { languageCode: named.languageCode }),
  };
  const [fault] = faultsOf(RecipientBody, ask) ?? [];
  return fault ? { locator, refusal: wordsOf(fault) } : { locator, ask, named };
}

/**
 * What says of each recipient that they are the same again. With an externalRequestId, theirs or that of the call, they have
 * the same message whenever it is asked for; `otherwise` tells without one.
 */
export function recipientKeys(
  messageId: string,
  { externalRequestId }: SmartsendBody,
  otherwise: (place: number) => string | undefined,
): (recipient: SmartsendRecipient, place: number) => string | undefined {
  const seen = new Map<string, number>();
  const ofCall = textOf(externalRequestId);
  return (recipient, place) => {
    const own = textOf(recipient.externalRequestId);
    const whom = locatorOf(recipient) || `contact ${recipient.contactId}`;
    if (own !== undefined) return keyOf('recipient', messageId, own, whom);
    if (ofCall === undefined) return otherwise(place);
    // One who is in a call twice is written to twice.
    const time = seen.get(whom) ?? 0;
    seen.set(whom, time + 1);
    return keyOf('call', messageId, ofCall, whom, time);
  };
}

export const locatorOf = ({ locator, email }: SmartsendRecipient): string =>
  (textOf(locator) ?? textOf(email) ?? '').trim();

function addressOf(locator: string, isEmail: boolean | null | undefined): MessageRecipient {
  if (isEmail ?? looksLikeEmail(locator)) return { email: locator };
  // What cannot be read is refused in the words of anyone who sends.
  return { phone: internationalPhoneOf(locator) ?? locator };
}

function contactNames(
  { contactId }: SmartsendRecipient,
  contacts: ReadonlyMap<string, Contact>,
): MessageRecipient {
  const { phone, email } = contacts.get(String(contactId)) ?? {};
  return { ...(phone && { phone }), ...(email && { email }) };
}

function dataOf(jsonParam: string | null | undefined): Record<string, unknown> | undefined | 'none' {
  if (jsonParam === null || jsonParam === undefined) return undefined;
  const data = jsonWithin(jsonParam);
  if (data === null) return undefined;
  return typeof data === 'object' && !Array.isArray(data) ? (data as Record<string, unknown>) : 'none';
}

/** What a recipient who is none is called, as far as it can be told. */
function writtenLocator(given: unknown): string {
  const { locator, email } = (given ?? {}) as { locator?: unknown; email?: unknown };
  return [locator, email].find((each) => typeof each === 'string')?.slice(0, 320) ?? '';
}

const wordsOf = ({ path, message }: { path: string; message: string }): string =>
  path === '' ? `A recipient ${message}.` : `${path.slice(1).replaceAll('/', '.')} ${message}.`;

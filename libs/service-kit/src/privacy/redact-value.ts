import { hidden, redactText, withoutLiterals } from './redact-text';

/** Names, in lower case and without `_` and `-`, whose values are never logged. */
const hiddenNames = new Set(
  (
    'password passphrase passcode secret clientsecret apisecret privatekey key authorization cookie setcookie ' +
    'token accesstoken refreshtoken pushtoken devicetoken databaseurl rabbitmqurl ' +
    'detail where internalquery query parameters values driverError ' +
    'email phone msisdn recipient address to firstname lastname fullname birthday externalid cardnumber'
  )
    .toLowerCase()
    .split(' '),
);
/** An error of a socket leads to all of Node: what is deeper than this is left out. */
const maxDepth = 5;

/**
 * A value for a log without people's data and secrets, at any depth: by the names of members, and within texts by what
 * they look like. An Error becomes an object with its message, its stack, its causes and what else it says of itself.
 */
export function redactValue(value: unknown): unknown {
  try {
    return redacted(value, 0, new WeakSet());
  } catch {
    // A getter that throws must not cost a line of the log, let alone the caller's work.
    return { unreadable: hidden };
  }
}

function redacted(value: unknown, depth: number, seen: WeakSet<object>): unknown {
  if (typeof value === 'string') return redactText(value);
  if (typeof value !== 'object' || value === null) return value;
  if (depth > maxDepth || seen.has(value)) return '[…]';
  seen.add(value);
  if (Array.isArray(value)) return value.map((each) => redacted(each, depth + 1, seen));
  if (value instanceof Date) return value;
  if (Buffer.isBuffer(value) || value instanceof Map || value instanceof Set) return hidden;
  if (isError(value)) return describeError(value, depth, seen);
  const { toJSON } = value as { toJSON?: unknown };
  if (typeof toJSON === 'function') return redacted(toJSON.call(value), depth + 1, seen);
  return membersOf(value, depth, seen);
}

/** By shape: an error of Node's own is no `instanceof Error` where code runs in a VM, as tests do. */
export const isError = (value: unknown): value is Error =>
  typeof value === 'object' &&
  value !== null &&
  typeof (value as Error).message === 'string' &&
  typeof (value as Error).stack === 'string';

/** The shape that pino gives to an error: `type`, `message`, `stack`, and its own members that may be shown. */
function describeError(error: Error, depth: number, seen: WeakSet<object>): object {
  const { message, stack, cause, name } = error;
  return {
    type: name === 'Error' ? error.constructor.name : name,
    // What has been described before, and is read again from its line, names its own type here.
    ...membersOf(error, depth, seen),
    message: redactText(message),
    stack: redactText(stack!),
    ...(cause !== undefined && { cause: redacted(cause, depth + 1, seen) }),
  };
}

function membersOf(value: object, depth: number, seen: WeakSet<object>): object {
  const isFault = 'stack' in value || 'severity' in value;
  return Object.fromEntries(
    Object.entries(value).map(([name, member]: [string, unknown]) => {
      if (name === 'statement' && typeof member === 'string') return [name, withoutLiterals(member)];
      if (isHidden(name, isFault)) return [name, member === undefined || member === null ? member : hidden];
      return [name, redacted(member, depth + 1, seen)];
    }),
  );
}

/** `code` is what an error is called, and elsewhere what a coupon is redeemed with. */
function isHidden(name: string, isFault: boolean): boolean {
  const plain = name.replace(/[-_]/g, '').toLowerCase();
  if (plain === 'code') return !isFault;
  // Of a failed connection: where it went.
  if (plain === 'address' && isFault) return false;
  return hiddenNames.has(plain);
}

/** One line of a log, which is JSON, redacted whole: what its fields, its message and its bindings say. */
export function redactLine(line: string): string {
  const end = line.endsWith('\n') ? '\n' : '';
  try {
    return JSON.stringify(redactValue(JSON.parse(line) as object)) + end;
  } catch {
    return JSON.stringify({ msg: redactText(line) }) + end;
  }
}

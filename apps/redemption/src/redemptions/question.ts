import { codeReadings, normaliseCode, type Basket, type MessageContext } from '@tearoff/contracts';
import { isStorable } from '@tearoff/service-kit';

/** What a text from a till may name, normalised: `code`, or where no coupon has that, `otherCode`. */
export interface Readings {
  readonly code: string;
  readonly otherCode: string | null;
}

/** What a till asks of one code, whatever it means to do with it. */
export interface Question extends Readings {
  /** Its place in the batch, by which answers are distinguished. */
  readonly pos: number;
  readonly accountId: string;
  readonly storeId: string | null;
  readonly channel: 'store' | 'online';
  readonly total: number | null;
  readonly currency: string | null;
  readonly reservationId: string | null;
  readonly context: MessageContext | undefined;
}

interface Request {
  accountId: string;
  storeId?: string;
  channel?: 'store' | 'online';
  basket?: Basket;
  reservationId?: string;
}

export const questionOf = (
  request: Request,
  { code, otherCode }: Readings,
  pos = 0,
  context?: MessageContext,
): Question => ({
  pos,
  accountId: request.accountId,
  code,
  otherCode,
  storeId: request.storeId ?? null,
  channel: request.channel ?? 'store',
  total: request.basket?.total ?? null,
  currency: request.basket?.currency ?? null,
  reservationId: request.reservationId ?? null,
  context,
});

/** The normalised code, or null where no code that was ever given out can look like this. */
export function codeOf(text: string): string | null {
  const code = normaliseCode(text);
  return isPossible(code) ? code : null;
}

/** What a till has scanned or typed; null where no code that was ever given out can look like this. */
export function readingsOf(text: string): Readings | null {
  const { code, alternative: other } = codeReadings(text);
  if (!isPossible(code)) return other !== null && isPossible(other) ? { code: other, otherCode: null } : null;
  return { code, otherCode: other !== null && isPossible(other) ? other : null };
}

const isPossible = (code: string): boolean => code.length > 0 && code.length <= 100 && isStorable(code);

export const codesIn = ({ code, otherCode }: Readings): string[] =>
  otherCode === null ? [code] : [code, otherCode];

/** By each code that the question may name. */
export const keysOf = (question: Readings & { accountId: string }): string[] =>
  codesIn(question).map((code) => keyOf({ accountId: question.accountId, code }));

export const keyOf = ({ accountId, code }: { accountId: string; code: string }): string =>
  `${accountId} ${code}`;

import { normaliseCode, type Basket, type MessageContext } from '@tearoff/contracts';
import { isStorable } from '../text/storable';

/** What a till asks of one code, whatever it means to do with it. `code` is normalised. */
export interface Question {
  /** Its place in the batch, by which answers are told apart. */
  readonly pos: number;
  readonly accountId: string;
  readonly code: string;
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

export const questionOf = (request: Request, code: string, pos = 0, context?: MessageContext): Question => ({
  pos,
  accountId: request.accountId,
  code,
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
  return code.length > 0 && code.length <= 100 && isStorable(code) ? code : null;
}

export const keyOf = ({ accountId, code }: { accountId: string; code: string }): string =>
  `${accountId} ${code}`;

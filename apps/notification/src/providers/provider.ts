import type { Channel } from '@tearoff/contracts';
import type { Barcode } from '../rendering/barcode';

/** A rendered message on its way out. */
export interface OutgoingMessage {
  deliveryId: string;
  accountId: string;
  channel: Channel;
  /** E.164 or e-mail address. */
  to: string;
  subject: string | null;
  text: string;
  html: string | null;
  /** That the HTML shows, as `barcodeImage`. */
  barcode: Barcode | null;
  /** 1 for the first attempt. */
  attempt: number;
}

/**
 * Someone who carries messages of one channel. `send` resolves when the message was taken, and otherwise
 * throws one of the three below; anything else thrown counts as an unknown outcome.
 */
export interface Provider {
  readonly name: string;
  /** Whether the same delivery sent twice arrives once. */
  readonly idempotent: boolean;
  /** How many calls it is good for at a time. */
  readonly concurrency: number;
  /** How many of those lists may use: the rest is free for anyone who waits for a coupon. */
  readonly listConcurrency: number;
  send(message: OutgoingMessage): Promise<{ providerMessageId: string | null }>;
  close(): Promise<void>;
}

/** Certainly not sent; may work later. */
export class TemporaryFailure extends Error {
  override readonly name = 'TemporaryFailure';

  constructor(
    message: string,
    readonly retryAfterMs = 0,
    /** Whether it was one message too many, so that the next would be, too. */
    readonly throttled = false,
  ) {
    super(message);
  }
}

/** Certainly not sent, and never will be; the message holds the provider's words. */
export class PermanentFailure extends Error {
  override readonly name = 'PermanentFailure';

  constructor(
    message: string,
    /** There is no one at this address: it is not to be written to again. */
    readonly bounced = false,
  ) {
    super(message);
  }
}

/** No one can say whether it was sent: the connection broke, or time was up, after the message was handed over. */
export class UnknownOutcome extends Error {
  override readonly name = 'UnknownOutcome';
}

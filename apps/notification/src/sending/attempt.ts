import {
  PermanentFailure,
  TemporaryFailure,
  type OutgoingMessage,
  type Provider,
} from '../providers/provider';
import { withBarcode } from '../rendering/barcode';
import { oneLine } from '../rendering/one-line';
import { waitBeforeNext, type AttemptPolicy } from './backoff';
import type { ClaimedRow } from './claim';
import type { Outcome } from './outcomes';
import { countAttempt, timeProvider } from './sending.metrics';

type Ending = Omit<Outcome, 'id' | 'attempt' | 'context'>;

const ending = (status: Outcome['status'], error: string | null, rest: Partial<Ending> = {}): Ending => ({
  status,
  error,
  providerMessageId: null,
  dueAt: null,
  ...rest,
});

/** One attempt at a delivery that this worker has taken. Never throws: whatever happens is an outcome. */
export async function attempt(
  row: ClaimedRow,
  provider: Provider,
  policy: AttemptPolicy,
): Promise<Omit<Outcome, 'context'>> {
  const outcome = await endingOf(row, provider, policy);
  countAttempt(row.channel, provider.name, outcome.status);
  return { id: row.id, attempt: row.attempts, ...outcome };
}

async function endingOf(row: ClaimedRow, provider: Provider, policy: AttemptPolicy): Promise<Ending> {
  if (row.abandonedWith !== null && !(provider.idempotent && row.abandonedWith === provider.name))
    return ending(
      'failed',
      'outcome unknown: the worker stopped between sending and recording; not sent again',
    );
  if (row.suppressed) return ending('suppressed', null);
  const stopTimer = timeProvider(row.channel, provider.name);
  try {
    const { providerMessageId } = await provider.send(messageOf(row));
    return ending('sent', null, { providerMessageId });
  } catch (error) {
    return endingOfFailure(error as Error, row.attempts, provider, policy);
  } finally {
    stopTimer();
  }
}

function endingOfFailure(error: Error, attempts: number, provider: Provider, policy: AttemptPolicy): Ending {
  // A mail server says what it likes.
  const words = oneLine(error.message.slice(0, 1_000));
  if (error instanceof PermanentFailure) return ending('failed', words, { bounced: error.bounced });
  if (!(error instanceof TemporaryFailure) && !provider.idempotent)
    return ending('failed', `outcome unknown, not sent again: ${words}`);
  const wait = waitBeforeNext(policy, attempts, error instanceof TemporaryFailure ? error.retryAfterMs : 0);
  if (wait === null) return ending('failed', `given up after ${attempts} attempts: ${words}`);
  return ending('queued', words, { dueAt: new Date(Date.now() + wait) });
}

const messageOf = (row: ClaimedRow): OutgoingMessage => ({
  deliveryId: row.id,
  accountId: row.accountId,
  channel: row.channel,
  to: row.address,
  subject: row.subject,
  text: row.text,
  // Written before codes had to fit their symbology, it may name a barcode that cannot be drawn.
  ...(row.html !== null && row.barcode !== null
    ? withBarcode(row.html, row.barcode)
    : { html: row.html, barcode: null }),
  attempt: row.attempts,
});

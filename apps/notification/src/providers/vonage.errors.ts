import { retryAfterMs } from '@tearoff/service-kit';
import { PermanentFailure, TemporaryFailure, UnknownOutcome } from './provider';

interface Problem {
  title?: unknown;
  detail?: unknown;
  invalid_parameters?: { name?: unknown; reason?: unknown }[];
}

/**
 * What an answer other than 2xx means for the message. Wrong or missing credentials and an empty account are
 * the operator's to mend, so such messages wait instead of being thrown away.
 */
export function failureOf(status: number, body: string, retryAfter?: string): Error {
  const words = `vonage ${status}: ${wordsOf(body)}`;
  if (status === 504) return new UnknownOutcome(words);
  if (status >= 500 || [401, 402, 403, 408, 429].includes(status))
    return new TemporaryFailure(words, retryAfterMs(retryAfter), status === 429);
  return new PermanentFailure(words);
}

/** The title and detail of the vendor's problem document (RFC 9457), or what the body says. */
function wordsOf(body: string): string {
  let problem: Problem = {};
  try {
    problem = (JSON.parse(body) ?? {}) as Problem;
  } catch {
    // A proxy's page.
  }
  const parameters = Array.isArray(problem.invalid_parameters) ? problem.invalid_parameters : [];
  const parts = [
    problem.title,
    problem.detail,
    ...parameters.map((one) => [one.name, one.reason].filter(Boolean).join(' ')),
  ].filter((part) => typeof part === 'string' && part !== '');
  return (parts.join(': ') || body.trim() || 'no reason given').slice(0, 500);
}

import { internationalPhoneOf } from '@tearoff/contracts';
import type { InboundMessage } from '../keywords/keywords.service';
import { instantIn, textIn, type Fields } from './callback-fields';
import type { StatusReport } from './status-report';

const outcomes = new Map<string, StatusReport['outcome']>([
  ['delivered', 'delivered'],
  ['read', 'delivered'],
  ['rejected', 'failed'],
  ['undeliverable', 'failed'],
  ['failed', 'failed'],
  ['expired', 'failed'],
]);

/**
 * "Illegal number": how a number that has opted out with the vendor is reported, after it was accepted. (1120, an
 * illegal sender, is ours to mend and says nothing of them.)
 */
const optedOut = { messages: '1240', sms: '9' };

interface Problem {
  type?: unknown;
  title?: unknown;
  detail?: unknown;
}

/** A status of the Messages API (`message_uuid`) or a delivery receipt of the SMS API (`messageId`); null = neither. */
export function statusIn(fields: Fields): StatusReport | null {
  const status = textIn(fields.status);
  const legacy = 'messageId' in fields;
  const messageId = textIn(legacy ? fields.messageId : fields.message_uuid);
  if (!status || !messageId) return null;
  const number = textIn(legacy ? fields.msisdn : fields.to);
  const problem = typeof fields.error === 'object' ? ((fields.error ?? {}) as Problem) : {};
  const code = legacy ? textIn(fields['err-code']) : codeOf(problem);
  return {
    deliveryId: textIn(legacy ? fields['client-ref'] : fields.client_ref),
    messageId,
    address: number && internationalPhoneOf(number),
    outcome: outcomes.get(status) ?? 'none',
    error: [`vonage: ${status}`, ...(legacy ? [code && `err-code ${code}`] : wordsOf(problem))]
      .filter(Boolean)
      .join(': ')
      .slice(0, 1_000),
    optedOut: code === (legacy ? optedOut.sms : optedOut.messages),
    at: instantIn(legacy ? fields['message-timestamp'] : fields.timestamp),
  };
}

/** A text message to our number, in either dialect; null when it is none. */
export function inboundIn(fields: Fields): InboundMessage | null {
  const legacy = 'messageId' in fields;
  const id = textIn(legacy ? fields.messageId : fields.message_uuid);
  const from = textIn(legacy ? fields.msisdn : fields.from);
  const text = textIn(fields.text);
  if (!id || !from || text === null || (fields.channel ?? 'sms') !== 'sms') return null;
  return {
    id: `vonage ${id.slice(0, 200)}`,
    from,
    text,
    at: instantIn(legacy ? fields['message-timestamp'] : fields.timestamp),
  };
}

/** The number that the title is, or that ends the address of its description. */
const codeOf = ({ type, title }: Problem): string | null =>
  /^\d+$/.exec(textIn(title) ?? '')?.[0] ?? /#(\d+)$/.exec(textIn(type) ?? '')?.[1] ?? null;

const wordsOf = ({ title, detail }: Problem): (string | null)[] => [textIn(title), textIn(detail)];

import { EventEnvelope, fits, type MessageContext } from '@tearoff/contracts';

/** An event as a consumer receives it. */
export interface ReceivedEvent {
  id: string;
  type: string;
  attempt: number;
  account: string | null;
  items: unknown[];
  contexts: (MessageContext | null)[];
}

/** A message body after parsing. `unreadable`: the parts that are not events, as received, and why. */
export interface ReadBody {
  events: readonly ReceivedEvent[];
  unreadable: readonly { body: string; reason: string }[];
}

/** Parses a message body, a JSON array of CloudEvents; a malformed event does not affect the others. */
export function readBody(body: string): ReadBody {
  const allUnreadable = (reason: string): ReadBody => ({ events: [], unreadable: [{ body, reason }] });
  let parsed: unknown;
  try {
    parsed = JSON.parse(body);
  } catch {
    return allUnreadable('malformed: not JSON');
  }
  if (!Array.isArray(parsed) || parsed.length === 0)
    return allUnreadable('malformed: not a batch of CloudEvents');
  const events: ReceivedEvent[] = [];
  const unreadable: { body: string; reason: string }[] = [];
  for (const envelope of parsed as unknown[])
    if (fits(EventEnvelope, envelope)) events.push(toReceivedEvent(envelope));
    else
      unreadable.push({
        body: parsed.length === 1 ? body : toJsonText([envelope]),
        reason: 'malformed: not a CloudEvent',
      });
  return { events, unreadable };
}

function toReceivedEvent(envelope: EventEnvelope): ReceivedEvent {
  const shared: MessageContext = {
    ...(envelope.correlationid && { correlationId: envelope.correlationid }),
    ...(envelope.causationid && { causationId: envelope.causationid }),
    ...(envelope.traceparent && { traceparent: envelope.traceparent }),
  };
  return {
    id: envelope.id,
    type: envelope.type,
    attempt: envelope.attempt ?? 1,
    account: envelope.account ?? null,
    items: envelope.data.items,
    contexts: envelope.data.items.map((_, index) => envelope.data.contexts?.[index] ?? shared),
  };
}

/** The value as JSON, or the error message when it is nested too deeply for JSON.stringify. */
export function toJsonText(value: unknown): string {
  try {
    return JSON.stringify(value);
  } catch (error) {
    return `cannot be written as JSON: ${String(error)}`;
  }
}

/** The stable id of an item, the same whether it is sent with others or alone. */
export const itemId = (event: ReceivedEvent, index: number): string =>
  event.id.includes('#') ? event.id : `${event.id}#${index}`;

/** One event per item. */
export const splitItems = (event: ReceivedEvent): ReceivedEvent[] =>
  event.items.map((item, index) => ({
    ...event,
    id: itemId(event, index),
    items: [item],
    contexts: [event.contexts[index] ?? null],
  }));

/** The event's `data` as the outbox stores it. */
export const dataText = (event: ReceivedEvent): string =>
  JSON.stringify({ items: event.items, contexts: event.contexts });

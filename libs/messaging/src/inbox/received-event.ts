import { EventEnvelope, fits, type MessageContext } from '@tearoff/contracts';

/** An event as a consumer holds it. */
export interface ReceivedEvent {
  id: string;
  type: string;
  attempt: number;
  account: string | null;
  items: unknown[];
  contexts: (MessageContext | null)[];
}

/** What a message's body was read as. `unreadable`: what is no event of its own, as it came, and why. */
export interface ReadBody {
  events: readonly ReceivedEvent[];
  unreadable: readonly { body: string; reason: string }[];
}

/** Reads a message's body, a JSON array of CloudEvents; one that is malformed does not keep the others from being read. */
export function readBody(body: string): ReadBody {
  const whole = (reason: string): ReadBody => ({ events: [], unreadable: [{ body, reason }] });
  let parsed: unknown;
  try {
    parsed = JSON.parse(body);
  } catch {
    return whole('malformed: not JSON');
  }
  if (!Array.isArray(parsed) || parsed.length === 0) return whole('malformed: not a batch of CloudEvents');
  const events: ReceivedEvent[] = [];
  const unreadable: { body: string; reason: string }[] = [];
  for (const envelope of parsed as unknown[])
    if (fits(EventEnvelope, envelope)) events.push(eventOf(envelope));
    else
      unreadable.push({
        body: parsed.length === 1 ? body : textOf([envelope]),
        reason: 'malformed: not a CloudEvent',
      });
  return { events, unreadable };
}

function eventOf(envelope: EventEnvelope): ReceivedEvent {
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

/** As JSON; where that is nested too deeply to be written, a sentence saying so. */
export function textOf(value: unknown): string {
  try {
    return JSON.stringify(value);
  } catch (error) {
    return `not to be written as JSON: ${String(error)}`;
  }
}

/** The stable id of an item, the same whether it travels with others or alone. */
export const itemId = (event: ReceivedEvent, index: number): string =>
  event.id.includes('#') ? event.id : `${event.id}#${index}`;

/** The event's items as events of their own. */
export const splitItems = (event: ReceivedEvent): ReceivedEvent[] =>
  event.items.map((item, index) => ({
    ...event,
    id: itemId(event, index),
    items: [item],
    contexts: [event.contexts[index] ?? null],
  }));

/** The `data` member of the event, as the outbox keeps it. */
export const dataText = (event: ReceivedEvent): string =>
  JSON.stringify({ items: event.items, contexts: event.contexts });

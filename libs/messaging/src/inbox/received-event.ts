import { EventEnvelope, fits, type MessageContext } from '@tearoff/contracts';
import { Poison } from './retry-policy';

/** An event as a consumer holds it. */
export interface ReceivedEvent {
  id: string;
  type: string;
  attempt: number;
  account: string | null;
  items: unknown[];
  contexts: (MessageContext | null)[];
}

/** A message's body, a JSON array of CloudEvents, as events. Throws `Poison`. */
export function parseEvents(body: string): ReceivedEvent[] {
  let parsed: unknown;
  try {
    parsed = JSON.parse(body);
  } catch {
    throw new Poison('malformed: not JSON');
  }
  if (!Array.isArray(parsed) || parsed.length === 0)
    throw new Poison('malformed: not a batch of CloudEvents');
  return parsed.map((envelope: unknown) => {
    if (!fits(EventEnvelope, envelope)) throw new Poison('malformed: not a CloudEvent');
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
  });
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

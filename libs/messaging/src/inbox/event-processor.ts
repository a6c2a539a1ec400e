import {
  faultsOf,
  isDatabaseUnavailable,
  type EventDefinition,
  type QueueDefinition,
} from '@tearoff/contracts';
import type { EventContext, WorkContext } from '../context';
import type { MessagingLogger } from '../logger';
import { Counter, metric } from '../metrics';
import { insertOutboxRows, type Outbox } from '../outbox/outbox';
import { namedQuery, type Transaction } from '../outbox/transaction';
import { inSpan } from '../tracing';
import type { IncomingMessage } from '../transport';
import { toMessageBody, insertDeadLetter } from './dead-letters';
import { dataText, itemId, splitItems, type ReceivedEvent } from './received-event';
import { backoffMs, PoisonMessage, retryOrDead, type RetryPolicy } from './retry-policy';

export type EventHandler = (items: unknown[], context: EventContext | WorkContext) => Promise<unknown>;

/** Metric label for types that the queue is not bound to, so that senders cannot create labels. */
const unknownType = 'unknown';

const processedTotal = metric(
  () =>
    new Counter({
      name: 'tearoff_events_processed_total',
      help: 'Events taken off a queue, by outcome',
      labelNames: ['queue', 'type', 'outcome'],
    }),
);

/** Events that match their contract; consumers of one process may share the objects, so each is validated once. */
const validated = new WeakSet<ReceivedEvent>();

/**
 * Processes the messages of one queue. Each event is handled, rescheduled for a later attempt, or dead-lettered, and
 * that is committed when `process` resolves.
 */
export class EventProcessor {
  private readonly definitions: ReadonlyMap<string, EventDefinition>;

  constructor(
    private readonly queue: QueueDefinition,
    private readonly handlers: ReadonlyMap<string, EventHandler>,
    private readonly outbox: Outbox,
    private readonly policy: RetryPolicy,
    private readonly logger: MessagingLogger,
  ) {
    this.definitions = new Map(queue.types.map((type) => [type.type, type]));
  }

  /** `isLastTry`: earlier tries failed, so an event that cannot be rescheduled is now dead-lettered. */
  async process(messages: readonly Pick<IncomingMessage, 'read'>[], isLastTry = false): Promise<void> {
    const bodies = messages.map((message) => message.read());
    const events = bodies.flatMap((body) => body.events);
    if (events.length > 0) await this.processTogether(events, isLastTry);
    const unreadable = bodies.flatMap((body) => body.unreadable);
    if (unreadable.length === 0) return;
    await this.outbox.transaction(async (tx) => {
      for (const { body, reason } of unreadable)
        await insertDeadLetter(tx, { queue: this.queue.name, body, reason, attempts: 1 });
    });
    for (const { reason } of unreadable) {
      this.logger.warn(`${this.queue.name}: a message was dead-lettered: ${reason}`);
      processedTotal().inc({ queue: this.queue.name, type: 'unreadable', outcome: 'dead' });
    }
  }

  private async processTogether(events: readonly ReceivedEvent[], isLastTry: boolean): Promise<void> {
    try {
      await this.handle(events);
      for (const event of events) this.count(event, 'handled');
    } catch (error) {
      if (isDatabaseUnavailable(error)) throw error;
      if (events.length > 1) await this.processSingly(events, isLastTry);
      else await this.handleFailure(events[0], error, isLastTry);
    }
  }

  /** An event that can neither be handled nor rescheduled does not affect the others. */
  private async processSingly(events: readonly ReceivedEvent[], isLastTry: boolean): Promise<void> {
    const failures: unknown[] = [];
    for (const event of events)
      try {
        await this.processTogether([event], isLastTry);
      } catch (error) {
        if (isDatabaseUnavailable(error)) throw error;
        failures.push(error);
      }
    if (failures.length > 0) throw failures[0];
  }

  /** Handles all events or throws; an events queue does so in one transaction. */
  private async handle(events: readonly ReceivedEvent[]): Promise<void> {
    for (const event of events) this.validate(event);
    if (this.queue.mode === 'work') {
      for (const group of groupEvents(events)) {
        const { attempt } = group[0];
        await this.call(group, { attempt, lastAttempt: attempt >= this.policy.maxAttempts });
      }
      return;
    }
    await this.outbox.transaction(async (tx) => {
      const newEvents = await this.recordInInbox(tx, events);
      for (const group of groupEvents(newEvents, !this.queue.batched)) await this.call(group, { tx });
    });
  }

  private async call(
    group: readonly ReceivedEvent[],
    rest: { tx: Transaction } | { attempt: number; lastAttempt: boolean },
  ): Promise<void> {
    const { type } = group[0];
    const contexts = group.flatMap((event) => event.contexts.map((context) => context ?? {}));
    const eventIds = group.flatMap((event) => event.items.map((_, index) => itemId(event, index)));
    const items = group.flatMap((event) => event.items);
    await inSpan(`${this.queue.name} ${type}`, 'event', contexts, () =>
      this.handlers.get(type)!(items, { contexts, eventIds, ...rest }),
    );
  }

  private validate(event: ReceivedEvent): void {
    const definition = this.definitions.get(event.type);
    if (!definition || !this.handlers.has(event.type))
      throw new PoisonMessage(`unknown type: ${event.type} has no handler here`);
    if (validated.has(event)) return;
    event.items.forEach((item, index) => {
      const faults = faultsOf(definition.item, item);
      if (faults)
        throw new PoisonMessage(
          `does not match its contract: item ${index}${faults[0].path} ${faults[0].message}`,
        );
    });
    validated.add(event);
  }

  /** Records the events as processed and returns those that were not recorded before. */
  private async recordInInbox(tx: Transaction, events: readonly ReceivedEvent[]): Promise<ReceivedEvent[]> {
    const rows = await namedQuery<{ event_id: string; attempt: number }>(
      tx,
      'inbox-insert',
      `insert into inbox (queue, event_id, attempt)
       select distinct $1, event_id, attempt from unnest($2::text[], $3::int[]) as event (event_id, attempt)
       order by event_id, attempt
       on conflict do nothing returning event_id, attempt`,
      [this.queue.name, events.map((event) => event.id), events.map((event) => event.attempt)],
    );
    const inserted = new Set(rows.map((row) => `${row.event_id} ${row.attempt}`));
    // `delete`: an event that is in the batch twice is returned once.
    return events.filter((event) => inserted.delete(`${event.id} ${event.attempt}`));
  }

  private async handleFailure(event: ReceivedEvent, error: unknown, isLastTry: boolean): Promise<void> {
    let decision: string = event.items.length > 1 ? 'split' : retryOrDead(error, event.attempt, this.policy);
    try {
      await this.outbox.transaction((tx) => this.recordFailure(tx, event, error, decision));
    } catch (recordError) {
      if (!isLastTry || isDatabaseUnavailable(recordError)) throw recordError;
      decision = 'dead';
      const reason = `It could not be rescheduled (${String(recordError)}). Its handler failed: ${reasonOf(error)}`;
      await this.outbox.transaction((tx) => this.deadLetter(tx, event, reason));
    }
    this.count(event, decision);
    const text = `${this.queue.name}: ${event.type} ${event.id}, attempt ${event.attempt} failed, ${decision}`;
    if (decision === 'dead') this.logger.error(text, error);
    else this.logger.warn(`${text}: ${String(error)}`);
  }

  /**
   * Records a failed event. One of several items is split into events of one item, so that a bad item does not affect
   * the others; one of a single item is rescheduled or dead-lettered.
   */
  private async recordFailure(
    tx: Transaction,
    event: ReceivedEvent,
    error: unknown,
    decision: string,
  ): Promise<void> {
    if (this.queue.mode === 'events' && (await this.recordInInbox(tx, [event])).length === 0) return;
    if (decision === 'dead') return this.deadLetter(tx, event, reasonOf(error));
    const next = decision === 'split' ? event.attempt : event.attempt + 1;
    const availableAt =
      decision === 'split' ? null : new Date(Date.now() + backoffMs(this.policy, event.attempt + 1));
    const parts = decision === 'split' ? splitItems(event) : [event];
    await insertOutboxRows(
      tx,
      parts.map((part) => ({
        id: part.id,
        type: part.type,
        data: dataText(part),
        account: part.account,
        queue: this.queue.name,
        attempt: next,
        availableAt,
      })),
    );
  }

  private deadLetter(tx: Transaction, event: ReceivedEvent, reason: string): Promise<void> {
    const { name: queue, service } = this.queue;
    return insertDeadLetter(tx, {
      queue,
      event,
      body: toMessageBody(event, service),
      reason,
      attempts: event.attempt,
    });
  }

  private count(event: ReceivedEvent, outcome: string): void {
    processedTotal().inc({
      queue: this.queue.name,
      type: this.definitions.has(event.type) ? event.type : unknownType,
      outcome,
    });
  }
}

const reasonOf = (error: unknown): string =>
  error instanceof Error ? (error.stack ?? error.message) : String(error);

/** Groups by type and attempt, so that a handler gets many items; only neighbouring events when order is kept. */
function groupEvents(events: readonly ReceivedEvent[], inOrder = true): ReceivedEvent[][] {
  const groups: ReceivedEvent[][] = [];
  for (const event of events) {
    const candidates = inOrder ? groups.slice(-1) : groups;
    const group = candidates.find(([first]) => first.type === event.type && first.attempt === event.attempt);
    if (group) group.push(event);
    else groups.push([event]);
  }
  return groups;
}

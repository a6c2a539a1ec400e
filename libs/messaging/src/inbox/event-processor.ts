import { faultsOf, isDatabaseAway, type EventDefinition, type QueueDefinition } from '@tearoff/contracts';
import type { EventContext, WorkContext } from '../context';
import type { MessagingLogger } from '../logger';
import { Counter, metric } from '../metrics';
import { namedQuery } from '../outbox/named-query';
import { insertOutboxRows, type Outbox } from '../outbox/outbox';
import type { Transaction } from '../outbox/transaction';
import { inSpan } from '../tracing';
import type { Incoming } from '../transport';
import { bodyOf, insertDeadLetter } from './dead-letters';
import { dataText, itemId, splitItems, type ReceivedEvent } from './received-event';
import { backoffMs, PoisonMessageError, verdictOf, type RetryPolicy } from './retry-policy';

export type EventHandler = (items: unknown[], context: EventContext | WorkContext) => Promise<unknown>;

/** `type` of what names a type that the queue is not bound to: senders must not make labels. */
const unknownType = 'unknown';

const processedTotal = metric(
  () =>
    new Counter({
      name: 'tearoff_events_processed_total',
      help: 'Events taken off a queue, by what became of them',
      labelNames: ['queue', 'type', 'outcome'],
    }),
);

/** Found to be so by one of the consumers that share them. */
const validatedEvents = new WeakSet<ReceivedEvent>();

/**
 * Settles what came off one queue: every event ends handled, put off to a later attempt, or dead-lettered,
 * and that is committed when `settle` resolves.
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

  /** `isLastTry`: it has failed before for another reason, and what cannot be put off is now a dead letter. */
  async process(messages: readonly Pick<Incoming, 'read'>[], isLastTry = false): Promise<void> {
    const bodies = messages.map((message) => message.read());
    const events = bodies.flatMap((body) => body.events);
    if (events.length > 0) await this.together(events, isLastTry);
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

  private async together(events: readonly ReceivedEvent[], isLastTry: boolean): Promise<void> {
    try {
      await this.handle(events);
      for (const event of events) this.count(event, 'handled');
    } catch (error) {
      if (isDatabaseAway(error)) throw error;
      if (events.length > 1) await this.apart(events, isLastTry);
      else await this.reschedule(events[0], error, isLastTry);
    }
  }

  /** One that can neither be handled nor put off keeps none of the others. */
  private async apart(events: readonly ReceivedEvent[], isLastTry: boolean): Promise<void> {
    const failures: unknown[] = [];
    for (const event of events)
      try {
        await this.together([event], isLastTry);
      } catch (error) {
        if (isDatabaseAway(error)) throw error;
        failures.push(error);
      }
    if (failures.length > 0) throw failures[0];
  }

  /** Everything or nothing. */
  private async handle(events: readonly ReceivedEvent[]): Promise<void> {
    for (const event of events) this.check(event);
    if (this.queue.mode === 'work') {
      for (const run of runsOf(events)) {
        const { attempt } = run[0];
        await this.call(run, { attempt, lastAttempt: attempt >= this.policy.maxAttempts });
      }
      return;
    }
    await this.outbox.transaction(async (tx) => {
      const fresh = await this.remember(tx, events);
      for (const run of runsOf(fresh, !this.queue.batched)) await this.call(run, { tx });
    });
  }

  private async call(
    run: readonly ReceivedEvent[],
    rest: { tx: Transaction } | { attempt: number; lastAttempt: boolean },
  ): Promise<void> {
    const { type } = run[0];
    const contexts = run.flatMap((event) => event.contexts.map((context) => context ?? {}));
    const eventIds = run.flatMap((event) => event.items.map((_, index) => itemId(event, index)));
    const items = run.flatMap((event) => event.items);
    await inSpan(`${this.queue.name} ${type}`, 'event', contexts, () =>
      this.handlers.get(type)!(items, { contexts, eventIds, ...rest }),
    );
  }

  private check(event: ReceivedEvent): void {
    const definition = this.definitions.get(event.type);
    if (!definition || !this.handlers.has(event.type))
      throw new PoisonMessageError(`unknown type: nothing here handles ${event.type}`);
    if (validatedEvents.has(event)) return;
    event.items.forEach((item, index) => {
      const faults = faultsOf(definition.item, item);
      if (faults)
        throw new PoisonMessageError(
          `not as contracted: item ${index}${faults[0].path} ${faults[0].message}`,
        );
    });
    validatedEvents.add(event);
  }

  /** The events that were not settled before; from now on (if this commits) they are. */
  private async remember(tx: Transaction, events: readonly ReceivedEvent[]): Promise<ReceivedEvent[]> {
    const rows = await namedQuery<{ event_id: string; attempt: number }>(
      tx,
      'inbox-insert',
      `insert into inbox (queue, event_id, attempt)
       select distinct $1, event_id, attempt from unnest($2::text[], $3::int[]) as event (event_id, attempt)
       order by event_id, attempt
       on conflict do nothing returning event_id, attempt`,
      [this.queue.name, events.map((event) => event.id), events.map((event) => event.attempt)],
    );
    const fresh = new Set(rows.map((row) => `${row.event_id} ${row.attempt}`));
    // `delete`: the same event twice in one group is fresh once.
    return events.filter((event) => fresh.delete(`${event.id} ${event.attempt}`));
  }

  private async reschedule(event: ReceivedEvent, error: unknown, isLastTry: boolean): Promise<void> {
    let verdict: string = event.items.length > 1 ? 'split' : verdictOf(error, event.attempt, this.policy);
    try {
      await this.outbox.transaction((tx) => this.record(tx, event, error, verdict));
    } catch (unrecorded) {
      if (!isLastTry || isDatabaseAway(unrecorded)) throw unrecorded;
      verdict = 'dead';
      const reason = `It could not be put off (${String(unrecorded)}). It had failed: ${reasonOf(error)}`;
      await this.outbox.transaction((tx) => this.bury(tx, event, reason));
    }
    this.count(event, verdict);
    const text = `${this.queue.name}: ${event.type} ${event.id}, attempt ${event.attempt} failed, ${verdict}`;
    if (verdict === 'dead') this.logger.error(text, error);
    else this.logger.warn(`${text}: ${String(error)}`);
  }

  /** A failed event: its items apart, so that one bad item harms no other; a single item later, or never. */
  private async record(
    tx: Transaction,
    event: ReceivedEvent,
    error: unknown,
    verdict: string,
  ): Promise<void> {
    if (this.queue.mode === 'events' && (await this.remember(tx, [event])).length === 0) return;
    if (verdict === 'dead') return this.bury(tx, event, reasonOf(error));
    const next = verdict === 'split' ? event.attempt : event.attempt + 1;
    const availableAt =
      verdict === 'split' ? null : new Date(Date.now() + backoffMs(this.policy, event.attempt + 1));
    const parts = verdict === 'split' ? splitItems(event) : [event];
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

  private bury(tx: Transaction, event: ReceivedEvent, reason: string): Promise<void> {
    const { name: queue, service } = this.queue;
    return insertDeadLetter(tx, {
      queue,
      event,
      body: bodyOf(event, service),
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

/** Those of one type and attempt, so that a handler gets many items at once; only neighbours where order is kept. */
function runsOf(events: readonly ReceivedEvent[], inOrder = true): ReceivedEvent[][] {
  const runs: ReceivedEvent[][] = [];
  for (const event of events) {
    const candidates = inOrder ? runs.slice(-1) : runs;
    const run = candidates.find(([first]) => first.type === event.type && first.attempt === event.attempt);
    if (run) run.push(event);
    else runs.push([event]);
  }
  return runs;
}

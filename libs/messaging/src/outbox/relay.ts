import { queues, type ServiceName } from '@tearoff/contracts';
import type { DataSource } from 'typeorm';
import type { MessagingLogger } from '../logger';
import { Counter, metric } from '../metrics';
import { Unroutable, type Link, type Transport } from '../transport';
import { toOutboundMessages, type DueRow, type OutboundMessage } from './outbound-messages';
import { batchedTypes, deferredQueue } from './broadcast-queue';
import { LeaseRenewer } from './lease-renewer';
import { claimDue, type Claim, type OutboxPartition } from './outbox-claim';
import { RelayLoop } from './relay-loop';

const limits = { default: 500, deferred: 100 };
/** Ten seconds: the rows leased by a process that died wait at most this long. */
export const defaultLeaseMs = 10_000;

const relayed = metric(
  () =>
    new Counter({
      name: 'tearoff_outbox_relayed_total',
      help: 'Events published and confirmed by the transport',
      labelNames: ['service'],
    }),
);

/**
 * Publishes due outbox rows at least once, in about the order in which they were written. It leases rows, publishes
 * them while no transaction is open, and deletes those that the transport has confirmed.
 */
export class Relay {
  private readonly loops = new Map<string | null, RelayLoop>();
  private readonly leases: LeaseRenewer;

  constructor(
    private readonly service: ServiceName,
    private readonly dataSource: DataSource,
    transport: Transport,
    private readonly link: Link,
    private readonly logger: MessagingLogger,
    private readonly leaseMs = defaultLeaseMs,
  ) {
    this.leases = new LeaseRenewer(leaseMs, logger);
    if (!transport.publishWaitsForHandling) {
      this.addLoop(null, { name: 'events', where: '', values: [], limit: limits.default });
      return;
    }
    const work = queues.filter((queue) => queue.service === service && queue.mode === 'work');
    this.addLoop(null, {
      name: 'events',
      where: 'and (queue is null or queue <> all($2::text[]))',
      values: [[deferredQueue, ...work.map(({ name }) => name)]],
      limit: limits.default,
      group: 'immediate',
    });
    const where = 'and queue = $2';
    this.addLoop(deferredQueue, {
      name: deferredQueue,
      where,
      values: [deferredQueue],
      limit: limits.deferred,
      group: 'deferred',
    });
    for (const { name } of work) this.addLoop(name, { name, where, values: [name], limit: limits.default });
  }

  start(): void {
    for (const loop of this.loops.values()) loop.start();
  }

  /** Call after rows for these queues were committed; null stands for all queues bound to the event's type. */
  wake(touched: Iterable<string | null>): void {
    const woken = new Set<RelayLoop>();
    for (const queue of touched) woken.add(this.loops.get(queue) ?? this.loops.get(null)!);
    for (const loop of woken) loop.wake();
  }

  /** Waits for the batches in progress; rows that are still due stay in the table. */
  async stop(): Promise<void> {
    await Promise.all([...this.loops.values()].map((loop) => loop.stop()));
  }

  private addLoop(queue: string | null, partition: OutboxPartition): void {
    this.loops.set(
      queue,
      new RelayLoop(partition, this.dataSource, this.link, this.logger, () => this.relayBatch(partition)),
    );
  }

  private async relayBatch(partition: OutboxPartition): Promise<boolean> {
    const claim = await claimDue(this.dataSource, partition, this.leaseMs);
    if (!claim) return false;
    return this.leases.renewDuring(claim, () => this.publishClaimed(claim, partition));
  }

  private async publishClaimed(claim: Claim, partition: OutboxPartition): Promise<boolean> {
    const messages = toOutboundMessages(claim.rows, this.service, partition.group);
    const outcomes = await this.publish(messages);
    const confirmed = messages.flatMap(({ rows }, index) =>
      outcomes[index].status === 'fulfilled' ? rows : [],
    );
    const failed = outcomes.flatMap((outcome, index) =>
      outcome.status === 'rejected' ? [{ rows: messages[index].rows, error: outcome.reason as unknown }] : [],
    );
    if (confirmed.length > 0) {
      await claim.confirm(confirmed);
      relayed().inc({ service: this.service }, confirmed.length);
      if (partition.group === 'immediate' && confirmed.some(({ type }) => batchedTypes.includes(type)))
        this.wake([deferredQueue]);
    }
    const unroutable = failed.filter(({ error }) => error instanceof Unroutable);
    if (unroutable.length > 0) await this.reschedule(claim, partition, unroutable);
    const failures = failed.filter(({ error }) => !(error instanceof Unroutable));
    if (failures.length > 0) {
      await claim.release(failures.flatMap(({ rows }) => rows));
      throw failures[0].error;
    }
    return failed.length > 0 || claim.rows.length === partition.limit;
  }

  private async reschedule(
    claim: Claim,
    partition: OutboxPartition,
    unroutable: readonly { rows: readonly DueRow[]; error: unknown }[],
  ): Promise<void> {
    const unpublished = unroutable.flatMap(({ rows }) => rows);
    // Publish to the deferred queues now as well, because the missing consumer may be missing for long.
    if (partition.group === 'immediate')
      await this.publish(
        toOutboundMessages(
          unpublished.filter(({ queue }) => queue === null),
          this.service,
          'deferred',
        ),
      );
    this.logger.log(
      `no queue took ${unpublished.length} events (${unpublished[0].type}); they stay in the outbox: ${String(unroutable[0].error)}`,
    );
    await claim.reschedule(unpublished);
  }

  private publish(messages: readonly OutboundMessage[]): Promise<PromiseSettledResult<void>[]> {
    return Promise.allSettled(messages.map(({ to, body }) => this.link.publish({ to, body })));
  }
}

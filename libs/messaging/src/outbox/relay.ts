import { queues, type ServiceName } from '@tearoff/contracts';
import type { DataSource } from 'typeorm';
import type { MessagingLogger } from '../logger';
import { Counter, metric } from '../metrics';
import { Unroutable, type Link, type Transport } from '../transport';
import { outboundMessagesOf, type DueRow, type OutboundMessage } from './envelope-text';
import { batchedTypes, deferred } from './deferred';
import { LeaseKeeper } from './lease-keeper';
import { claimDue, type Claim, type OutboxPartition } from './outbox-claim';
import { RelayLoop } from './relay-loop';

const limits = { usual: 500, deferred: 100 };
/** Ten seconds: how long the rows of a process that died wait at most. */
export const defaultLeaseMs = 10_000;

const relayed = metric(
  () =>
    new Counter({
      name: 'tearoff_outbox_relayed_total',
      help: 'Events handed to the transport and confirmed',
      labelNames: ['service'],
    }),
);

/**
 * Moves due outbox rows to the transport: at least once, in about the order in which they were written. It
 * leases them, hands them over while no transaction is open, and deletes what the transport has confirmed.
 */
export class Relay {
  private readonly loops = new Map<string | null, RelayLoop>();
  private readonly leases: LeaseKeeper;

  constructor(
    private readonly service: ServiceName,
    private readonly dataSource: DataSource,
    transport: Transport,
    private readonly link: Link,
    private readonly logger: MessagingLogger,
    private readonly leaseMs = defaultLeaseMs,
  ) {
    this.leases = new LeaseKeeper(leaseMs, logger);
    if (!transport.publishWaitsForHandling) {
      this.add(null, { name: 'events', where: '', values: [], limit: limits.usual });
      return;
    }
    const work = queues.filter((queue) => queue.service === service && queue.mode === 'work');
    this.add(null, {
      name: 'events',
      where: 'and (queue is null or queue <> all($2::text[]))',
      values: [[deferred, ...work.map(({ name }) => name)]],
      limit: limits.usual,
      part: 'now',
    });
    const where = 'and queue = $2';
    this.add(deferred, { name: deferred, where, values: [deferred], limit: limits.deferred, part: 'later' });
    for (const { name } of work) this.add(name, { name, where, values: [name], limit: limits.usual });
  }

  start(): void {
    for (const loop of this.loops.values()) loop.start();
  }

  /** Rows were committed for these queues; null = for everyone who listens. */
  wake(touched: Iterable<string | null>): void {
    const woken = new Set<RelayLoop>();
    for (const queue of touched) woken.add(this.loops.get(queue) ?? this.loops.get(null)!);
    for (const loop of woken) loop.wake();
  }

  /** Finishes the passes under way; what is still due stays in the table. */
  async stop(): Promise<void> {
    await Promise.all([...this.loops.values()].map((loop) => loop.stop()));
  }

  private add(queue: string | null, partition: OutboxPartition): void {
    const pass = (of: OutboxPartition): Promise<boolean> => this.pass(of);
    this.loops.set(queue, new RelayLoop(partition, this.dataSource, this.link, this.logger, pass));
  }

  private async pass(partition: OutboxPartition): Promise<boolean> {
    const claim = await claimDue(this.dataSource, partition, this.leaseMs);
    if (!claim) return false;
    return this.leases.during(claim, () => this.move(claim, partition));
  }

  private async move(claim: Claim, partition: OutboxPartition): Promise<boolean> {
    const outboundMessages = outboundMessagesOf(claim.rows, this.service, partition.part);
    const outcomes = await this.publish(outboundMessages);
    const confirmed = outboundMessages.flatMap(({ rows }, index) =>
      outcomes[index].status === 'fulfilled' ? rows : [],
    );
    const failed = outcomes.flatMap((outcome, index) =>
      outcome.status === 'rejected'
        ? [{ rows: outboundMessages[index].rows, error: outcome.reason as unknown }]
        : [],
    );
    if (confirmed.length > 0) {
      await claim.confirm(confirmed);
      relayed().inc({ service: this.service }, confirmed.length);
      if (partition.part === 'now' && confirmed.some(({ type }) => batchedTypes.includes(type)))
        this.wake([deferred]);
    }
    const unroutable = failed.filter(({ error }) => error instanceof Unroutable);
    if (unroutable.length > 0) await this.reschedule(claim, partition, unroutable);
    const lost = failed.filter(({ error }) => !(error instanceof Unroutable));
    if (lost.length > 0) {
      await claim.release(lost.flatMap(({ rows }) => rows));
      throw lost[0].error;
    }
    return failed.length > 0 || claim.rows.length === partition.limit;
  }

  private async reschedule(
    claim: Claim,
    partition: OutboxPartition,
    unroutable: readonly { rows: readonly DueRow[]; error: unknown }[],
  ): Promise<void> {
    const late = unroutable.flatMap(({ rows }) => rows);
    // Those who are told later are told now as well: it may be long until the missing consumer is there.
    if (partition.part === 'now')
      await this.publish(
        outboundMessagesOf(
          late.filter(({ queue }) => queue === null),
          this.service,
          'later',
        ),
      );
    this.logger.log(
      `no queue took ${late.length} events (${late[0].type}); they are kept: ${String(unroutable[0].error)}`,
    );
    await claim.reschedule(late);
  }

  private publish(outboundMessages: readonly OutboundMessage[]): Promise<PromiseSettledResult<void>[]> {
    return Promise.allSettled(outboundMessages.map(({ to, body }) => this.link.publish({ to, body })));
  }
}

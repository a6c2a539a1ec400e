import { queues, type ServiceName } from '@tearoff/contracts';
import type { DataSource } from 'typeorm';
import type { MessagingLogger } from '../logger';
import { Counter, metric } from '../metrics';
import { Unroutable, type Link, type Transport } from '../transport';
import { parcelsOf, type Parcel } from './envelope-text';
import { gathering, later } from './later';
import { claimDue, poolOf, type Share } from './outbox-claim';
import { RelayLoop } from './relay-loop';
import { Turns } from './turns';

const limits = { usual: 500, later: 100 };
/**
 * Connections of a pool that passes leave alone, each of which holds one while what it tells is handled: the handlers
 * need some too, of the same pool where a service tells itself something, and the passes would wait for them for ever.
 */
const forHandlers = 4;

const relayed = metric(
  () =>
    new Counter({
      name: 'tearoff_outbox_relayed_total',
      help: 'Events handed to the transport and confirmed',
      labelNames: ['service'],
    }),
);

/**
 * Moves due outbox rows to the transport: at least once, in about the order in which they were written. Rows
 * are deleted in a transaction that commits when the transport has confirmed them.
 */
export class Relay {
  private readonly loops = new Map<string | null, RelayLoop>();
  private readonly turns: Turns;

  constructor(
    private readonly service: ServiceName,
    private readonly dataSource: DataSource,
    transport: Transport,
    private readonly link: Link,
    private readonly logger: MessagingLogger,
  ) {
    const connections = poolOf(dataSource).options.max ?? 10;
    const passes = Math.max(1, connections - forHandlers);
    this.turns = new Turns(transport.publishWaitsForHandling ? passes : Infinity);
    if (!transport.publishWaitsForHandling) {
      this.add(null, { name: 'events', where: '', values: [], limit: limits.usual });
      return;
    }
    const work = queues.filter((queue) => queue.service === service && queue.mode === 'work');
    this.add(null, {
      name: 'events',
      where: 'and (queue is null or queue <> all($2::text[]))',
      values: [[later, ...work.map(({ name }) => name)]],
      limit: limits.usual,
      part: 'now',
    });
    const where = 'and queue = $2';
    this.add(later, { name: later, where, values: [later], limit: limits.later, part: 'later' });
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

  private add(queue: string | null, share: Share): void {
    const pass = (of: Share): Promise<boolean> => this.turns.take(() => this.pass(of));
    this.loops.set(queue, new RelayLoop(share, this.dataSource, this.link, this.logger, pass));
  }

  private async pass(share: Share): Promise<boolean> {
    const claim = await claimDue(this.dataSource, share);
    if (!claim) return false;
    const { rows } = claim;
    const parcels = parcelsOf(rows, this.service, share.part);
    const outcomes = await this.publish(parcels);
    const failed = outcomes.flatMap((outcome, index) =>
      outcome.status === 'rejected' ? [{ rows: parcels[index].rows, error: outcome.reason as unknown }] : [],
    );
    if (failed.length === 0) {
      await claim.commit();
      relayed().inc({ service: this.service }, rows.length);
      if (share.part === 'now' && rows.some(({ type }) => gathering.includes(type))) this.wake([later]);
      return rows.length === share.limit;
    }
    const lost = failed.find(({ error }) => !(error instanceof Unroutable));
    if (lost) {
      await claim.giveBack();
      throw lost.error;
    }
    // What did not fail is told twice, which its consumers' inboxes notice.
    const late = failed.flatMap((parcel) => parcel.rows);
    // Nor do those wait who come later: for them it may be long until the missing one is there.
    if (share.part === 'now')
      await this.publish(
        parcelsOf(
          late.filter(({ queue }) => queue === null),
          this.service,
          'later',
        ),
      );
    this.logger.log(
      `no queue took ${late.length} events (${late[0].type}); they are kept: ${String(failed[0].error)}`,
    );
    await claim.putOff(late);
    return true;
  }

  private publish(parcels: readonly Parcel[]): Promise<PromiseSettledResult<void>[]> {
    return Promise.allSettled(parcels.map(({ to, body }) => this.link.publish({ to, body })));
  }
}

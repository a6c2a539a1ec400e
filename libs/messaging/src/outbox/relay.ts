import { queues, type ServiceName } from '@tearoff/contracts';
import type { DataSource } from 'typeorm';
import type { MessagingLogger } from '../logger';
import { Counter, metric } from '../metrics';
import { Unroutable, type Link, type Transport } from '../transport';
import { parcelsOf, type Parcel } from './envelope-text';
import { claimDue, type Share } from './outbox-claim';
import { RelayLoop } from './relay-loop';

const limits = { usual: 500, gathering: 100 };

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
  /** By type of event, the queue that is told of it later. */
  private readonly later: Record<string, string> = {};

  constructor(
    private readonly service: ServiceName,
    private readonly dataSource: DataSource,
    transport: Transport,
    private readonly link: Link,
    private readonly logger: MessagingLogger,
  ) {
    if (!transport.publishWaitsForHandling) {
      this.add(null, { name: 'events', where: '', values: [], limit: limits.usual });
      return;
    }
    const work = queues.filter((queue) => queue.service === service && queue.mode === 'work');
    const gathering = queues.filter(({ gathers }) => gathers);
    for (const { name, gathers = [] } of gathering) for (const { type } of gathers) this.later[type] ??= name;
    const apart = [...work, ...gathering].map(({ name }) => name);
    this.add(null, {
      name: 'events',
      where: 'and (queue is null or queue <> all($2::text[]))',
      values: [apart],
      limit: limits.usual,
      later: this.later,
    });
    const share = { where: 'and queue = $2', limit: limits.usual };
    for (const { name } of work) this.add(name, { ...share, name, values: [name] });
    for (const { name } of gathering)
      this.add(name, { ...share, name, values: [name], limit: limits.gathering, gathers: true });
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
    const pass = (of: Share): Promise<boolean> => this.pass(of);
    this.loops.set(queue, new RelayLoop(share, this.dataSource, this.link, this.logger, pass));
  }

  private wakeLater(parcels: readonly Parcel[]): void {
    const names = parcels.flatMap(({ to }) => ('event' in to && to.except ? [to.except] : []));
    if (names.length > 0) this.wake(names);
  }

  private async pass(share: Share): Promise<boolean> {
    const claim = await claimDue(this.dataSource, share);
    if (!claim) return false;
    const { rows } = claim;
    const parcels = parcelsOf(rows, this.service, share.later);
    const outcomes = await Promise.allSettled(
      parcels.map(({ to, body }) => this.link.publish({ to, body, headers: {} })),
    );
    const failed = outcomes.flatMap((outcome, index) =>
      outcome.status === 'rejected' ? [{ rows: parcels[index].rows, error: outcome.reason as unknown }] : [],
    );
    if (failed.length === 0) {
      await claim.commit();
      relayed().inc({ service: this.service }, rows.length);
      this.wakeLater(parcels);
      return rows.length === share.limit;
    }
    const lost = failed.find(({ error }) => !(error instanceof Unroutable));
    if (lost) {
      await claim.giveBack();
      throw lost.error;
    }
    // What did not fail is told twice, which its consumers' inboxes notice.
    const late = failed.flatMap((parcel) => parcel.rows);
    this.logger.log(
      `no queue took ${late.length} events (${late[0].type}); they are kept: ${String(failed[0].error)}`,
    );
    await claim.putOff(late);
    return true;
  }
}

import { Gauge } from 'prom-client';
import type { DataSource } from 'typeorm';
import { poolOf } from './prepared';

const watched = new Map<DataSource, string>();
let gauge: Gauge<'service' | 'state'> | undefined;

/** Adds a DataSource to the gauge `tearoff_database_connections`, until it is destroyed. */
export function watchPool(service: string, dataSource: DataSource): void {
  watched.set(dataSource, service);
  gauge ??= new Gauge({
    name: 'tearoff_database_connections',
    help: 'Connections of the pool by state; waiting = queries without a connection.',
    labelNames: ['service', 'state'],
    collect() {
      this.reset();
      for (const [source, name] of watched) {
        const pool = poolOf(source);
        if (!pool) {
          watched.delete(source);
          continue;
        }
        this.inc({ service: name, state: 'idle' }, pool.idleCount);
        this.inc({ service: name, state: 'busy' }, pool.totalCount - pool.idleCount);
        this.inc({ service: name, state: 'waiting' }, pool.waitingCount);
      }
    },
  });
}

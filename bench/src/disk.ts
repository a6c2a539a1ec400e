import { setTimeout as pause } from 'node:timers/promises';
import type { Client } from 'pg';

const probes = 15;
/** Of the quickest commit of this run; a machine's neighbours alone make them differ by less. */
const evenAt = 2;

/** Waits until commits are as quick as they have been: a disk that has just taken gigabytes is slow for a while. */
export class Disk {
  private quickest = Infinity;

  constructor(private readonly longestMs: number) {}

  async settle(client: Client): Promise<void> {
    await client.query('checkpoint');
    const until = performance.now() + this.longestMs;
    for (;;) {
      const took = await commitMs(client);
      this.quickest = Math.min(this.quickest, took);
      if (took <= evenAt * this.quickest || performance.now() >= until) return;
      await pause(500);
    }
  }
}

/** The median of a few that have something to write. */
async function commitMs(client: Client): Promise<number> {
  const took: number[] = [];
  for (let probe = 0; probe < probes; probe++) {
    const startedAt = performance.now();
    await client.query(`select pg_logical_emit_message(true, 'bench', '')`);
    took.push(performance.now() - startedAt);
  }
  return took.sort((a, b) => a - b)[probes >> 1];
}

import { join } from 'node:path';
import type { LoadResult } from '../load/load';
import { Worker } from '../workers/worker';

export interface LoopOrder {
  url: string;
  /** Whose schema and role. */
  service: string;
  connections: number;
  seconds: number;
  /** Prepared once, under its name; without one it is planned each time, for the values that it is asked with. */
  statement: { name?: string; text: string };
  /** The values of one execution each. */
  values: readonly (readonly unknown[])[];
  /** The column that is true, or holds one element or an id, when the statement did what it is for. */
  succeeds: string;
}

export type LoopResult = Omit<LoadResult, 'startedAt'>;

export const loopWorker = (): Worker => new Worker(join(__dirname, 'statement-loop.worker'));

/** A bare loop on node's pg Pool: what the database can do when nothing but the statement is asked of it. */
export async function loop(worker: Worker, order: LoopOrder): Promise<LoopResult & { value: number }> {
  const result = await worker.ask<LoopResult>('run', order);
  if (result.firstError)
    process.stderr.write(`  ${order.statement.name ?? order.service}: ${result.firstError}\n`);
  return { ...result, value: (result.answered / result.elapsedMs) * 1_000 };
}

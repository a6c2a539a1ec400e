import { join } from 'node:path';
import { Worker } from '../workers/worker';

export interface LoadOrder {
  port: number;
  connections: number;
  seconds: number;
  path: string;
  headers: Record<string, string>;
  /** POSTs of these as JSON. */
  bodies?: readonly string[];
  /** GETs with these, instead. */
  queries?: readonly string[];
  /** Begin again when the requests are used up; otherwise the run ends. */
  repeat: boolean;
  /** The one status that counts as success. */
  expected: number;
  /** Evenly, and timed from when each was due, however late it was sent; as fast as answers come by default. */
  perSecond?: number;
}

export interface LoadResult {
  answered: number;
  errors: number;
  firstError?: string;
  /** `machineTime` of the first request. */
  startedAt: number;
  elapsedMs: number;
  /** Milliseconds, one for each answer. */
  latencies: Float64Array;
}

export const loadWorker = (): Worker => new Worker(join(__dirname, 'load.worker'));

/** Requests over keep-alive connections; see load.worker. Errors are told on stderr. */
export async function load(worker: Worker, order: LoadOrder): Promise<LoadResult & { value: number }> {
  const result = await worker.ask<LoadResult>('run', order);
  if (result.firstError) process.stderr.write(`  ${order.path}: ${result.firstError}\n`);
  return { ...result, value: (result.answered / result.elapsedMs) * 1_000 };
}

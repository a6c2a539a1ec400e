import { join } from 'node:path';
import { eventually } from '@tearoff/testing';
import { Worker } from '../workers/worker';

/** Someone else's server that counts what it is given, in a process of its own. */
export class StandIn {
  private constructor(
    private readonly worker: Worker,
    readonly port: number,
  ) {}

  static async start(kind: 'smtp-sink' | 'sms-provider'): Promise<StandIn> {
    const worker = new Worker(join(__dirname, `${kind}.worker`));
    return new StandIn(worker, await worker.ask<number>('listen'));
  }

  reset(): Promise<void> {
    return this.worker.ask('reset');
  }

  /** When each of `count` arrived, in `machineTime`; fewer when the rest has not come in time. */
  async arrivals(count: number, timeoutMs = 60_000): Promise<number[]> {
    await eventually(async () => (await this.worker.ask<number>('count')) >= count, {
      timeoutMs,
      intervalMs: 50,
    }).catch(() => undefined);
    return this.worker.ask('arrivals');
  }

  /** The last request's body, of the SMS provider. */
  lastBody(): Promise<string> {
    return this.worker.ask('lastBody');
  }

  stop(): Promise<void> {
    return this.worker.stop();
  }
}

/** Arrivals a second, without the first tenth: until then both sides are getting under way. */
export function steadyRate(arrivals: readonly number[]): number {
  const from = Math.floor(arrivals.length / 10);
  return ((arrivals.length - 1 - from) / (arrivals.at(-1)! - arrivals[from])) * 1_000;
}

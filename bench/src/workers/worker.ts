import { fork, type ChildProcess } from 'node:child_process';

export interface Question {
  id: number;
  command: string;
  argument: unknown;
}
export type Answer = { id: number; ok: unknown } | { id: number; error: string };

interface Waiting {
  resolve(value: never): void;
  reject(error: Error): void;
}

/** A part of the benchmark in a process of its own, so that it takes no turn of what is measured. */
export class Worker {
  private readonly waiting = new Map<number, Waiting>();
  private readonly child: ChildProcess;
  private count = 0;

  /** `module`: path of a `*.worker` file that ends in a call of `serve`. */
  constructor(module: string, args: readonly string[] = []) {
    this.child = fork(require.resolve(module), [...args], { serialization: 'advanced' });
    this.child.on('message', (answer: Answer) => {
      const waiting = this.waiting.get(answer.id);
      this.waiting.delete(answer.id);
      if ('error' in answer) waiting?.reject(new Error(answer.error));
      else waiting?.resolve(answer.ok as never);
    });
    this.child.on('exit', (code, signal) => {
      const error = new Error(`${module} ended: ${signal ?? `exit code ${code}`}`);
      for (const waiting of this.waiting.values()) waiting.reject(error);
      this.waiting.clear();
    });
  }

  get pid(): number {
    return this.child.pid!;
  }

  ask<T>(command: string, argument: unknown = null): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      const id = ++this.count;
      this.waiting.set(id, { resolve, reject });
      this.child.send({ id, command, argument } satisfies Question);
    });
  }

  /** Ends when its channel does. */
  async stop(): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    const ended = new Promise((resolve) => this.child.once('exit', resolve));
    if (this.child.connected) this.child.disconnect();
    await ended;
  }
}

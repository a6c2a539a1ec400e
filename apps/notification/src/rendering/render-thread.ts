import { extname, join } from 'node:path';
import { Worker } from 'node:worker_threads';

/** A template was stopped from outside: it took too long, or the thread's memory. */
export class ThreadStopped extends Error {
  override readonly name = 'ThreadStopped';
}

/** Run from its sources, as tests do, the thread compiles them as it loads. */
const extension = extname(__filename);
const fromSources =
  extension === '.ts' ? ['-r', join(__dirname, '../../../../scripts/lib/register.cjs')] : [];

const startMs = 30_000;
const limits = { maxOldGenerationSizeMb: 96, maxYoungGenerationSizeMb: 16, stackSizeMb: 4 };

/** A thread with little memory and no environment that answers one request at a time. */
export class RenderThread {
  private readonly worker = new Worker(join(__dirname, `render.worker${extension}`), {
    env: {},
    execArgv: fromSources,
    resourceLimits: limits,
  });
  private ended: ThreadStopped | null = null;
  private started = false;

  constructor() {
    const end = (error?: Error | number): void => {
      this.ended ??= new ThreadStopped(error instanceof Error ? error.message : 'the thread ended');
    };
    this.worker.once('error', end).once('exit', end);
    // Holds no process that is about to end.
    this.worker.unref();
  }

  /** False when it has ended by itself: it ran out of memory, or could not start. */
  get usable(): boolean {
    return this.ended === null;
  }

  /** Rejects with ThreadStopped when it takes longer; the thread is of no more use then. */
  async ask(request: string, ms: number): Promise<string> {
    if (!this.started) await this.reply(startMs);
    this.started = true;
    const reply = this.reply(ms);
    this.worker.postMessage(request);
    return reply;
  }

  async stop(): Promise<void> {
    await this.worker.terminate();
  }

  private reply(ms: number): Promise<string> {
    if (this.ended) return Promise.reject(this.ended);
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        done();
        void this.worker.terminate();
        reject(new ThreadStopped(`the template took more than ${ms} ms`));
      }, ms);
      const onMessage = (message: string): void => {
        done();
        resolve(message);
      };
      const onEnd = (error: Error | number): void => {
        done();
        reject(new ThreadStopped(error instanceof Error ? error.message : 'the thread ended'));
      };
      const done = (): void => {
        clearTimeout(timer);
        this.worker.off('message', onMessage).off('error', onEnd).off('exit', onEnd);
      };
      this.worker.on('message', onMessage).once('error', onEnd).once('exit', onEnd);
    });
  }
}

import { unavailable, type FieldError, type TemplateEngine } from '@tearoff/contracts';
import { RenderThread, ThreadStopped } from './render-thread';
import type { FieldTexts, ThreadReply, ThreadRequest } from './render.worker';
import type { Rendering, RenderRequest } from './render';

const threads = 2;
const maxWaiting = 500;
/** Milliseconds for one text to be read, for a set of messages, and for one of a set that took too long. */
const usualTimeouts = { check: 1_500, set: 3_000, single: 1_000 };
const setSize = 50;
/** Of one request: after so many that had to be stopped, the rest counts as such. */
const maxStopped = 4;

/**
 * Renders templates, which anyone may have written, in threads that are stopped when they take too long and
 * replaced: whatever a template does, the service goes on.
 */
export class Renderer {
  private readonly idle: RenderThread[] = [];
  private readonly waiting: ((thread: RenderThread) => void)[] = [];
  private readonly alive = new Set<RenderThread>();

  constructor(private readonly timeouts = usualTimeouts) {}

  /** What is wrong with the texts, each by its path; none = all are templates. */
  async check(engine: TemplateEngine, texts: FieldTexts): Promise<FieldError[]> {
    const faults: FieldError[] = [];
    for (const text of texts) {
      try {
        faults.push(
          ...((await this.ask({ check: { engine, texts: [text] } }, this.timeouts.check)) as FieldError[]),
        );
      } catch (error) {
        if (!(error instanceof ThreadStopped)) throw error;
        faults.push({ path: text.path, message: 'takes too long to read' });
        break;
      }
    }
    return faults;
  }

  /** A rendering for each item, in their order. */
  async render(request: RenderRequest): Promise<Rendering[]> {
    const results: Rendering[] = [];
    let stopped = 0;
    for (let from = 0; from < request.items.length; from += setSize) {
      const items = request.items.slice(from, from + setSize);
      const set =
        stopped < maxStopped
          ? await this.attempt({ ...request, items }, this.timeouts.set)
          : items.map(() => tooSlow);
      if (set) results.push(...set);
      else {
        for (const item of items) {
          const one =
            stopped < maxStopped
              ? await this.attempt({ ...request, items: [item] }, this.timeouts.single)
              : [tooSlow];
          if (!one) stopped += 1;
          results.push(one?.[0] ?? tooSlow);
        }
      }
    }
    return results;
  }

  async close(): Promise<void> {
    await Promise.all([...this.alive].map((thread) => thread.stop()));
  }

  /** Null when the thread had to be stopped. */
  private async attempt(request: RenderRequest, ms: number): Promise<Rendering[] | null> {
    try {
      return (await this.ask({ render: request }, ms)) as Rendering[];
    } catch (error) {
      if (error instanceof ThreadStopped) return null;
      throw error;
    }
  }

  private async ask(request: ThreadRequest, ms: number): Promise<ThreadReply> {
    const thread = await this.take();
    let usable = true;
    try {
      return JSON.parse(await thread.ask(JSON.stringify(request), ms)) as ThreadReply;
    } catch (error) {
      usable = false;
      throw error;
    } finally {
      this.giveBack(thread, usable);
    }
  }

  private take(): Promise<RenderThread> {
    for (let free = this.idle.pop(); free; free = this.idle.pop()) {
      if (free.usable) return Promise.resolve(free);
      this.alive.delete(free);
    }
    if (this.alive.size < threads) return Promise.resolve(this.begin());
    if (this.waiting.length >= maxWaiting)
      throw unavailable('template.busy', 'Too many messages are being written just now.');
    return new Promise((resolve) => this.waiting.push(resolve));
  }

  private begin(): RenderThread {
    const thread = new RenderThread();
    this.alive.add(thread);
    return thread;
  }

  private giveBack(thread: RenderThread, usable: boolean): void {
    if (!usable) {
      this.alive.delete(thread);
      void thread.stop();
    }
    const next = this.waiting.shift();
    if (next) next(usable ? thread : this.begin());
    else if (usable) this.idle.push(thread);
  }
}

const tooSlow: Rendering = { ok: false, reason: 'the template takes too long' };

import { setTimeout as pause } from 'node:timers/promises';

interface Waiting<T, R> {
  item: T;
  resolve: (result: R) => void;
  reject: (error: unknown) => void;
}

/**
 * Many in one: hands `work` whatever has gathered while its previous run was under way, at most `max` at a
 * time, and gives each caller the result at its item's place. Alone, an item goes at once; in a stream of
 * them `batchWindowMs` after a run lets more gather, because each run costs as much as many items.
 */
export class Batcher<T, R> {
  private waiting: Waiting<T, R>[] = [];
  private running = false;

  constructor(
    private readonly work: (items: T[]) => Promise<R[]>,
    private readonly max: number,
    private readonly batchWindowMs = 0,
  ) {}

  add(item: T): Promise<R> {
    return new Promise((resolve, reject) => {
      this.waiting.push({ item, resolve, reject });
      // A turn later, so that what is added in one turn goes together.
      if (!this.running) {
        this.running = true;
        setImmediate(() => void this.run());
      }
    });
  }

  private async run(): Promise<void> {
    while (this.waiting.length > 0) {
      const batch = this.waiting.splice(0, this.max);
      try {
        const results = await this.work(batch.map(({ item }) => item));
        batch.forEach(({ resolve }, index) => resolve(results[index]));
      } catch (error) {
        for (const { reject } of batch) reject(error);
      }
      if (this.batchWindowMs > 0) await pause(this.batchWindowMs);
    }
    this.running = false;
  }
}

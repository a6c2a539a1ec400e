/** Somebody who is told when it is too late. */
export interface Waiting {
  /** Epoch ms. */
  readonly deadline: number;
  late(): void;
}

/**
 * One timer for all who wait, set for whoever is first. (A timer each costs as much as writing the command:
 * nearly all are settled in time, and their timers are made for nothing.)
 */
export class Deadlines {
  private readonly waiting = new Set<Waiting>();
  private timer: NodeJS.Timeout | undefined;
  private firesAt = Infinity;

  add(waiting: Waiting): void {
    this.waiting.add(waiting);
    if (waiting.deadline < this.firesAt) this.arm(waiting.deadline);
  }

  /** Settled in time, or no longer of interest. */
  delete(waiting: Waiting): void {
    // Nobody waits any more: a timer would keep the process alive.
    if (this.waiting.delete(waiting) && this.waiting.size === 0) this.disarm();
  }

  private arm(at: number): void {
    clearTimeout(this.timer);
    this.firesAt = at;
    this.timer = setTimeout(() => this.fire(), at - Date.now());
  }

  private disarm(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    this.firesAt = Infinity;
  }

  private fire(): void {
    this.disarm();
    const now = Date.now();
    let next = Infinity;
    for (const waiting of this.waiting) {
      if (waiting.deadline > now) next = Math.min(next, waiting.deadline);
      else {
        this.waiting.delete(waiting);
        waiting.late();
      }
    }
    if (next < this.firesAt) this.arm(next);
  }
}

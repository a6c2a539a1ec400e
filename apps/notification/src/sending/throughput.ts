/** Counts what was done within the last `windowMs`, from two halves of it; no timer. */
export class Throughput {
  private halves: [previous: number, current: number] = [0, 0];
  private since = 0;

  constructor(private readonly windowMs: number) {}

  count(now = performance.now()): void {
    this.turn(now);
    this.halves[1] += 1;
  }

  recent(now = performance.now()): number {
    this.turn(now);
    return this.halves[0] + this.halves[1];
  }

  private turn(now: number): void {
    const passed = Math.floor((now - this.since) / (this.windowMs / 2));
    if (passed < 1) return;
    this.halves = [passed === 1 ? this.halves[1] : 0, 0];
    this.since = now;
  }
}

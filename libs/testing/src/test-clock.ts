/** Goes with the real one until a test sets it; it then stands still. Any service's clock. */
export class TestClock {
  private set: Date | null = null;

  now(): Date {
    return this.set ?? new Date();
  }

  is(instant: string): void {
    this.set = new Date(instant);
  }

  goOn(): void {
    this.set = null;
  }
}

import { Logger } from '@nestjs/common';

const pauseMs = 60_000;

/**
 * The log of callbacks that were refused. The address is open to everyone, so a line for each of them would let
 * strangers fill the log: one a minute says how many there were.
 */
export class RefusedCallbacks {
  private readonly log = new Logger('CallbacksController');
  private unsaid = 0;
  private saidAt = -Infinity;

  constructor(private readonly now = () => performance.now()) {}

  add(kind: string, reason: string): void {
    this.unsaid++;
    if (this.now() - this.saidAt < pauseMs) return;
    const before = this.unsaid > 1 ? ` (${this.unsaid - 1} more since the last line)` : '';
    this.log.warn(`callback ${kind} was refused: ${reason}${before}`);
    this.saidAt = this.now();
    this.unsaid = 0;
  }
}

import type { MessagingLogger } from '../logger';
import type { Claim } from './outbox-claim';

/**
 * Renews the lease of each claim in progress after a third of its duration. Handlers in the same process may take
 * longer than a lease, and leases are short so that the rows of a process that died are due again soon.
 */
export class LeaseRenewer {
  private readonly renewAt = new Map<Claim, number>();
  private timer?: NodeJS.Timeout;

  constructor(
    private readonly leaseMs: number,
    private readonly logger: MessagingLogger,
  ) {}

  async renewDuring<T>(claim: Claim, work: () => Promise<T>): Promise<T> {
    this.renewAt.set(claim, performance.now() + this.leaseMs / 3);
    this.timer ??= setInterval(() => this.renewDue(), this.leaseMs / 6);
    try {
      return await work();
    } finally {
      this.renewAt.delete(claim);
      if (this.renewAt.size === 0) {
        clearInterval(this.timer);
        this.timer = undefined;
      }
    }
  }

  private renewDue(): void {
    const now = performance.now();
    for (const [claim, at] of this.renewAt) {
      if (at > now) continue;
      this.renewAt.set(claim, now + this.leaseMs / 3);
      claim
        .renew(this.leaseMs)
        .catch((error: unknown) =>
          this.logger.warn(`a lease of outbox rows was not renewed: ${String(error)}`),
        );
    }
  }
}

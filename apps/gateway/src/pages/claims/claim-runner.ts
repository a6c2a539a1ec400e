import { Injectable, Logger, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { DomainError, timeOfId } from '@tearoff/contracts';
import { ClaimBreaker } from './claim-breaker';
import { ClaimQueue, type TakenClaim } from './claim-queue';
import { ClaimServing } from './claim-serving';

/** A claim of this process is served at once; this is for those that others left behind. */
const everyMs = 1_000;
const longestPauseSeconds = 300;
const patienceMs = 24 * 3_600_000;

/** Serves what waits, in every gateway process. */
@Injectable()
export class ClaimRunner implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly log = new Logger(ClaimRunner.name);
  private timer: NodeJS.Timeout | undefined;
  private running: Promise<void> | undefined;
  private again = false;
  private stopped = false;

  constructor(
    private readonly queue: ClaimQueue,
    private readonly serving: ClaimServing,
    private readonly breaker: ClaimBreaker,
  ) {}

  onApplicationBootstrap(): void {
    this.queue.onWake(() => this.wake());
    this.timer = setInterval(() => this.wake(), everyMs).unref();
  }

  async onModuleDestroy(): Promise<void> {
    this.stopped = true;
    clearInterval(this.timer);
    await this.running;
  }

  private wake(): void {
    if (this.stopped) return;
    if (this.running) {
      this.again = true;
      return;
    }
    this.running = this.run().finally(() => {
      this.running = undefined;
      if (this.again) {
        this.again = false;
        this.wake();
      }
    });
  }

  private async run(): Promise<void> {
    try {
      for (let claims = await this.queue.take(); claims.length > 0; claims = await this.queue.take()) {
        await Promise.all(claims.map((claim) => this.serve(claim)));
        this.breaker.served(claims);
        if (this.stopped) return;
      }
      await this.breaker.review();
    } catch (error) {
      // The database is away: what waits is taken up when it is back.
      this.log.warn(`claims are not served: ${String(error)}`);
    }
  }

  private async serve(claim: TakenClaim): Promise<void> {
    try {
      await this.queue.settle(claim, await this.serving.serve(claim));
    } catch (error) {
      const final = error instanceof DomainError && error.kind !== 'unavailable' && error.kind !== 'internal';
      const late = Date.now() - timeOfId(claim.id) > patienceMs;
      if (!final || late) this.log.warn(`claim ${claim.id}, attempt ${claim.attempts}: ${String(error)}`);
      if (final) return this.queue.settle(claim, { status: 'refused', reason: error.code });
      if (late) return this.queue.settle(claim, { status: 'refused', reason: 'claim.abandoned' });
      await this.queue.postpone(claim, Math.min(longestPauseSeconds, 2 ** (claim.attempts - 1)));
    }
  }
}

import { Inject, Injectable, Logger, type OnModuleDestroy } from '@nestjs/common';
import { setTimeout as pause } from 'node:timers/promises';
import { DataSource } from 'typeorm';
import { claim, type ClaimedAttempt } from './attempt-claim';
import { WebhookSending, WebhookSettings } from './webhook-sending';

interface Lane {
  readonly webhookId: string;
  running: number;
  claiming: boolean;
  /** There may be something due that no one has looked for yet. */
  woken: boolean;
  /** The last try had an answer; while not, one at a time is enough. */
  answers: boolean;
}

/** Calls at a time, to one webhook and to all together. */
const most = { lane: 8, all: 256 };
/** Of stopping: how long what is under way may take. */
const graceMs = 5_000;

/**
 * Sends what is due, a lane for each webhook, so that a slow endpoint holds up none but itself. What a lane has in hand
 * is leased in the database: when this process dies it is due again for anyone who looks.
 */
@Injectable()
export class WebhookLanes implements OnModuleDestroy {
  private readonly logger = new Logger(WebhookLanes.name);
  private readonly lanes = new Map<string, Lane>();
  private readonly held = new Set<Lane>();
  private readonly underWay = new Set<Promise<void>>();
  private readonly givingUp = new AbortController();
  private inFlight = 0;
  private stopping = false;

  constructor(
    private readonly dataSource: DataSource,
    private readonly sending: WebhookSending,
    @Inject(WebhookSettings) private readonly settings: WebhookSettings,
  ) {}

  /** Looks for what is due at this webhook; returns at once. */
  wake(webhookId: string): void {
    if (this.stopping) return;
    const known = this.lanes.get(webhookId);
    const lane = known ?? { webhookId, running: 0, claiming: false, woken: false, answers: true };
    if (!known) this.lanes.set(webhookId, lane);
    lane.woken = true;
    this.pump(lane);
  }

  /** Finishes what is under way; what has no answer after a while is given back. */
  async onModuleDestroy(): Promise<void> {
    this.stopping = true;
    const timer = new AbortController();
    const late = pause(graceMs, undefined, { signal: timer.signal }).then(
      () => this.givingUp.abort(),
      () => undefined,
    );
    while (this.underWay.size > 0) await Promise.all(this.underWay);
    timer.abort();
    await late;
  }

  private pump(lane: Lane): void {
    const room = Math.min((lane.answers ? most.lane : 1) - lane.running, most.all - this.inFlight);
    if (this.stopping || lane.claiming || !lane.woken) return this.leave(lane);
    if (room > 0) this.keep(this.take(lane, room));
    else if (this.inFlight >= most.all) this.held.add(lane);
  }

  private async take(lane: Lane, room: number): Promise<void> {
    lane.claiming = true;
    lane.woken = false;
    this.inFlight += room;
    let taken: ClaimedAttempt[] = [];
    try {
      taken = await claim(this.dataSource, lane.webhookId, room, this.settings.leaseMs);
    } catch (error) {
      this.logger.warn(`what is due at ${lane.webhookId} could not be looked for: ${String(error)}`);
    }
    this.inFlight -= room - taken.length;
    lane.running += taken.length;
    lane.claiming = false;
    lane.woken ||= taken.length === room;
    for (const attempt of taken) this.keep(this.send(lane, attempt));
    this.pump(lane);
  }

  private async send(lane: Lane, attempt: ClaimedAttempt): Promise<void> {
    try {
      const ended = await this.sending.try(attempt, this.givingUp.signal);
      lane.answers = ended?.tried.status != null;
      await this.sending.settle(attempt, ended, this.settings.schedule);
    } catch (error) {
      // Its lease runs out, and it is sent again.
      this.logger.warn(`how ${attempt.id} ended could not be recorded: ${String(error)}`);
    }
    lane.running -= 1;
    this.inFlight -= 1;
    this.pump(lane);
    for (const other of this.held) {
      if (this.inFlight >= most.all) break;
      this.held.delete(other);
      this.pump(other);
    }
  }

  private keep(work: Promise<void>): void {
    const kept = work.finally(() => this.underWay.delete(kept));
    this.underWay.add(kept);
  }

  private leave(lane: Lane): void {
    if (lane.running === 0 && !lane.claiming && !lane.woken) this.lanes.delete(lane.webhookId);
  }
}

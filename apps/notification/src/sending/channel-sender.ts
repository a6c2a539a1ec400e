import type { Channel } from '@tearoff/contracts';
import type { Outbox } from '@tearoff/messaging';
import type { DataSource } from 'typeorm';
import type { NotificationEnv } from '../env';
import { laneOf, lanes, type Lane } from '../pacing/lane';
import type { Pace } from '../pacing/pace';
import { PacedQueue } from '../pacing/paced-queue';
import { countRescheduled } from '../pacing/pacing.metrics';
import type { Provider } from '../providers/provider';
import { watched } from '../providers/watched';
import { claim } from './claim';
import { Dispatcher, stopping, type DueItem } from './dispatcher';
import { ListCheck } from './list-check';
import type { Outcomes } from './outcomes';
import { reschedule } from './reschedule';
import { Slots } from './slots';
import { enqueue } from './work-queue';

export interface ChannelSenderParts {
  channel: Channel;
  provider: Provider;
  /** Null where the provider's rate is not bounded. */
  pace: Pace | null;
  dataSource: DataSource;
  outbox: Outbox;
  outcomes: Outcomes;
  env: NotificationEnv;
  /** By channel, as a delivery remembers who carries it. */
  providerNames: Readonly<Record<Channel, string>>;
}

/** A throttled provider that does not say how long to wait, and the longest that it is believed. */
const pauseMs = { usual: 1_000, longest: 3_600_000 };
/** Without a shared pace a worker asks again after so long: it has taken its messages, and may not keep them. */
const longestHoldMs = 30_000;

/**
 * One channel's sending in this process: a lane for those who wait, a lane for lists. Lists are looked at when
 * they come and, where they waited for the provider's rate, once more.
 */
export class ChannelSender {
  private readonly dispatchers: Readonly<Record<Lane, Dispatcher>>;
  private readonly queues: Readonly<Record<Lane, PacedQueue<DueItem>>> | null;
  private readonly check: ListCheck;

  constructor(private readonly parts: ChannelSenderParts) {
    const { provider, pace, dataSource, outbox, channel } = parts;
    const slots = new Slots({ single: provider.concurrency, list: provider.listConcurrency });
    this.check = new ListCheck(dataSource, outbox, channel);
    this.dispatchers = { single: this.dispatcherOf('single', slots), list: this.dispatcherOf('list', slots) };
    for (const lane of lanes) slots.onFree(lane, () => this.dispatchers[lane].pump());
    this.queues = pace && { single: this.queueOf('single', pace), list: this.queueOf('list', pace) };
  }

  /** Resolves when each is settled, put off, or found to need nothing; rejects, after all of them, if one failed. */
  async deliver(items: readonly DueItem[], bulk: boolean): Promise<void> {
    const lane = laneOf(bulk);
    const next = this.queues?.[lane] ?? this.dispatchers[lane];
    await next.deliver(bulk ? await this.check.sendable(items) : items);
  }

  /** Takes nothing more. */
  drain(): void {
    for (const lane of lanes) {
      this.queues?.[lane].stop(stopping());
      this.dispatchers[lane].drain();
    }
  }

  private dispatcherOf(lane: Lane, slots: Slots): Dispatcher {
    const { provider, outcomes, dataSource, outbox, env, channel, providerNames } = this.parts;
    return new Dispatcher({
      channel,
      provider: watched(provider, (retryAfterMs) => this.throttled(retryAfterMs)),
      slots: slots.of(lane),
      policy: { attempts: env.DELIVERY_ATTEMPTS, retryMs: env.DELIVERY_RETRY_MS },
      leaseMs: env.DELIVERY_LEASE_MS,
      claim: (ids) => claim(dataSource, ids, providerNames, env.DELIVERY_LEASE_MS),
      record: (outcome) => outcomes.record(outcome),
      lookAgain: ({ id, context }, of, dueAt) =>
        outbox.transaction((tx) =>
          enqueue(outbox, tx, [{ id, channel: of, bulk: lane === 'list', context, dueAt }]),
        ),
    });
  }

  private queueOf(lane: Lane, pace: Pace): PacedQueue<DueItem> {
    const { channel, provider, outbox } = this.parts;
    const bulk = lane === 'list';
    return new PacedQueue({
      channel,
      lane,
      rate: pace.rate,
      concurrency: bulk ? provider.listConcurrency : provider.concurrency,
      take: (wanted) => pace.take(lane, wanted),
      deliver: async (items) =>
        this.dispatchers[lane].deliver(bulk ? await this.check.sendable(items) : items),
      reschedule: async (items) => {
        const times = await pace.plan(lane, items.length);
        await reschedule(
          outbox,
          items.map((item, index) => ({ ...item, channel, bulk, dueAt: times[index] })),
        );
        countRescheduled(channel, lane, items.length);
      },
    });
  }

  /** All workers pause where they share a pace; else each does when its own messages are refused. */
  private throttled(retryAfterMs: number): void {
    const ms = Math.min(retryAfterMs || pauseMs.usual, pauseMs.longest);
    for (const lane of lanes) this.dispatchers[lane].hold(Math.min(ms, longestHoldMs));
    // One that cannot be written down is made up for by the next refusal.
    this.parts.pace?.pause(ms).catch(() => undefined);
  }
}

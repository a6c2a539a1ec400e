import { metrics } from '@tearoff/service-kit';
import { Counter, Gauge, Histogram } from 'prom-client';
import { laneOf } from '../pacing/lane';

const attemptsName = 'tearoff_delivery_attempts_total';
const secondsName = 'tearoff_provider_seconds';
const openName = 'tearoff_deliveries_open';

// Looked up first: a test runner loads this file more often than it makes registries.
const attempts =
  (metrics.getSingleMetric(attemptsName) as Counter | undefined) ??
  new Counter({
    name: attemptsName,
    help: 'Attempts to send a delivery, by how they ended (queued = to be tried again)',
    labelNames: ['channel', 'provider', 'outcome'],
  });
const seconds =
  (metrics.getSingleMetric(secondsName) as Histogram | undefined) ??
  new Histogram({
    name: secondsName,
    help: 'How long a provider took to take or refuse a message',
    labelNames: ['channel', 'provider'],
    buckets: [0.005, 0.02, 0.1, 0.5, 2, 10, 30],
  });

const open =
  (metrics.getSingleMetric(openName) as Gauge | undefined) ??
  new Gauge({
    name: openName,
    help: 'Deliveries that wait or are being sent, as the process that looked last counted them',
    labelNames: ['channel', 'lane'],
  });

// Kept by their labels: looking them up each time costs more than counting.
const counters = new Map<string, Counter.Internal>();
const timers = new Map<string, Histogram.Internal<string>>();

export function countAttempt(channel: string, provider: string, outcome: string): void {
  const key = `${channel} ${provider} ${outcome}`;
  let counter = counters.get(key);
  if (!counter) counters.set(key, (counter = attempts.labels(channel, provider, outcome)));
  counter.inc();
}

/** Call the result when the provider has answered. */
export function timeProvider(channel: string, provider: string): () => void {
  const key = `${channel} ${provider}`;
  let timer = timers.get(key);
  if (!timer) timers.set(key, (timer = seconds.labels(channel, provider)));
  const startedAt = performance.now();
  return () => timer.observe((performance.now() - startedAt) / 1_000);
}

/** None = another process counts them. */
export function tellOpen(counts: readonly { channel: string; bulk: boolean; count: number }[]): void {
  open.reset();
  for (const { channel, bulk, count } of counts) open.set({ channel, lane: laneOf(bulk) }, count);
}

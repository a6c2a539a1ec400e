import { metrics } from '@tearoff/service-kit';
import { Counter, Histogram } from 'prom-client';

const attemptsName = 'tearoff_delivery_attempts_total';
const secondsName = 'tearoff_provider_seconds';

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

import { metrics } from '@tearoff/service-kit';
import { Counter } from 'prom-client';

const counter = (name: string, help: string): Counter =>
  // Looked up first: a test runner loads this file more often than it makes registries.
  (metrics.getSingleMetric(name) as Counter | undefined) ??
  new Counter({ name, help, labelNames: ['channel', 'lane'] });

const waits = counter('tearoff_paced_waits_total', 'Times a worker waited for the rate of a provider');
const seconds = counter('tearoff_paced_wait_seconds_total', 'How long workers waited for a provider’s rate');
const reschedules = counter(
  'tearoff_deliveries_rescheduled_total',
  'Deliveries given back to their queue until the rate, or the recipient’s quiet hours, may let them go',
);

export function waited(channel: string, lane: string, ms: number): void {
  waits.inc({ channel, lane });
  seconds.inc({ channel, lane }, ms / 1_000);
}

export const countRescheduled = (channel: string, lane: string, count: number): void =>
  reschedules.inc({ channel, lane }, count);

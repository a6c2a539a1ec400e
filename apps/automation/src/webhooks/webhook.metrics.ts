import { metrics } from '@tearoff/service-kit';
import { Counter } from 'prom-client';

const triesName = 'tearoff_webhook_tries_total';

// Looked up first: a test runner loads this file more often than it makes registries.
const tries =
  (metrics.getSingleMetric(triesName) as Counter | undefined) ??
  new Counter({
    name: triesName,
    help: 'Calls of webhook endpoints, by how they ended (retry = to be tried again)',
    labelNames: ['outcome'],
  });

export const countTry = (outcome: string): void => tries.inc({ outcome });

import { metrics } from '@tearoff/service-kit';
import { Counter } from 'prom-client';

const name = 'tearoff_wallet_device_log_lines_total';

/** Looked up first: a test runner loads this file more often than it makes registries. */
export const deviceLogLines =
  (metrics.getSingleMetric(name) as Counter | undefined) ??
  new Counter({
    name,
    help: 'Lines that phones or others sent to the log of the PassKit web service',
  });

import { collectDefaultMetrics, register } from 'prom-client';

/** The one registry of a process: prom-client's default, which every library counts into. */
export const metrics = register;

/** Everything counted, in the Prometheus text format, with Node's own figures; and its content type. */
export async function metricsText(): Promise<{ contentType: string; body: string }> {
  if (!register.getSingleMetric('process_cpu_user_seconds_total')) collectDefaultMetrics();
  return { contentType: register.contentType, body: await register.metrics() };
}

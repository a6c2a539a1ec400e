import type { FastifyInstance } from 'fastify';
import { Histogram, register } from 'prom-client';

const name = 'tearoff_http_request_duration_seconds';

/** How long answers take, by route template (never by address: that would be one series a coupon) and status. */
export function registerHttpMetrics(server: FastifyInstance): void {
  const durations =
    (register.getSingleMetric(name) as Histogram<'method' | 'route' | 'status'> | undefined) ??
    new Histogram({
      name,
      help: 'Time from the first byte of a request to the last of its answer.',
      labelNames: ['method', 'route', 'status'],
      buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10, 30],
    });
  server.addHook('onResponse', (request, reply, done) => {
    const route = request.is404 ? 'unknown' : (request.routeOptions.url ?? 'unknown');
    durations.observe({ method: request.method, route, status: reply.statusCode }, reply.elapsedTime / 1000);
    done();
  });
}

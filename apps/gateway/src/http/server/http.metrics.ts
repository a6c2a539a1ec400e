import type { FastifyInstance } from 'fastify';
import { register, type Metric } from 'prom-client';
import { RouteDurations } from './route-durations';

const name = 'tearoff_http_request_duration_seconds';

/** How long answers take, by route template (never by address: that would be one series a coupon) and status. */
export function registerHttpMetrics(server: FastifyInstance): void {
  let durations = register.getSingleMetric(name) as unknown as RouteDurations | undefined;
  if (!durations) {
    durations = new RouteDurations(name);
    register.registerMetric(durations as unknown as Metric);
  }
  const counted = durations;
  server.addHook('onResponse', (request, reply, done) => {
    const route = request.is404 ? 'unknown' : (request.routeOptions.url ?? 'unknown');
    counted.observe(request.method, route, reply.statusCode, reply.elapsedTime / 1000);
    done();
  });
}

import { Histogram, Registry, type Metric } from 'prom-client';
import { RouteDurations } from '../src/http/server/route-durations';

describe('durations by route', () => {
  it("are told in the very words of prom-client's own histogram", async () => {
    const name = 'answers_seconds';
    const ours = new RouteDurations(name);
    const theirs = new Histogram({
      name,
      help: ours.help,
      labelNames: ['method', 'route', 'status'],
      buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10, 30],
      registers: [],
    });
    for (const [method, route, status, seconds] of [
      ['GET', '/v1/coupons/:id', 200, 0],
      ['GET', '/v1/coupons/:id', 200, 0.001],
      ['GET', '/v1/coupons/:id', 200, 0.0011],
      ['GET', '/v1/coupons/:id', 404, 30],
      ['POST', '/v1/coupons', 201, 31],
      ['GET', '/v1/coupons/:id', 200, 0.3],
    ] as const) {
      ours.observe(method, route, status, seconds);
      theirs.observe({ method, route, status }, seconds);
    }

    expect(await textOf(ours as unknown as Metric)).toEqual(await textOf(theirs));
    ours.reset();
    expect(await textOf(ours as unknown as Metric)).not.toContain('200');
  });
});

async function textOf(metric: Metric): Promise<string> {
  const registry = new Registry();
  registry.registerMetric(metric);
  return registry.metrics();
}

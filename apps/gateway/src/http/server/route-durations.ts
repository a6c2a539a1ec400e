const bounds = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10, 30];

interface Series {
  readonly labels: { method: string; route: string; status: number };
  /** How many fell into each bucket alone; the last is beyond all bounds. */
  readonly counts: number[];
  sum: number;
}

/**
 * A histogram for prom-client's registry. Its own one sorts, joins and checks the labels of every observation:
 * 1.1 µs of a validation's 40; this one looks them up.
 */
export class RouteDurations {
  readonly help = 'Time from the first byte of a request to the last of its answer.';
  readonly type = 'histogram';
  readonly aggregator = 'sum';
  private readonly series = new Map<string, Map<string, Map<number, Series>>>();

  constructor(readonly name: string) {}

  observe(method: string, route: string, status: number, seconds: number): void {
    const series = this.series.get(route)?.get(method)?.get(status) ?? this.add(method, route, status);
    let bucket = 0;
    while (bucket < bounds.length && seconds > bounds[bucket]) bucket++;
    series.counts[bucket]++;
    series.sum += seconds;
  }

  /** As the registry asks for it: buckets that each hold all that is shorter, then sum and count. */
  get(): Promise<object> {
    const { name, help, type, aggregator } = this;
    const values = this.all().flatMap(({ labels, counts, sum }) => {
      let count = 0;
      const buckets = counts.map((alone, index) => ({
        labels: { le: bounds[index] ?? '+Inf', ...labels },
        value: (count += alone),
        metricName: `${name}_bucket`,
      }));
      return [
        ...buckets,
        { labels, value: sum, metricName: `${name}_sum` },
        { labels, value: count, metricName: `${name}_count` },
      ];
    });
    return Promise.resolve({ name, help, type, aggregator, values });
  }

  reset(): void {
    this.series.clear();
  }

  private all(): Series[] {
    return [...this.series.values()].flatMap((methods) =>
      [...methods.values()].flatMap((statuses) => [...statuses.values()]),
    );
  }

  private add(method: string, route: string, status: number): Series {
    const methods = this.series.get(route) ?? new Map<string, Map<number, Series>>();
    const statuses = methods.get(method) ?? new Map<number, Series>();
    const series = { labels: { method, route, status }, counts: bounds.map(() => 0).concat(0), sum: 0 };
    this.series.set(route, methods.set(method, statuses.set(status, series)));
    return series;
  }
}

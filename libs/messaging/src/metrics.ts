import { Counter, Histogram, register, type Metric } from 'prom-client';

export { Counter, Histogram };

/**
 * A metric of the process's default registry, created at its first use. Services of one process share it; a label
 * tells them apart.
 */
export function metric<T extends Metric>(make: () => T): () => T {
  let made: T | undefined;
  return () => {
    if (!made) {
      try {
        made = make();
      } catch (error) {
        // A test runner may load this module twice in one process; both copies then use the one registered metric.
        const name = /name (\S+) has already been registered/.exec(String(error))?.[1];
        const existing = name && register.getSingleMetric(name);
        if (!existing) throw error;
        made = existing as unknown as T;
      }
    }
    return made;
  };
}

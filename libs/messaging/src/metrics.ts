import { Counter, Histogram, register, type Metric } from 'prom-client';

export { Counter, Histogram };

/**
 * A metric of the process's default registry, made at its first use: several services of one process share
 * it and differ by label.
 */
export function metric<T extends Metric>(make: () => T): () => T {
  let made: T | undefined;
  return () => {
    if (!made) {
      try {
        made = make();
      } catch (error) {
        // Two copies of this module in one process (a test runner's registries) meet in one registry.
        const name = /name (\S+) has already been registered/.exec(String(error))?.[1];
        const existing = name && register.getSingleMetric(name);
        if (!existing) throw error;
        made = existing as unknown as T;
      }
    }
    return made;
  };
}

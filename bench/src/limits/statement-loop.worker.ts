import { Pool } from 'pg';
import { serve } from '../workers/serve';
import type { LoopOrder, LoopResult } from './statement-loop';

serve({ run });

/** One row at a time on each of the connections, as fast as the database commits. */
async function run(order: LoopOrder): Promise<LoopResult> {
  const { url, service, connections, seconds, statement, values, succeeds } = order;
  const pool = new Pool({
    connectionString: url,
    max: connections,
    options: `-c role=tearoff_${service} -c search_path=${service}`,
  });
  const latencies = new Float64Array(values.length);
  let next = 0;
  let answered = 0;
  let errors = 0;
  let firstError: string | undefined;
  try {
    // Connected before the clock starts.
    const clients = await Promise.all(Array.from({ length: connections }, () => pool.connect()));
    for (const client of clients) client.release();
    const startedAt = performance.now();
    const endsAt = startedAt + seconds * 1_000;
    const work = async (): Promise<void> => {
      for (;;) {
        const sentAt = performance.now();
        if (sentAt >= endsAt || next >= values.length) return;
        try {
          const { rows } = await pool.query<Record<string, unknown>>({
            ...statement,
            values: values[next++] as unknown[],
          });
          if (!isSuccess(rows[0]?.[succeeds])) throw new Error(`answered ${JSON.stringify(rows[0])}`);
          latencies[answered++] = performance.now() - sentAt;
        } catch (error) {
          errors++;
          firstError ??= (error as Error).message;
        }
      }
    };
    await Promise.all(Array.from({ length: connections }, work));
    const elapsedMs = performance.now() - startedAt;
    return { answered, errors, firstError, elapsedMs, latencies: latencies.slice(0, answered) };
  } finally {
    await pool.end();
  }
}

const isSuccess = (value: unknown): boolean => (Array.isArray(value) ? value.length === 1 : value === true);

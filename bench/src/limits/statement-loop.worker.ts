import { Pool } from 'pg';
import { serve } from '../workers/serve';
import type { LoopOrder, LoopResult } from './statement-loop';

serve({ run });

/** Executions on each connection that are not counted. */
const warmUps = 3;

/** One row at a time on each of the connections, as fast as the database commits. */
async function run(order: LoopOrder): Promise<LoopResult> {
  const { url, service, connections, seconds, statement, values, succeeds } = order;
  const planning = statement.name === undefined ? 'force_custom_plan' : 'force_generic_plan';
  const pool = new Pool({
    connectionString: url,
    max: connections,
    // For one row PostgreSQL would otherwise make a new plan each time, which takes three times as long as the rest.
    options: `-c role=tearoff_${service} -c search_path=${service} -c plan_cache_mode=${planning}`,
  });
  const latencies = new Float64Array(values.length);
  let next = 0;
  let answered = 0;
  let errors = 0;
  let firstError: string | undefined;
  const execute = async (): Promise<void> => {
    try {
      const { rows } = await pool.query<Record<string, unknown>>({
        ...statement,
        values: values[next++] as unknown[],
      });
      if (!isSuccess(rows[0]?.[succeeds])) throw new Error(`answered ${JSON.stringify(rows[0])}`);
    } catch (error) {
      errors++;
      firstError ??= (error as Error).message;
    }
  };
  const onEachConnection = (work: () => Promise<void>): Promise<unknown> =>
    Promise.all(Array.from({ length: connections }, work));
  try {
    // Before the clock starts every connection has parsed and planned the statement.
    await onEachConnection(async () => {
      for (let run = 0; run < warmUps && next < values.length / 2; run++) await execute();
    });
    const startedAt = performance.now();
    const endsAt = startedAt + seconds * 1_000;
    await onEachConnection(async () => {
      for (;;) {
        const sentAt = performance.now();
        if (sentAt >= endsAt || next >= values.length) return;
        await execute();
        latencies[answered++] = performance.now() - sentAt;
      }
    });
    const elapsedMs = performance.now() - startedAt;
    return { answered, errors, firstError, elapsedMs, latencies: latencies.slice(0, answered) };
  } finally {
    await pool.end();
  }
}

const isSuccess = (value: unknown): boolean =>
  Array.isArray(value) ? value.length === 1 : value === true || typeof value === 'string';

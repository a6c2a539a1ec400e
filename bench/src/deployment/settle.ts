import { services } from '@tearoff/contracts';
import { eventually } from '@tearoff/testing';
import { Client } from 'pg';
import type { Deployment } from './deployment';

/** Waits until every event has been told and handled: what one run leaves behind must not slow the next. */
export async function settle({ databaseUrl }: Pick<Deployment, 'databaseUrl'>): Promise<void> {
  const client = new Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    // Handled means a row in some inbox: quiet when nothing is due and nothing was handled for a while.
    let handled = '';
    let quietSince = performance.now();
    await eventually(
      async () => {
        const { rows } = await client.query<{ due: string; handled: string }>(stateOf);
        if (rows[0].due !== '0' || rows[0].handled !== handled) quietSince = performance.now();
        handled = rows[0].handled;
        return performance.now() - quietSince > 150;
      },
      { timeoutMs: 120_000, intervalMs: 30 },
    );
  } finally {
    await client.end();
  }
}

const sumOver = (query: (schema: string) => string): string =>
  services.map((schema) => `(${query(schema)})`).join(' + ');

const stateOf = `select
  ${sumOver((schema) => `select count(*) from ${schema}.outbox where available_at <= now()`)} as due,
  ${sumOver((schema) => `select count(*) from ${schema}.inbox`)} as handled`;

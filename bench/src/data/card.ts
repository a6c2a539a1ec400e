import type { Bench } from '../bench';
import { post } from '../deployment/api';
import type { Deployment } from '../deployment/deployment';

export interface BenchCard {
  id: string;
  accountId: string;
}

/** An active points card whose points neither wait nor run out. */
export async function createCard(bench: Bench, { port, databaseUrl }: Deployment): Promise<BenchCard> {
  const { id } = await post<{ id: string }>(port, '/v1/loyalty/cards', {
    name: 'Benchmark',
    kind: 'points',
    design: { title: 'Friends of the house' },
  });
  const { rows } = await bench.onServer(
    (client) =>
      client.query<{ accountId: string }>(
        `select account_id as "accountId" from loyalty.card where id = $1`,
        [id],
      ),
    databaseUrl,
  );
  return { id, accountId: rows[0].accountId };
}

import { searchStatement } from '../../../apps/loyalty/src/members/member-search.sql';
import { createCard } from '../data/card';
import { loadMembers, searchedFor } from '../data/members';
import { authHeaders } from '../deployment/api';
import type { Figure } from '../figure';
import { errorsOf, interleave, median, percentile } from '../rounds';

/** More than either side can use up. */
const searchesPerSecond = 2_000;
/** One search at a time: what is told is how long a search takes, not how long others are in its way. */
const connections = 1;
/** What the API answers with unless it is told, and one more to know whether that is all. */
const pageSize = 50 + 1;

/**
 * A bound, for it is people who wait: anyone who types at a till takes an answer within a tenth of a second for immediate,
 * and network and screen need their part of it. Held against a statement of half a millisecond, a ratio says little
 * of that.
 */
const bounds = { p50: 20, p95: 50 };

/** Members found by what one types of them, among as many as the largest shops have, over HTTP against one process. */
export const members: Figure = {
  name: 'members',
  needsBroker: false,
  async run(bench) {
    const { seconds, rounds, warmUp, memberCount } = bench.options;
    const deployment = await bench.standalone();
    const { accountId } = await createCard(bench, deployment);
    const typed = await bench.onServer(async (client) => {
      await loadMembers(client, accountId, memberCount);
      return searchedFor(client, accountId, searchesPerSecond);
    }, deployment.databaseUrl);

    const ours = (span: number) =>
      bench.hit(deployment, {
        port: deployment.port,
        connections,
        seconds: span,
        path: '/v1/loyalty/members',
        headers: authHeaders,
        queries: typed.map((q) => new URLSearchParams({ q }).toString()),
        repeat: true,
        expected: 200,
      });
    const searches = typed.map((q) => searchStatement({ accountId, q }, pageSize));
    const limit = (span: number) =>
      bench.loop(deployment, {
        url: deployment.databaseUrl,
        service: 'loyalty',
        connections,
        seconds: span,
        statement: { text: searches[0].text },
        values: Array.from(
          { length: Math.ceil(span * searchesPerSecond) },
          (_, n) => searches[n % searches.length].values,
        ),
        succeeds: 'id',
      });
    await limit(warmUp / 2);
    await ours(warmUp);
    const runs = await interleave(
      rounds,
      { limit: () => limit(seconds), ours: () => ours(seconds) },
      (line) => bench.tell(line),
    );
    const errors = errorsOf(runs.limit, runs.ours);
    const at = (share: number, side: readonly { latencies: Float64Array }[]): number =>
      median(side.map(({ latencies }) => percentile(latencies, share)));
    const row = (name: string, share: number, atMost: number) => ({
      name: `${name} of a member search among ${memberCount.toLocaleString('en')}`,
      measured: at(share, runs.ours),
      unit: 'ms',
      limitIs: 'the same of the bare statement for a page, one connection',
      limit: at(share, runs.limit),
      reach: { atMost, unit: 'ms' },
      errors,
    });
    return [row('p50', 0.5, bounds.p50), row('p95', 0.95, bounds.p95)];
  },
};

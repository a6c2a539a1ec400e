import { setTimeout as pause } from 'node:timers/promises';
import { machineTime } from '../clock';
import { serve } from '../workers/serve';
import { getBytes, HttpConnection, postBytes } from './http-connection';
import type { LoadOrder, LoadResult } from './load';

serve({ run });

/** Every connection sends the next request as soon as it has its answer, until time or requests run out. */
async function run(order: LoadOrder): Promise<LoadResult> {
  const { port, connections, seconds, path, headers, bodies = [], queries = [] } = order;
  const { repeat, expected, perSecond } = order;
  const requests = [
    ...bodies.map((body) => postBytes(path, headers, body)),
    ...queries.map((query) => getBytes(`${path}?${query}`, headers)),
  ];
  const open = await Promise.all(Array.from({ length: connections }, () => HttpConnection.open(port)));
  const latencies = new Float64Array(repeat ? 2_000_000 : requests.length);
  let next = 0;
  let answered = 0;
  let errors = 0;
  let firstError: string | undefined;
  const startedAtMachine = machineTime();
  const startedAt = performance.now();
  const endsAt = startedAt + seconds * 1_000;

  const work = async (connection: HttpConnection): Promise<void> => {
    for (;;) {
      const now = performance.now();
      if (now >= endsAt || answered + errors >= latencies.length) return;
      const index = next++;
      if (index >= requests.length && !repeat) return;
      const sentAt = perSecond === undefined ? now : startedAt + (index * 1_000) / perSecond;
      if (sentAt > now) await pause(sentAt - now);
      const status = await connection.request(requests[index % requests.length]);
      if (status === expected) latencies[answered++] = performance.now() - sentAt;
      else {
        errors++;
        firstError ??= `${status} ${connection.lastBody.slice(0, 300)}`;
      }
    }
  };
  try {
    await Promise.all(
      open.map((connection) =>
        work(connection).catch((error: Error) => {
          errors++;
          firstError ??= error.message;
        }),
      ),
    );
  } finally {
    for (const connection of open) connection.close();
  }
  const elapsedMs = performance.now() - startedAt;
  return {
    answered,
    errors,
    firstError,
    elapsedMs,
    startedAt: startedAtMachine,
    latencies: latencies.slice(0, answered),
  };
}

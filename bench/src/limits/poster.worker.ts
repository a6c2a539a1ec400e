import { Agent, request } from 'node:http';
import type { Run } from '../rounds';
import { serve } from '../workers/serve';

export interface PostOrder {
  port: number;
  connections: number;
  seconds: number;
  body: string;
}

/** Node's own client on keep-alive connections, one request in flight on each: what sending takes with nothing around it. */
async function run({ port, connections, seconds, body }: PostOrder): Promise<Run> {
  const agent = new Agent({ keepAlive: true, maxSockets: connections });
  const headers = {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(body),
    authorization: 'Basic YmVuY2g6YmVuY2g=',
  };
  const post = (): Promise<number> =>
    new Promise((resolve, reject) => {
      const call = request({ host: '127.0.0.1', port, path: '/v1/messages', method: 'POST', agent, headers });
      call.on('error', reject);
      call.on('response', (response) => {
        response.resume();
        response.on('end', () => resolve(response.statusCode!));
      });
      call.end(body);
    });
  let answered = 0;
  let errors = 0;
  const startedAt = performance.now();
  const work = async (): Promise<void> => {
    while (performance.now() - startedAt < seconds * 1_000) {
      const status = await post().catch(() => 0);
      if (status === 202) answered++;
      else errors++;
    }
  };
  await Promise.all(Array.from({ length: connections }, work));
  const elapsedMs = performance.now() - startedAt;
  agent.destroy();
  return { value: (answered / elapsedMs) * 1_000, errors };
}

serve({ run });

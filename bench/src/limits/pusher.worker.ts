import { connect, constants } from 'node:http2';
import type { Run } from '../rounds';
import { serve } from '../workers/serve';

export interface PushOrder {
  url: string;
  certificate: string;
  streams: number;
  seconds: number;
}

/** Bare POSTs over one HTTP/2 connection, so many streams at a time. */
async function run({ url, certificate, streams, seconds }: PushOrder): Promise<Run> {
  const session = connect(url, { ca: certificate });
  await new Promise((resolve) => session.once('connect', resolve));
  let sent = 0;
  const post = (): Promise<number> =>
    new Promise((resolve, reject) => {
      const request = session.request({
        [constants.HTTP2_HEADER_METHOD]: 'POST',
        [constants.HTTP2_HEADER_PATH]: `/3/device/bare-${sent++}`,
      });
      let status = 0;
      request.on('response', (headers) => (status = Number(headers[':status'])));
      request.on('error', reject);
      request.on('close', () => resolve(status));
      request.resume();
      request.end('{}');
    });
  let answered = 0;
  let errors = 0;
  const startedAt = performance.now();
  const work = async (): Promise<void> => {
    while (performance.now() - startedAt < seconds * 1_000) {
      if ((await post().catch(() => 0)) === 200) answered++;
      else errors++;
    }
  };
  await Promise.all(Array.from({ length: streams }, work));
  const elapsedMs = performance.now() - startedAt;
  await new Promise<void>((resolve) => session.close(resolve));
  return { value: (answered / elapsedMs) * 1_000, errors };
}

serve({ run });

import type { Socket } from 'node:net';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { isStream } from '../csv/csv-body';

export interface LingeringOptions {
  /** Of a refused body, beyond what had been read when it was refused. */
  bytes: number;
  milliseconds: number;
}

const usual: LingeringOptions = { bytes: 8 * 1024 * 1024, milliseconds: 10_000 };
const lookEveryMs = 50;

/**
 * A request that is answered before its body has arrived (413, 401, 429 …) is read to its end, and what is read is
 * dropped. A connection that is closed while the other side still sends is reset, and the reset overtakes the answer:
 * the client sees EPIPE in place of 413. Anyone who sends more than the bound is cut off.
 */
export function registerLingeringClose(
  server: FastifyInstance,
  { bytes, milliseconds }: LingeringOptions = usual,
): void {
  const lingering = new Set<Socket>();
  const closing = new WeakSet<FastifyRequest>();

  server.addHook('onSend', (request, reply, payload, done) => {
    if (reply.statusCode >= 400 && isUnderWay(request)) {
      // Fastify asks for the close at 413, and Node would then close as soon as the answer is out.
      if (reply.statusCode === 413) reply.removeHeader('connection');
      if (!reply.raw.shouldKeepAlive) {
        reply.raw.shouldKeepAlive = true;
        closing.add(request);
      }
    }
    done(null, payload);
  });

  server.addHook('onResponse', (request, _reply, done) => {
    if (isUnderWay(request)) linger(request, closing.has(request));
    else if (closing.has(request)) request.raw.socket.end();
    done();
  });

  server.addHook('preClose', (done) => {
    for (const socket of lingering) socket.destroy();
    done();
  });

  function linger({ raw }: FastifyRequest, thenClose: boolean): void {
    const { socket } = raw;
    const maxRead = socket.bytesRead + bytes;
    const until = performance.now() + milliseconds;
    const looking = setInterval(() => {
      if (socket.bytesRead > maxRead || performance.now() > until) socket.destroy();
      else if (raw.complete) end();
    }, lookEveryMs);
    const end = (): void => {
      clearInterval(looking);
      lingering.delete(socket);
      // The connection lives on: each refused request would leave a listener behind.
      socket.off('close', end);
      raw.off('end', end);
      if (thenClose) socket.end();
    };
    lingering.add(socket);
    socket.once('close', end);
    raw.once('end', end);
    raw.resume();
  }
}

/** Whether more of its body is to come. A list that streams is taken in, or dropped, by its own route. */
function isUnderWay({ raw, body }: FastifyRequest): boolean {
  if (raw.complete || raw.destroyed || isStream(body)) return false;
  const { 'content-length': length = '0', 'transfer-encoding': encoding } = raw.headers;
  return encoding !== undefined || length !== '0';
}

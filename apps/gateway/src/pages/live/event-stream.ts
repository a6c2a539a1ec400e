import type { FastifyReply, FastifyRequest } from 'fastify';
import { pageHeaders } from '../html/document';
import type { Listener, LivePages } from './live-pages';
import type { LivePlaces } from './live-places';

// What a page that has stopped reading may leave unread before it is hung up on.
const maxUnread = 64 * 1024;

/** The stream of server-sent events (WHATWG HTML) that an open page listens to. */
export async function streamPage(
  token: string,
  live: LivePages,
  places: LivePlaces,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<void> {
  const headers = {
    ...pageHeaders,
    'content-type': 'text/event-stream; charset=utf-8',
    'x-accel-buffering': 'no',
  };
  const leavePlace = places.take(request.ip);
  if (!leavePlace) return refuse(reply, 503);
  // On the raw response: it closes too when the reader is gone before his page was read.
  const leaving = [leavePlace];
  reply.raw.once('close', () => leaving.forEach((leave) => leave()));
  const heard = live.heardSoFar;
  const shown = await live.read(token).catch(() => undefined);
  if (shown === null) return refuse(reply, 404);
  if (shown === undefined) return refuse(reply, 503);
  if (request.method === 'HEAD') return void reply.code(200).headers(headers).send();
  if (reply.raw.destroyed) return;

  reply.hijack();
  const { raw } = reply;
  raw.writeHead(200, { ...reply.getHeaders(), ...headers } as Record<string, string>);
  const listener: Listener = {
    tell: (text) => (raw.writableLength > maxUnread ? raw.destroy() : raw.write(text)),
    close: () => raw.end(),
  };
  leaving.push(live.join(token, shown, heard, listener));
}

function refuse(reply: FastifyReply, status: 404 | 503): void {
  if (status === 503) void reply.header('retry-after', '15');
  void reply.code(status).headers({ 'cache-control': 'no-store' }).send();
}

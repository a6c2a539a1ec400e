import { pipeline, Readable, type Transform } from 'node:stream';
import { promisify } from 'node:util';
import { brotliCompress, constants, createBrotliCompress, createGzip, gzip } from 'node:zlib';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';

/** An answer with fewer bytes goes out as it is: its compressed form would save no packet. */
const threshold = 1024;

const html = /^text\/html\b/;
const csv = /^text\/csv\b/;
const text =
  /^(text\/(html|css|javascript|plain)|application\/json|application\/javascript|image\/svg\+xml)\b/;

/**
 * The routes whose GET answers are compressed, with the content types that are. All other routes have no hook of this
 * file: the hot ones (issue, validate, redeem) pay nothing, event streams are not buffered, and pictures, passes and
 * the source archive, which are compressed already, are sent as they are.
 *
 * A compressed answer tells by its length how much two parts of it are alike. Where an attacker makes a victim's
 * browser ask again and again, puts a guess into each request and watches the lengths on the wire, a secret of the
 * page can be read letter by letter (BREACH, CVE-2013-3587). That takes a secret which the attacker cannot ask for
 * themselves, a browser that adds what opens it (a cookie, HTTP Basic, being on this machine), and a text of the
 * request that comes back in the answer. Hence, page by page:
 *
 * - `/c/…`, `/l/…`, `/g/…`, `/u/…`: there is no cookie, the address alone opens the page. Who can make a browser ask
 *   for it knows the address and can read the page. Of the query nothing comes back but a language that is ours, or on
 *   `/g/…` the `lang` of the same address.
 * - `/o/…`: a public form. The query comes back in it, but a GET shows no secret: the challenge of the proof is another
 *   one each time, and anyone is given one.
 * - The landing page, `/docs`, `/openapi.json`, `/asyncapi.json`, `/widget.js`, `/metrics`: the same for everyone.
 * - CSV of `/v1`: codes and recipients are secret, and a browser may add HTTP Basic, but nothing of a request comes
 *   back in a file. (Days and groups of a report do, and there is no secret in a report.)
 *
 * Not here, and to be kept out: `/sandbox` (asks for HTTP Basic or trusts this machine, shows messages with live links,
 * and `?to=` comes back in it), JSON of `/v1` (names and other texts that were sent come back beside secrets), and
 * every answer to a POST (what a visitor typed into `/o/…` comes back beside the query of a link that was not theirs).
 */
export const compressedRoutes: Readonly<Record<string, RegExp>> = {
  '/': html,
  '/c/:token': html,
  '/c/:token/barcode.svg': text,
  '/l/:token': html,
  '/g/:token': html,
  '/u/:token': html,
  '/o/:campaign': html,
  '/widget.js': text,
  '/metrics': text,
  '/openapi.json': text,
  '/asyncapi.json': text,
  '/docs': text,
  '/docs/assets/*': text,
  '/v1/campaigns/:id/codes': csv,
  '/v1/jobs/:id/errors': csv,
  '/v1/reports/funnel': csv,
  '/v1/reports/timeseries': csv,
  '/v1/reports/loyalty': csv,
};

/** Compresses the GET answers of `compressedRoutes`. Before any route is registered. */
export function registerCompression(server: FastifyInstance): void {
  server.addHook('onRoute', (route) => {
    const types = compressedRoutes[route.url];
    if (!types || ![route.method].flat().every((method) => method === 'GET' || method === 'HEAD')) return;
    // First, so that what Fastify makes of a HEAD says the length of the compressed answer.
    route.onSend = [compressor(types), ...[route.onSend ?? []].flat()];
  });
}

type OnSend = (request: FastifyRequest, reply: FastifyReply, payload: unknown) => Promise<unknown>;

const compressor =
  (types: RegExp): OnSend =>
  async ({ method, headers }, reply, payload) => {
    describeNegotiation(reply);
    // A stream that fails before its first byte comes here a second time, as the error.
    reply.removeHeader('content-encoding');
    const encoding = preferredEncoding(headers['accept-encoding']);
    if (!encoding || !types.test(String(reply.getHeader('content-type')))) return payload;
    if (reply.statusCode === 204 || reply.statusCode === 304) return payload;
    if (typeof payload === 'string' || Buffer.isBuffer(payload)) {
      const size = Buffer.byteLength(payload);
      if (size < threshold) return payload;
      const compressed = await encodings[encoding].whole(payload, size);
      reply.headers({ 'content-encoding': encoding, 'content-length': compressed.length });
      return compressed;
    }
    if (!(payload instanceof Readable)) return payload;
    if (Number(reply.getHeader('content-length') ?? threshold) < threshold) return payload;
    reply.header('content-encoding', encoding).removeHeader('content-length');
    if (method === 'HEAD') return payload;
    const stream = encodings[encoding].stream();
    // A source that fails takes the stream with it, and so the connection: no half file looks whole.
    pipeline(payload, stream, () => undefined);
    return stream;
  };

/**
 * What is true of the answer whether or not this one is compressed: a cache must not give it to a client that sends
 * another `Accept-Encoding`, and equal ETags do not mean equal bytes.
 */
function describeNegotiation(reply: FastifyReply): void {
  const vary = [reply.getHeader('vary') ?? []].flat().join(', ');
  if (!/\baccept-encoding\b/i.test(vary))
    reply.header('vary', vary ? `${vary}, accept-encoding` : 'accept-encoding');
  const etag = reply.getHeader('etag');
  if (typeof etag === 'string' && etag.startsWith('"')) reply.header('etag', `W/${etag}`);
}

interface Encoder {
  whole(text: string | Buffer, size: number): Promise<Buffer>;
  stream(): Transform;
}

const brotli = promisify(brotliCompress);
const zip = promisify(gzip);
// A page is made for each request: beyond 4, brotli takes several times as long for some percent less.
const params = { [constants.BROTLI_PARAM_QUALITY]: 4 };

/** Both work in zlib's threads, not in the event loop. In the order in which they are preferred. */
const encodings = {
  br: {
    whole: (text, size) => brotli(text, { params: { ...params, [constants.BROTLI_PARAM_SIZE_HINT]: size } }),
    stream: () => createBrotliCompress({ params }),
  },
  gzip: { whole: (text) => zip(text), stream: () => createGzip() },
} satisfies Record<string, Encoder>;

type Encoding = keyof typeof encodings;

/** By the client's `Accept-Encoding` (RFC 9110, section 12.5.3); null = not compressed. */
export function preferredEncoding(accepted = ''): Encoding | null {
  const weights = new Map(accepted.toLowerCase().split(',').map(weighted));
  const weightOf = (name: string): number => weights.get(name) ?? weights.get('*') ?? 0;
  const [best] = (Object.keys(encodings) as Encoding[]).sort((a, b) => weightOf(b) - weightOf(a));
  return weightOf(best) > 0 && weightOf(best) >= (weights.get('identity') ?? 0) ? best : null;
}

function weighted(part: string): [name: string, weight: number] {
  const [name, ...parameters] = part.split(';').map((each) => each.trim());
  const weight = parameters.find((each) => each.startsWith('q='));
  return [name, weight === undefined ? 1 : Number(weight.slice(2)) || 0];
}

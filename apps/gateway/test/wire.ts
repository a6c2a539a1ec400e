import { request, type IncomingHttpHeaders } from 'node:http';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';

export interface WireAnswer {
  status: number;
  headers: IncomingHttpHeaders;
  /** As they came, not decoded. */
  bytes: Buffer;
  /** Decoded as `Content-Encoding` says. */
  text: string;
}

const decoders: Record<string, (bytes: Buffer) => Buffer> = {
  br: (bytes) => brotliDecompressSync(bytes),
  gzip: (bytes) => gunzipSync(bytes),
  identity: (bytes) => bytes,
};

/** An answer as it is on the wire: `fetch` decodes it, and hides its length. Rejects when it breaks off. */
export function onTheWire(
  url: string,
  headers: Record<string, string> = {},
  method = 'GET',
): Promise<WireAnswer> {
  return new Promise((resolve, reject) => {
    const asked = request(url, { method, headers, agent: false }, (response) => {
      const parts: Buffer[] = [];
      response
        .on('data', (part: Buffer) => parts.push(part))
        .once('error', reject)
        .once('end', () => {
          const bytes = Buffer.concat(parts);
          const { statusCode: status = 0, headers: answered } = response;
          const decode = decoders[answered['content-encoding'] ?? 'identity'];
          try {
            const text = bytes.length > 0 ? decode(bytes).toString() : '';
            resolve({ status, headers: answered, bytes, text });
          } catch (error) {
            reject(error instanceof Error ? error : new Error(String(error)));
          }
        });
    });
    asked.once('error', reject).end();
  });
}

/** With each value of `Accept-Encoding`. */
export const accepting = (encoding?: string): Record<string, string> =>
  encoding === undefined ? {} : { 'accept-encoding': encoding };

import { generateKeyPairSync } from 'node:crypto';
import { createSecureServer } from 'node:http2';
import type { AddressInfo } from 'node:net';
import { selfSigned } from '@tearoff/testing';
import { machineTime } from '../clock';
import type { WalletCount } from '../figures/push-round';
import { serve } from '../workers/serve';

/** What reaches the server is an address, how to trust it, and a key of a provider that no one checks. */
export interface ApnsIdentity {
  url: string;
  certificate: string;
  providerKey: string;
}

/** When each push had arrived; milliseconds. */
let arrivals: number[] = [];
let phones = new Set<string>();
let open = 0;
let maxAtOnce = 0;

const { certificate, key } = selfSigned();
const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });

/** Apple's: a push a stream, all on one connection, and a thousand streams at a time. */
const server = createSecureServer({ key, cert: certificate, settings: { maxConcurrentStreams: 1_000 } });
server.on('session', (session) => session.on('error', () => undefined));
server.on('stream', (stream, headers) => {
  maxAtOnce = Math.max(maxAtOnce, ++open);
  stream.on('close', () => open--);
  stream.on('error', () => undefined);
  stream.on('end', () => {
    arrivals.push(machineTime());
    phones.add(headers[':path']!);
    stream.respond({ ':status': 200 }, { endStream: true });
  });
  stream.resume();
});

serve({
  listen: () =>
    new Promise<ApnsIdentity>((resolve) => {
      server.listen(0, '127.0.0.1', () => {
        const url = `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
        const providerKey = privateKey.export({ type: 'pkcs8', format: 'pem' }) as string;
        resolve({ url, certificate, providerKey });
      });
    }),
  reset: () => {
    arrivals = [];
    phones = new Set();
    maxAtOnce = 0;
  },
  count: (): WalletCount => ({ messages: arrivals.length, wallets: phones.size, maxAtOnce }),
  arrivals: () => arrivals,
});

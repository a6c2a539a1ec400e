import { generateKeyPairSync } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { machineTime } from '../clock';
import type { WalletCount } from '../figures/push-round';
import { serve } from '../workers/serve';

export interface GoogleIdentity {
  port: number;
  /** A service account's file, as JSON. */
  credentials: string;
}

/** When each message had arrived; milliseconds. */
let arrivals: number[] = [];
let wallets = new Set<string>();
let open = 0;
let maxAtOnce = 0;

/** Google's token endpoint and Wallet API, which know every object and take whatever is sent; and a bare POST. */
const server = createServer({ keepAliveTimeout: 60_000, noDelay: true }, (request, response) => {
  maxAtOnce = Math.max(maxAtOnce, ++open);
  response.on('close', () => open--);
  request.resume();
  request.on('end', () => {
    const path = request.url!;
    if (path.endsWith('/addMessage')) {
      arrivals.push(machineTime());
      wallets.add(path);
    }
    const answer = path === '/token' ? '{"access_token":"let-me-in","expires_in":3600}' : '{}';
    const status = path === '/v1/messages' ? 202 : 200;
    response.writeHead(status, { 'content-type': 'application/json', 'content-length': answer.length });
    response.end(answer);
  });
});

function identity(): GoogleIdentity {
  const { port } = server.address() as AddressInfo;
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2_048 });
  const credentials = JSON.stringify({
    type: 'service_account',
    client_email: 'wallet@example.iam.gserviceaccount.com',
    private_key: privateKey.export({ type: 'pkcs8', format: 'pem' }),
    token_uri: `http://127.0.0.1:${port}/token`,
  });
  return { port, credentials };
}

serve({
  listen: () =>
    new Promise<GoogleIdentity>((resolve) => {
      server.listen(0, '127.0.0.1', () => resolve(identity()));
    }),
  reset: () => {
    arrivals = [];
    wallets = new Set();
    maxAtOnce = 0;
  },
  count: (): WalletCount => ({ messages: arrivals.length, wallets: wallets.size, maxAtOnce }),
  arrivals: () => arrivals,
});

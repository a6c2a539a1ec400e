import { JWT } from 'google-auth-library';
import { Pool } from 'undici';
import { retryAfterMs } from '@tearoff/service-kit';
import type { GoogleSettings } from '../wallet.settings';

const scope = 'https://www.googleapis.com/auth/wallet_object.issuer';
const tokenUrl = 'https://oauth2.googleapis.com/token';
const timeoutMs = 15_000;
const connections = 50;
// Shorter than any server's, so that a connection which the other side is just closing is not picked.
const idleMs = 3_000;

export interface GoogleAnswer {
  status: number;
  body: {
    error?: { message?: string; status?: string; errors?: { reason?: string }[] };
    /** Of an object: those on it. */
    messages?: { id?: string }[];
  };
  retryAfterMs?: number;
}

type Method = 'GET' | 'POST' | 'PATCH';

// Node's own: the library would load another one.
const transporterOptions = { fetchImplementation: fetch };

/**
 * The Google Wallet API, as this installation's service account. Rejects when no one answered. The library only signs
 * in: its own calls, by way of `fetch`, took more of the processor than all else that a pass is told of.
 */
export class GoogleClient {
  private readonly account: JWT;
  private readonly pool: Pool;
  private readonly base: string;

  constructor(settings: GoogleSettings) {
    const { origin, pathname } = new URL(settings.url);
    this.base = `${pathname.replace(/\/$/, '')}/walletobjects/v1`;
    this.pool = new Pool(origin, {
      connections,
      keepAliveTimeout: idleMs,
      keepAliveMaxTimeout: idleMs,
      connect: { timeout: timeoutMs },
      headersTimeout: timeoutMs,
      bodyTimeout: timeoutMs,
    });
    this.account = new JWT({
      email: settings.clientEmail,
      key: settings.privateKey,
      scopes: [scope],
      transporterOptions,
    });
    // The library has Google's address built in, whatever the account's own file says.
    this.account.transporter.interceptors.request.add({
      resolved: (config) => {
        if (settings.tokenUrl && config.url.href === tokenUrl) config.url = new URL(settings.tokenUrl);
        return Promise.resolve(config);
      },
    });
  }

  async call(method: Method, path: string, data?: object): Promise<GoogleAnswer> {
    const answer = await this.request(method, path, data);
    if (answer.status !== 401) return answer;
    // A token can be taken back before its time, and the library trusts the time.
    this.account.credentials = { ...this.account.credentials, access_token: null, expiry_date: 1 };
    return this.request(method, path, data);
  }

  /** Changes it, or makes it when it is not there. */
  async upsert(kind: string, resource: { id: string }): Promise<GoogleAnswer> {
    const path = `${kind}/${resource.id}`;
    const changed = await this.call('PATCH', path, resource);
    if (changed.status !== 404) return changed;
    const made = await this.call('POST', kind, resource);
    return made.status === 409 ? this.call('PATCH', path, resource) : made;
  }

  close(): Promise<void> {
    return this.pool.destroy();
  }

  private async request(method: Method, path: string, data?: object): Promise<GoogleAnswer> {
    const signedIn = Object.fromEntries(await this.account.getRequestHeaders());
    const { statusCode, headers, body } = await this.pool.request({
      method,
      path: `${this.base}/${path}`,
      headers: { ...signedIn, accept: 'application/json', 'content-type': 'application/json' },
      body: data && JSON.stringify(data),
    });
    return {
      status: statusCode,
      body: bodyOf(await body.text()),
      retryAfterMs: retryAfterMs([headers['retry-after']].flat()[0]),
    };
  }
}

function bodyOf(text: string): GoogleAnswer['body'] {
  try {
    return (JSON.parse(text) ?? {}) as GoogleAnswer['body'];
  } catch {
    return {};
  }
}

/** Whether Google has shown as many messages of the pass as it shows of one; too many calls (429) are another matter. */
export const isMessageQuota = ({ body: { error } }: GoogleAnswer): boolean =>
  /quota_?exceeded/i.test(`${error?.message} ${error?.status} ${error?.errors?.[0]?.reason}`);

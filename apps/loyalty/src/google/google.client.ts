import { JWT } from 'google-auth-library';
import type { GoogleSettings } from '../wallet.settings';

const scope = 'https://www.googleapis.com/auth/wallet_object.issuer';
const tokenUrl = 'https://oauth2.googleapis.com/token';
const timeoutMs = 15_000;

export interface GoogleAnswer {
  status: number;
  body: { error?: { message?: string; status?: string; errors?: { reason?: string }[] } };
}

// Node's own: the library would load another one.
const transporterOptions = { fetchImplementation: fetch };

/** The Google Wallet API, as this installation's service account. Rejects when nobody answered. */
export class GoogleClient {
  private readonly account: JWT;

  constructor(private readonly settings: GoogleSettings) {
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

  async call(method: 'GET' | 'POST' | 'PATCH', path: string, data?: object): Promise<GoogleAnswer> {
    const { status, data: body } = await this.account.request<GoogleAnswer['body']>({
      url: `${this.settings.url}/walletobjects/v1/${path}`,
      method,
      data,
      timeout: timeoutMs,
      retry: false,
      validateStatus: () => true,
    });
    return { status, body };
  }

  /** Changes it, or makes it when it is not there. */
  async upsert(kind: string, resource: { id: string }): Promise<GoogleAnswer> {
    const path = `${kind}/${resource.id}`;
    const changed = await this.call('PATCH', path, resource);
    if (changed.status !== 404) return changed;
    const made = await this.call('POST', kind, resource);
    return made.status === 409 ? this.call('PATCH', path, resource) : made;
  }
}

/** Whether there were too many, of messages to one pass or of calls at all. */
export const isQuota = ({ status, body }: GoogleAnswer): boolean =>
  status === 429 ||
  (status >= 400 &&
    /quota/i.test(`${body.error?.message} ${body.error?.status} ${body.error?.errors?.[0]?.reason}`));

import { Auth } from '@vonage/auth';
import { Messages } from '@vonage/messages';
import { HttpPoster } from './http-poster';
import { TemporaryFailure } from './provider';
import { failureOf } from './vonage.errors';

type SdkRequest = Parameters<Messages['prepareRequest']>[0];

export interface VonageOptions {
  apiKey?: string;
  apiSecret?: string;
  applicationId?: string;
  /** PEM, or the path of a file that holds it. */
  privateKey?: string;
  /** Without a slash at its end; the vendor's own address by default. */
  apiUrl?: string;
  timeoutMs: number;
  connections: number;
}

/** The body of a text message, as the Messages API spells it. */
export interface VonageText {
  channel: 'sms';
  message_type: 'text';
  to: string;
  from: string;
  text: string;
  client_ref: string;
}

const tokenLifeMs = 300_000;

/**
 * The vendor's client knows where to go and how to sign in; the way there is our own. The SDK's gives no way to
 * tell whether a request that failed had been written, and it spells, signs and parses anew what is the same
 * for every message.
 */
export class VonageClient extends Messages {
  private readonly url: URL;
  private readonly poster: HttpPoster;
  private headers?: Promise<Record<string, string>>;
  private signedAt = 0;

  constructor(options: VonageOptions) {
    super(authOf(options), options.apiUrl ? { apiHost: options.apiUrl } : {});
    this.url = new URL(`${this.config.apiHost}/v1/messages`);
    const { timeoutMs, connections } = options;
    this.poster = new HttpPoster({ name: 'vonage', origin: this.url.origin, timeoutMs, connections });
  }

  /** The vendor's id of the message. Throws TemporaryFailure, PermanentFailure or UnknownOutcome. */
  async sendText(text: VonageText): Promise<string | null> {
    const headers = await this.signedHeaders();
    const { status, body, retryAfter } = await this.poster.post(
      this.url.pathname,
      headers,
      JSON.stringify(text),
    );
    if (status < 200 || status > 299) throw failureOf(status, body, retryAfter);
    return messageIdOf(body);
  }

  close(): Promise<void> {
    return this.poster.close();
  }

  /** A signature costs more than the rest of a request; one token is good for a quarter of an hour. */
  private signedHeaders(): Promise<Record<string, string>> {
    if (!this.headers || Date.now() - this.signedAt > tokenLifeMs) {
      this.signedAt = Date.now();
      const request = { url: this.url.href, method: 'POST', type: 'application/json' } as SdkRequest;
      const headers = this.prepareRequest(request).then((ready) => ready.headers ?? {});
      this.headers = headers.catch((error: unknown) => {
        this.headers = undefined;
        throw new TemporaryFailure(`vonage: the request could not be signed: ${String(error)}`);
      });
    }
    return this.headers;
  }
}

const authOf = ({ apiKey, apiSecret, applicationId, privateKey }: VonageOptions): Auth =>
  new Auth({ apiKey, apiSecret, applicationId, privateKey: privateKey?.replace(/\\n/g, '\n') });

/** Taken; an answer that cannot be read does not undo that. */
function messageIdOf(body: string): string | null {
  try {
    const { message_uuid: id } = (JSON.parse(body) ?? {}) as { message_uuid?: unknown };
    return typeof id === 'string' ? id : null;
  } catch {
    return null;
  }
}

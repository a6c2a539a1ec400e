import { Agent as HttpAgent, request as httpRequest, type IncomingMessage } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import type { TLSSocket } from 'node:tls';
import { Auth } from '@vonage/auth';
import { Messages } from '@vonage/messages';
import { TemporaryFailure, UnknownOutcome } from './provider';
import { failureOf } from './vonage.errors';

type SdkRequest = Parameters<Messages['sendRequest']>[0];
type SdkResponse<T> = Awaited<ReturnType<typeof Messages.prototype.sendRequest<T>>>;

export interface VonageOptions {
  apiKey?: string;
  apiSecret?: string;
  applicationId?: string;
  /** PEM, or the path of a file that holds it. */
  privateKey?: string;
  /** Without a slash at its end; the vendor's own address unless told. */
  apiUrl?: string;
  timeoutMs: number;
  connections: number;
}

interface Answer {
  status: number;
  retryAfter: string | undefined;
  body: string;
}

// Shorter than any server's, so that a connection which the other side is just closing is not picked.
const idleMs = 3_000;
const tokenLifeMs = 300_000;

/**
 * The vendor's client with a transport of its own: the SDK's gives no way to tell whether a request that
 * failed had been written, and that decides whether the message may be sent again.
 */
export class VonageClient extends Messages {
  private readonly agent: HttpAgent | HttpsAgent;

  constructor(private readonly options: VonageOptions) {
    super(authOf(options), options.apiUrl ? { apiHost: options.apiUrl } : {});
    const pool = { keepAlive: true, maxSockets: options.connections, timeout: idleMs };
    this.agent = this.config.apiHost!.startsWith('http:') ? new HttpAgent(pool) : new HttpsAgent(pool);
  }

  /** Throws TemporaryFailure, PermanentFailure or UnknownOutcome. */
  override async sendRequest<T>(request: SdkRequest): Promise<SdkResponse<T>> {
    const ready = await this.prepareRequest(request);
    const { status, body, retryAfter } = await this.post(
      ready.url,
      ready.headers ?? {},
      this.prepareBody(ready) ?? '',
    );
    if (status < 200 || status > 299) throw failureOf(status, body, retryAfter);
    // Taken; an answer that cannot be read does not undo that.
    return {
      data: jsonOf(body),
      status,
      statusText: '',
      headers: {},
      config: ready,
      request: ready,
    } as SdkResponse<T>;
  }

  close(): void {
    this.agent.destroy();
  }

  private post(url: string, headers: Record<string, string>, body: string): Promise<Answer> {
    return new Promise((resolve, reject) => {
      let handedOver = false;
      const open = url.startsWith('http:') ? httpRequest : httpsRequest;
      const length = Buffer.byteLength(body);
      const call = open(url, {
        method: 'POST',
        agent: this.agent,
        headers: { ...headers, 'content-length': length },
      });
      const timeUp = (): unknown => call.destroy(new Error(`no answer within ${this.options.timeoutMs} ms`));
      // A turn later: where this process was held up, the answer is there and has yet to be read.
      const timer = setTimeout(() => setImmediate(() => setImmediate(timeUp)), this.options.timeoutMs);
      call.on('socket', (socket) => {
        if (!socket.connecting) handedOver = true;
        else
          socket.once(
            (socket as TLSSocket).encrypted ? 'secureConnect' : 'connect',
            () => (handedOver = true),
          );
      });
      const failed = (error: Error): void => {
        clearTimeout(timer);
        const words = `vonage: ${error.message || (error as NodeJS.ErrnoException).code}`;
        reject(handedOver ? new UnknownOutcome(words) : new TemporaryFailure(words));
      };
      call.on('error', failed);
      call.on('response', (response: IncomingMessage) => {
        let text = '';
        response.setEncoding('utf8');
        // The status has said it: whether the rest of the answer arrives changes nothing.
        const answered = (): void => {
          clearTimeout(timer);
          resolve({ status: response.statusCode!, retryAfter: response.headers['retry-after'], body: text });
        };
        response.on('data', (part: string) => (text += part));
        response.on('error', answered);
        response.on('end', answered);
      });
      call.end(body);
    });
  }
}

function authOf({ apiKey, apiSecret, applicationId, privateKey }: VonageOptions): Auth {
  const auth = new Auth({ apiKey, apiSecret, applicationId, privateKey: privateKey?.replace(/\\n/g, '\n') });
  // A signature costs more than the rest of a request; one token is good for a quarter of an hour.
  const sign = auth.createBearerHeader;
  let header: Promise<string> | undefined;
  let signedAt = 0;
  auth.createBearerHeader = () => {
    if (!header || Date.now() - signedAt > tokenLifeMs) {
      signedAt = Date.now();
      header = sign();
    }
    return header;
  };
  return auth;
}

function jsonOf(text: string): unknown {
  try {
    return (JSON.parse(text) as unknown) ?? {};
  } catch {
    return {};
  }
}

import { connect, constants, type ClientHttp2Session } from 'node:http2';
import { retryAfterMs } from '@tearoff/service-kit';

export interface ApnsOptions {
  url: string;
  ca?: string;
  topic: string;
  /** A certificate authenticates the connection, a token each request. */
  certificate?: { cert: string; key: string; passphrase?: string };
  token?: () => string;
  timeoutMs?: number;
}

export interface ApnsAnswer {
  status: number;
  reason: string;
  retryAfterMs?: number;
}

/** One connection to APNs, made when it is needed and made again when it is gone. */
export class ApnsClient {
  private session?: ClientHttp2Session;

  constructor(private readonly options: ApnsOptions) {}

  /** Sends the empty push that makes a phone ask what has changed. Rejects when no one answered. */
  push(pushToken: string): Promise<ApnsAnswer> {
    const { topic, token, timeoutMs = 15_000 } = this.options;
    return new Promise((resolve, reject) => {
      const session = this.connected();
      const request = session.request({
        [constants.HTTP2_HEADER_METHOD]: 'POST',
        [constants.HTTP2_HEADER_PATH]: `/3/device/${encodeURIComponent(pushToken)}`,
        'apns-topic': topic,
        'apns-push-type': 'background',
        'apns-priority': '5',
        ...(token && { authorization: `bearer ${token()}` }),
      });
      let status = 0;
      let body = '';
      let afterMs: number | undefined;
      request.setEncoding('utf8');
      request.setTimeout(timeoutMs, () => {
        request.close(constants.NGHTTP2_CANCEL);
        // A connection that swallows one request would swallow the next.
        this.forget(session);
        reject(new Error('APNs did not answer in time'));
      });
      request.on('response', (headers) => {
        status = Number(headers[':status']);
        afterMs = retryAfterMs(headers['retry-after']);
      });
      request.on('data', (chunk: string) => (body += chunk));
      request.on('error', reject);
      request.on('close', () =>
        status
          ? resolve({ status, reason: reasonIn(body), retryAfterMs: afterMs })
          : reject(new Error('APNs closed the stream')),
      );
      request.end('{}');
    });
  }

  close(): Promise<void> {
    const session = this.session;
    this.session = undefined;
    if (!session || session.destroyed) return Promise.resolve();
    return new Promise((resolve) => session.close(resolve));
  }

  private connected(): ClientHttp2Session {
    if (this.session && !this.session.closed && !this.session.destroyed) return this.session;
    const { url, ca, certificate } = this.options;
    const session = connect(url, { ca, ...certificate });
    // Each request on it fails by itself; without a listener the process would end.
    session.on('error', () => this.forget(session));
    session.on('goaway', () => this.forget(session));
    session.on('close', () => this.forget(session));
    // Kept open for as long as this process has other reasons to live.
    session.unref();
    return (this.session = session);
  }

  private forget(session: ClientHttp2Session): void {
    if (this.session === session) this.session = undefined;
    if (!session.closed) session.close();
  }
}

function reasonIn(body: string): string {
  // As of nearly every push: an error made and caught would cost more than sending it.
  if (body === '') return '';
  try {
    return (JSON.parse(body) as { reason?: string }).reason ?? '';
  } catch {
    return '';
  }
}

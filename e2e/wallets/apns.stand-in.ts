import { generateKeyPairSync, verify, createPublicKey } from 'node:crypto';
import { createSecureServer, type Http2SecureServer, type ServerHttp2Session } from 'node:http2';
import type { AddressInfo } from 'node:net';
import type { TLSSocket } from 'node:tls';
import { selfSigned } from '@tearoff/testing';

export interface Push {
  token: string;
  topic: string;
  body: string;
}

export interface PushAnswer {
  status: number;
  reason?: string;
  retryAfter?: string;
  hangUp?: boolean;
}

/**
 * Apple's push service as its documentation describes it: HTTP/2 over TLS, a status for each push. It lets in who
 * shows a provider token, or, given who signs them, a certificate of the topic.
 */
export class ApnsStandIn {
  readonly pushes: Push[] = [];
  private readonly answers = new Map<string, PushAnswer[]>();
  readonly certificate: string;
  readonly providerKey = generateKeyPairSync('ec', {
    namedCurve: 'P-256',
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  });
  private readonly server: Http2SecureServer;
  private readonly sessions = new Set<ServerHttp2Session>();

  constructor(private readonly signers?: string[]) {
    const { certificate, key } = selfSigned();
    this.certificate = certificate;
    this.server = createSecureServer({
      key,
      cert: certificate,
      ...(signers && { requestCert: true, rejectUnauthorized: true, ca: signers }),
    });
    this.server.on('session', (session) => {
      this.sessions.add(session);
      session.on('close', () => this.sessions.delete(session));
      session.on('error', () => undefined);
    });
    this.server.on('stream', (stream, headers) => {
      let body = '';
      stream.setEncoding('utf8');
      stream.on('error', () => undefined);
      stream.on('data', (chunk: string) => (body += chunk));
      stream.on('end', () => {
        const token = String(headers[':path']).replace('/3/device/', '');
        const topic = String(headers['apns-topic']);
        const socket = stream.session?.socket as TLSSocket | undefined;
        const refusal = this.signers ? foreignTopic(socket, topic) : this.tokenFault(headers);
        const answer = refusal ?? this.answers.get(token)?.shift() ?? { status: 200 };
        if (answer.hangUp) return stream.session?.destroy();
        if (answer.status === 200) this.pushes.push({ token, topic, body });
        const { status, retryAfter, reason } = answer;
        stream.respond({ ':status': status, ...(retryAfter && { 'retry-after': retryAfter }) });
        stream.end(reason ? JSON.stringify({ reason }) : undefined);
      });
    });
  }

  /** What the next pushes to that phone are answered; 200 after those. */
  willAnswer(token: string, ...answers: PushAnswer[]): void {
    this.answers.set(token, answers);
  }

  /** Whether it has given all the answers that it was told to give. */
  hasAnswered(token: string): boolean {
    return this.answers.get(token)?.length === 0;
  }

  async start(): Promise<string> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
    return `https://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    for (const session of this.sessions) session.destroy();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private tokenFault(headers: Record<string, unknown>): PushAnswer | null {
    const [, token = ''] = /^bearer (.+)$/.exec(String(headers.authorization)) ?? [];
    const [header, claims, signature] = token.split('.');
    if (!signature) return { status: 403, reason: 'MissingProviderToken' };
    const right = verify(
      'sha256',
      Buffer.from(`${header}.${claims}`),
      { key: createPublicKey(this.providerKey.publicKey), dsaEncoding: 'ieee-p1363' },
      Buffer.from(signature, 'base64url'),
    );
    const { iat } = JSON.parse(Buffer.from(claims, 'base64url').toString()) as { iat: number };
    const fresh = Math.abs(Date.now() / 1_000 - iat) < 3_600;
    return right && fresh ? null : { status: 403, reason: 'InvalidProviderToken' };
  }
}

/** A pass certificate names its topic as the subject's user id. */
function foreignTopic(socket: TLSSocket | undefined, topic: string): PushAnswer | null {
  const { UID: own } = (socket?.getPeerCertificate().subject ?? {}) as { UID?: string };
  return own === topic ? null : { status: 400, reason: 'TopicDisallowed' };
}

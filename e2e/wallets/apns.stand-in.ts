import { generateKeyPairSync, verify, createPublicKey } from 'node:crypto';
import { createSecureServer, type Http2SecureServer, type ServerHttp2Session } from 'node:http2';
import type { AddressInfo } from 'node:net';
import { md, pki } from 'node-forge';

export interface Push {
  token: string;
  topic: string;
  body: string;
}

/** Apple's push service as its documentation describes it: HTTP/2 over TLS, provider tokens, a status for each push. */
export class ApnsStandIn {
  readonly pushes: Push[] = [];
  /** What the next pushes are answered; 200 when there is nothing left. */
  readonly answers: { status: number; reason?: string; hangUp?: boolean }[] = [];
  readonly certificate: string;
  readonly providerKey = generateKeyPairSync('ec', {
    namedCurve: 'P-256',
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  });
  private readonly server: Http2SecureServer;
  private readonly sessions = new Set<ServerHttp2Session>();

  constructor() {
    const { certificate, key } = selfSigned();
    this.certificate = certificate;
    this.server = createSecureServer({ key, cert: certificate });
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
        const answer = this.answers.shift() ?? { status: 200 };
        if (answer.hangUp) return stream.session?.destroy();
        const problem = this.faultOf(headers);
        if (problem) {
          stream.respond({ ':status': 403 });
          return void stream.end(JSON.stringify({ reason: problem }));
        }
        if (answer.status === 200)
          this.pushes.push({
            token: String(headers[':path']).replace('/3/device/', ''),
            topic: String(headers['apns-topic']),
            body,
          });
        stream.respond({ ':status': answer.status });
        stream.end(answer.reason ? JSON.stringify({ reason: answer.reason }) : undefined);
      });
    });
  }

  async start(): Promise<string> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
    return `https://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    for (const session of this.sessions) session.destroy();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private faultOf(headers: Record<string, unknown>): string | null {
    const [, token = ''] = /^bearer (.+)$/.exec(String(headers.authorization)) ?? [];
    const [header, claims, signature] = token.split('.');
    if (!signature) return 'MissingProviderToken';
    const right = verify(
      'sha256',
      Buffer.from(`${header}.${claims}`),
      { key: createPublicKey(this.providerKey.publicKey), dsaEncoding: 'ieee-p1363' },
      Buffer.from(signature, 'base64url'),
    );
    const { iat } = JSON.parse(Buffer.from(claims, 'base64url').toString()) as { iat: number };
    return right && Math.abs(Date.now() / 1_000 - iat) < 3_600 ? null : 'InvalidProviderToken';
  }
}

function selfSigned(): { certificate: string; key: string } {
  const keys = generateKeyPairSync('rsa', {
    modulusLength: 2_048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs1', format: 'pem' },
  });
  const certificate = pki.createCertificate();
  certificate.publicKey = pki.publicKeyFromPem(keys.publicKey);
  certificate.serialNumber = '01';
  certificate.validity.notBefore = new Date(Date.now() - 86_400_000);
  certificate.validity.notAfter = new Date(Date.now() + 86_400_000);
  const name = [{ name: 'commonName', value: '127.0.0.1' }];
  certificate.setSubject(name);
  certificate.setIssuer(name);
  certificate.setExtensions([
    { name: 'basicConstraints', cA: true },
    { name: 'subjectAltName', altNames: [{ type: 7, ip: '127.0.0.1' }] },
  ]);
  certificate.sign(pki.privateKeyFromPem(keys.privateKey), md.sha256.create());
  return { certificate: pki.certificateToPem(certificate), key: keys.privateKey };
}

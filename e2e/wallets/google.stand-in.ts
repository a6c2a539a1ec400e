import { createPublicKey, generateKeyPairSync, verify } from 'node:crypto';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';

type Json = Record<string, unknown>;

/** Google's token endpoint and Wallet API, as far as they are used: it lets in who shows the token it gave. */
export class GoogleStandIn {
  readonly resources = new Map<string, Json>();
  readonly messages: { object: string; body: string }[] = [];
  readonly calls: string[] = [];
  /** Messages of one object that are taken; then `QuotaExceededException`. */
  messagesTaken = Infinity;
  private readonly keys = generateKeyPairSync('rsa', {
    modulusLength: 2_048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  });
  private url = '';
  private readonly server = createServer((request, response) => {
    void this.answer(request).then(({ status, body }) => {
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    });
  });

  async start(): Promise<string> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
    return (this.url = `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`);
  }

  stop(): Promise<unknown> {
    this.server.closeAllConnections();
    return new Promise((resolve) => this.server.close(resolve));
  }

  /** The service account's file. */
  get credentials(): string {
    return JSON.stringify({
      type: 'service_account',
      client_email: 'wallet@example.iam.gserviceaccount.com',
      private_key: this.keys.privateKey,
      token_uri: `${this.url}/token`,
    });
  }

  /** The claims of a JWT that this account has signed; fails for any other. */
  claimsOf(jwt: string): Json {
    const [header, claims, signature] = jwt.split('.');
    const signed = Buffer.from(`${header}.${claims}`);
    const key = createPublicKey(this.keys.publicKey);
    if (!verify('RSA-SHA256', signed, key, Buffer.from(signature, 'base64url')))
      throw new Error('the signature is wrong');
    return JSON.parse(Buffer.from(claims, 'base64url').toString()) as Json;
  }

  private async answer(request: IncomingMessage): Promise<{ status: number; body: Json }> {
    const text = await textOf(request);
    const path = request.url!;
    if (path === '/token') {
      const claims = this.claimsOf(new URLSearchParams(text).get('assertion')!);
      const scoped = String(claims.scope).includes('wallet_object.issuer');
      return scoped ? { status: 200, body: { access_token: 'let-me-in', expires_in: 3_600 } } : refused(400);
    }
    if (request.headers.authorization !== 'Bearer let-me-in') return refused(401);
    this.calls.push(`${request.method} ${path}`);
    const [, kind, id, action] = /^\/walletobjects\/v1\/(\w+)(?:\/([^/]+))?(?:\/(\w+))?$/.exec(path) ?? [];
    const data = JSON.parse(text || '{}') as Json;
    if (action === 'addMessage') return this.addMessage(`${kind}/${id}`, data.message as { body: string });
    const name = `${kind}/${id ?? String(data.id)}`;
    const known = this.resources.get(name);
    if (request.method === 'PATCH' && !known) return refused(404);
    if (request.method === 'POST' && known) return refused(409);
    this.resources.set(name, { ...known, ...data });
    return { status: 200, body: data };
  }

  private addMessage(object: string, { body }: { body: string }): { status: number; body: Json } {
    if (!this.resources.has(object)) return refused(404);
    if (this.messages.filter((each) => each.object === object).length >= this.messagesTaken)
      return { status: 403, body: { error: { code: 403, message: 'QuotaExceededException' } } };
    this.messages.push({ object, body });
    return { status: 200, body: {} };
  }
}

const refused = (status: number) => ({ status, body: { error: { code: status, message: 'no' } } });

async function textOf(request: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of request) text += String(chunk);
  return text;
}

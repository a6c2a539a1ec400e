import { createPublicKey, generateKeyPairSync, verify } from 'node:crypto';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';

type Json = Record<string, unknown>;

interface Message {
  id: string;
  body: string;
  messageType: string;
}

/** What befalls one call: an answer in place of the right one, or none, before or after the call has been done. */
export interface Mishap {
  on: RegExp;
  status?: number;
  retryAfter?: string;
  hangUp?: 'before' | 'after';
  /** What happens while it is on its way; then it is done. */
  meanwhile?: () => Promise<unknown>;
}

interface Answer {
  status: number;
  body: Json;
  retryAfter?: string;
}

/**
 * Google's token endpoint and Wallet API, as far as they are used: it lets in who shows the token it gave last. A patch
 * is merged (RFC 7396). Of one object it takes three messages, then none until `dayIsOver`; the same id it takes twice.
 */
export class GoogleStandIn {
  readonly resources = new Map<string, Json>();
  readonly messages: (Message & { object: string })[] = [];
  readonly calls: string[] = [];
  /** Each befalls the next call that it fits. */
  readonly mishaps: Mishap[] = [];
  tokensGiven = 0;
  private token = '';
  private readonly shown = new Map<string, number>();
  private readonly keys = generateKeyPairSync('rsa', {
    modulusLength: 2_048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  });
  private url = '';
  private readonly server = createServer((request, response) => {
    void this.answer(request).then((answer) => {
      if (!answer) return request.socket.destroy();
      const { status, body, retryAfter } = answer;
      response
        .writeHead(status, {
          'content-type': 'application/json',
          ...(retryAfter && { 'retry-after': retryAfter }),
        })
        .end(JSON.stringify(body));
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

  /** Lets no one in with a token it has given. */
  takeTokensBack(): void {
    this.token = '';
  }

  /** As if some other sender had shown all the messages that one object's holder may be shown. */
  showAll(object: string): void {
    this.shown.set(object, maxMessages);
  }

  dayIsOver(object: string): void {
    this.shown.delete(object);
  }

  private async answer(request: IncomingMessage): Promise<Answer | null> {
    const text = await textOf(request);
    const { method = '', url: path = '', headers } = request;
    if (path === '/token') return this.giveToken(text);
    if (!this.token || headers.authorization !== `Bearer ${this.token}`) return refused(401);
    this.calls.push(`${method} ${path}`);
    const at = this.mishaps.findIndex(({ on }) => on.test(`${method} ${path}`));
    const [mishap] = at < 0 ? [] : this.mishaps.splice(at, 1);
    if (!mishap) return this.act(method, path, text);
    const { status, retryAfter, hangUp, meanwhile } = mishap;
    if (meanwhile) return meanwhile().then(() => this.act(method, path, text));
    if (hangUp === 'after') this.act(method, path, text);
    return hangUp ? null : { ...refused(status!), retryAfter };
  }

  private giveToken(text: string): Answer {
    const claims = this.claimsOf(new URLSearchParams(text).get('assertion')!);
    if (!String(claims.scope).includes('wallet_object.issuer')) return refused(400);
    this.token = `let-me-in-${++this.tokensGiven}`;
    return { status: 200, body: { access_token: this.token, expires_in: 3_600 } };
  }

  private act(method: string, path: string, text: string): Answer {
    const [, kind, id, action] = /^\/walletobjects\/v1\/(\w+)(?:\/([^/]+))?(?:\/(\w+))?$/.exec(path) ?? [];
    const data = JSON.parse(text || '{}') as Json;
    if (action === 'addMessage') return this.addMessage(`${kind}/${id}`, data.message as Message);
    const name = `${kind}/${id ?? String(data.id)}`;
    const known = this.resources.get(name);
    if (method === 'GET') return known ? { status: 200, body: known } : refused(404);
    if (method === 'PATCH' && !known) return refused(404);
    if (method === 'POST' && known) return refused(409);
    const resource = merged(known ?? {}, data);
    if (kind === 'loyaltyClass' && !resource.programLogo) return refused(400);
    this.resources.set(name, resource);
    return { status: 200, body: resource };
  }

  private addMessage(object: string, message: Message): Answer {
    const resource = this.resources.get(object);
    if (!resource) return refused(404);
    const shown = this.shown.get(object) ?? 0;
    if (message.messageType === 'TEXT_AND_NOTIFY' && shown >= maxMessages) return quotaExceeded;
    this.shown.set(object, shown + 1);
    this.messages.push({ ...message, object });
    resource.messages = [...((resource.messages as Message[] | undefined) ?? []), message];
    return { status: 200, body: { resource } };
  }
}

const maxMessages = 3;

const quotaExceeded: Answer = {
  status: 403,
  body: {
    error: {
      code: 403,
      message: 'Quota exceeded for issuer when adding TEXT_AND_NOTIFY message.',
      errors: [{ domain: 'walletobjects', reason: 'quotaExceeded' }],
    },
  },
};

const refused = (status: number): Answer => ({
  status,
  body: { error: { code: status, message: 'no' } },
});

function merged(target: Json, patch: Json): Json {
  const result = { ...target };
  for (const [name, value] of Object.entries(patch)) {
    if (value === null) delete result[name];
    else if (typeof value === 'object' && !Array.isArray(value))
      result[name] = merged((result[name] ?? {}) as Json, value as Json);
    else result[name] = value;
  }
  return result;
}

async function textOf(request: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of request) text += String(chunk);
  return text;
}

import { createPrivateKey, sign, type KeyObject } from 'node:crypto';

/** Apple refuses a token older than an hour, and who makes new ones more often than every 20 minutes. */
const goodForMs = 50 * 60_000;

/** Provider tokens (ES256, RFC 7519), one at a time. */
export class ApnsToken {
  private readonly key: KeyObject;
  private token?: { text: string; madeAt: number };

  constructor(
    pem: string,
    private readonly keyId: string,
    private readonly teamId: string,
    private readonly now: () => number = Date.now,
  ) {
    this.key = createPrivateKey(pem);
  }

  get(): string {
    if (!this.token || this.now() - this.token.madeAt > goodForMs)
      this.token = { text: this.make(), madeAt: this.now() };
    return this.token.text;
  }

  private make(): string {
    const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
    const claims = { iss: this.teamId, iat: Math.floor(this.now() / 1_000) };
    const signed = `${part({ alg: 'ES256', kid: this.keyId })}.${part(claims)}`;
    const signature = sign('sha256', Buffer.from(signed), { key: this.key, dsaEncoding: 'ieee-p1363' });
    return `${signed}.${signature.toString('base64url')}`;
  }
}

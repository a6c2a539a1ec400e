import { createSign } from 'node:crypto';
import { Injectable, type BeforeApplicationShutdown } from '@nestjs/common';
import { conflict, unavailable } from '@tearoff/contracts';
import { LRUCache } from 'lru-cache';
import type { FilledPass } from '../passes/passes.service';
import type { PassEntity } from '../passes/pass.entity';
import { WalletSettings, type GoogleSettings } from '../wallet.settings';
import { GoogleClient, type GoogleAnswer } from './google.client';
import { blankObject, classId, classOf, kindOf, objectId, objectOf } from './google.resources';

interface Configured {
  client: GoogleClient;
  settings: GoogleSettings;
}

/** Our passes at Google: classes and objects, messages, and the links that save them. */
@Injectable()
export class GooglePasses implements BeforeApplicationShutdown {
  private readonly configured: Configured | null;
  /** Classes as they were told last: an object's change needs no other call. With their version: others tell them too. */
  private readonly classes = new LRUCache<string, string>({ max: 5_000 });

  constructor(private readonly settings: WalletSettings) {
    const { google } = settings;
    this.configured = google && { client: new GoogleClient(google), settings: google };
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.configured?.client.close();
  }

  get isConfigured(): boolean {
    return this.configured !== null;
  }

  /** The answer of the first call that failed, or of the last. */
  async put(filled: FilledPass): Promise<GoogleAnswer> {
    const { client, settings } = this.required();
    const kind = kindOf(filled.pass);
    const shared = classOf(settings.issuerId, filled, `${this.settings.publicUrl}/wallet/logo.png`);
    const text = JSON.stringify([filled.content.of.version, shared]);
    if (this.classes.get(shared.id) !== text) {
      const answer = await client.upsert(`${kind}Class`, shared);
      if (answer.status >= 300) return answer;
      this.classes.set(shared.id, text);
    }
    return client.upsert(`${kind}Object`, objectOf(settings.issuerId, filled));
  }

  /** Takes everything personal off it. */
  blank(pass: PassEntity): Promise<GoogleAnswer> {
    const { client, settings } = this.required();
    return client.upsert(`${kindOf(pass)}Object`, blankObject(settings.issuerId, pass));
  }

  addMessage(pass: PassEntity, id: string, body: string): Promise<GoogleAnswer> {
    const { client, settings } = this.required();
    return client.call('POST', `${kindOf(pass)}Object/${objectId(settings.issuerId, pass)}/addMessage`, {
      message: { id, header: '', body, messageType: 'TEXT_AND_NOTIFY' },
    });
  }

  /** Whether a message of that id is on the pass. */
  async hasMessage(pass: PassEntity, id: string): Promise<boolean> {
    const { client, settings } = this.required();
    const answer = await client.call('GET', `${kindOf(pass)}Object/${objectId(settings.issuerId, pass)}`);
    if (answer.status >= 300) throw googleAway(answer);
    return answer.body.messages?.some((message) => message.id === id) ?? false;
  }

  /** A JWT (RS256) that names the pass, which is at Google already. */
  linkTo({ pass, content }: FilledPass): string {
    const { settings } = this.required();
    const { issuerId, clientEmail, privateKey } = settings;
    const named = { id: objectId(issuerId, pass), classId: classId(issuerId, content.of.id) };
    const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
    const claims = {
      iss: clientEmail,
      aud: 'google',
      typ: 'savetowallet',
      iat: Math.floor(Date.now() / 1_000),
      origins: [new URL(this.settings.publicUrl).origin],
      payload: { [`${kindOf(pass)}Objects`]: [named] },
    };
    const signed = `${part({ alg: 'RS256', typ: 'JWT' })}.${part(claims)}`;
    const signature = createSign('RSA-SHA256').update(signed).sign(privateKey, 'base64url');
    return `https://pay.google.com/gp/v/save/${signed}.${signature}`;
  }

  private required(): Configured {
    if (!this.configured)
      throw conflict('wallet.google_not_configured', 'Google Wallet is not set up on this installation.');
    return this.configured;
  }
}

export const googleAway = ({ status, body }: GoogleAnswer): Error =>
  unavailable('wallet.google_unavailable', `Google Wallet answered ${status}: ${body.error?.message ?? ''}`);

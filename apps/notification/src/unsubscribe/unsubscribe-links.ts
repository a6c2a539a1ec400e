import { createCipheriv, createDecipheriv, createHmac } from 'node:crypto';
import type { Channel } from '@tearoff/contracts';
import type { DataSource } from 'typeorm';
import type { Address } from '../suppressions/suppressions.service';
import { UnsubscribeKeyEntity } from './unsubscribe-key.entity';

const cipher = 'aes-256-gcm';
const sizes = { nonce: 12, tag: 16 };
const payloads: Record<Channel, string> = { sms: 's', email: 'e' };

/**
 * The links by which they stop an account's messages. A link holds whom it is for, encrypted and authenticated, so
 * it reads as noise, cannot be made by anyone else, needs no row, and works for as long as the key is kept,
 * whatever became of the delivery. The same address always gets the same link: the nonce is taken from the content.
 */
export class UnsubscribeLinks {
  private readonly key: Buffer;
  private readonly nonceKey: Buffer;

  constructor(
    secret: Buffer,
    private readonly publicUrl: string,
  ) {
    this.key = derived(secret, 'unsubscribe.content');
    this.nonceKey = derived(secret, 'unsubscribe.nonce');
  }

  static async load(dataSource: DataSource, publicUrl: string): Promise<UnsubscribeLinks> {
    const { secret } = await dataSource.getRepository(UnsubscribeKeyEntity).findOneByOrFail({ id: 1 });
    return new UnsubscribeLinks(secret, publicUrl);
  }

  urlOf(address: Address): string {
    return `${this.publicUrl}/u/${this.seal(address)}`;
  }

  /** Whom a token is for; null when it is none of ours. */
  read(token: string): Address | null {
    const sealed = Buffer.from(token, 'base64url');
    if (sealed.length <= sizes.nonce + sizes.tag || sealed.toString('base64url') !== token) return null;
    const nonce = sealed.subarray(0, sizes.nonce);
    const opener = createDecipheriv(cipher, this.key, nonce, { authTagLength: sizes.tag });
    opener.setAuthTag(sealed.subarray(-sizes.tag));
    try {
      const content = opener.update(sealed.subarray(sizes.nonce, -sizes.tag));
      return addressIn(Buffer.concat([content, opener.final()]).toString());
    } catch {
      return null;
    }
  }

  private seal({ accountId, channel, address }: Address): string {
    const content = `${payloads[channel]}${accountId} ${address}`;
    const nonce = createHmac('sha256', this.nonceKey).update(content).digest().subarray(0, sizes.nonce);
    const sealer = createCipheriv(cipher, this.key, nonce, { authTagLength: sizes.tag });
    const sealed = sealer.update(content, 'utf8');
    return Buffer.concat([nonce, sealed, sealer.final(), sealer.getAuthTag()]).toString('base64url');
  }
}

function addressIn(content: string): Address | null {
  const [, payload, accountId, address] = /^([se])(\S+) (.+)$/s.exec(content) ?? [];
  return payload ? { channel: payload === 's' ? 'sms' : 'email', accountId, address } : null;
}

const derived = (secret: Buffer, purpose: string): Buffer =>
  createHmac('sha256', secret).update(purpose).digest();

import { timingSafeEqual } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { idPrefixes } from '@tearoff/contracts';
import { SigningSecret } from '../../access/signing/signing-secret';
import { PUBLIC_URL } from '../pages.tokens';

const prefix = `${idPrefixes.player}_`;
/** Base64url of 128 bits. */
const signatureLength = 22;
const tokenPattern = /^[0-9a-z]{10,40}[A-Za-z0-9_-]{22}$/;

/** The link to a player's later plays: their id and our signature, so that no one can name a player they were not made. */
@Injectable()
export class GameLinks {
  constructor(
    private readonly secret: SigningSecret,
    @Inject(PUBLIC_URL) private readonly publicUrl: string,
  ) {}

  async urlOf(playerId: string): Promise<string> {
    return `${this.publicUrl}/g/${playerId.slice(prefix.length)}${await this.signatureOf(playerId)}`;
  }

  /** Null when the token is none of ours. */
  async playerOf(token: string): Promise<string | null> {
    if (!tokenPattern.test(token)) return null;
    const playerId = prefix + token.slice(0, -signatureLength);
    const expected = Buffer.from(await this.signatureOf(playerId));
    return timingSafeEqual(Buffer.from(token.slice(-signatureLength)), expected) ? playerId : null;
  }

  private async signatureOf(playerId: string): Promise<string> {
    return (await this.secret.sign('game', playerId)).toString('base64url').slice(0, signatureLength);
  }
}

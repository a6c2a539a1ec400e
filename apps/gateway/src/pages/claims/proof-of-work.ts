import { hash, randomBytes, timingSafeEqual } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { invalid } from '@tearoff/contracts';
import { DataSource } from 'typeorm';
import { SigningSecret } from '../../access/signing/signing-secret';

/** Leading zero bits: 65,000 hashes on average, some tenths of a second on a cheap phone. */
export const proofBits = 16;
const goodForMs = 30 * 60_000;
const purpose = 'proof of work';

/**
 * A puzzle that a browser solves before its claim counts: a `counter` for which SHA-256 of `challenge:counter` begins
 * with `proofBits` zero bits. The challenge is `campaignId.expiry.nonce.signature`; nothing is kept until it is used.
 */
@Injectable()
export class ProofOfWork {
  constructor(
    private readonly dataSource: DataSource,
    private readonly secret: SigningSecret,
  ) {}

  async challenge(campaignId: string, now = Date.now()): Promise<string> {
    const text = `${campaignId}.${now + goodForMs}.${randomBytes(12).toString('hex')}`;
    return `${text}.${(await this.secret.sign(purpose, text)).toString('base64url')}`;
  }

  /** Uses the proof up. Fails with `claim.proof_required`, `claim.proof_invalid`. */
  async spend(campaignId: string, proof: string | undefined, now = Date.now()): Promise<void> {
    if (!proof) throw invalid('claim.proof_required', 'This campaign asks for a proof of work.');
    const [, text, campaign, expiry, nonce, signature] =
      /^((cam_\w+)\.(\d{13})\.([0-9a-f]{24}))\.([\w-]{43}):\d{1,12}$/.exec(proof) ?? [];
    if (text === undefined || campaign !== campaignId || Number(expiry) < now) throw wrong();
    const expected = await this.secret.sign(purpose, text);
    if (!timingSafeEqual(expected, Buffer.from(signature, 'base64url'))) throw wrong();
    if (!hasLeadingZeros(hash('sha256', proof, 'buffer'), proofBits)) throw wrong();
    const inserted = await this.dataSource.query<unknown[]>(
      `insert into spent_proof (nonce, expires_at) values ($1, to_timestamp($2::float8 / 1000))
       on conflict (nonce) do nothing returning nonce`,
      [nonce, expiry],
    );
    if (inserted.length === 0) throw wrong();
  }
}

const hasLeadingZeros = (digest: Buffer, bits: number): boolean =>
  digest.readUInt32BE(0) >>> (32 - bits) === 0;

const wrong = () =>
  invalid('claim.proof_invalid', 'The proof of work is wrong, too old or was used before: solve a new one.');

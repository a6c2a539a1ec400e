import { randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { newId } from '@tearoff/contracts';
import type { Client } from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import { CodeGenerator, defaultCharset } from '../../../apps/issuance/src/codes/code-format';
import type { BenchCampaign } from './campaign';

export interface BulkCoupon {
  id: string;
  code: string;
}

/** Coupons with codes as the service makes them, check character included. */
export function makeCoupons(count: number): BulkCoupon[] {
  const generator = new CodeGenerator({ length: 12, prefix: '', charset: defaultCharset });
  return generator.distinct(count).map((code) => ({ id: newId('coupon'), code }));
}

/** As redemption keeps coupons that were issued a while ago and are good. */
export async function loadRedemption(
  client: Client,
  { id, accountId }: BenchCampaign,
  coupons: readonly BulkCoupon[],
): Promise<void> {
  const issuedAt = new Date(Date.now() - 60_000).toISOString();
  await copy(
    client,
    'redemption.coupon (account_id, code, coupon_id, campaign_id, issued_at)',
    coupons.map((coupon) => `${accountId}\t${coupon.code}\t${coupon.id}\t${id}\t${issuedAt}\n`),
  );
  await client.query('analyze redemption.coupon');
}

/** The same coupons as issuance keeps them: it hears of each redemption and marks its own row. */
export async function loadIssuance(
  client: Client,
  { id, accountId }: BenchCampaign,
  coupons: readonly BulkCoupon[],
): Promise<void> {
  const issuedAt = new Date(Date.now() - 60_000).toISOString();
  const columns = 'account_id, id, campaign_id, code, token, recipient, channel, issued_at, valid_from';
  await copy(
    client,
    `issuance.coupon (${columns})`,
    coupons.map((coupon) => {
      const token = randomBytes(16).toString('base64url');
      const recipient = `{"externalId":"${coupon.id}"}`;
      return `${accountId}\t${coupon.id}\t${id}\t${coupon.code}\t${token}\t${recipient}\tnone\t${issuedAt}\t${issuedAt}\n`;
    }),
  );
  await client.query('analyze issuance.coupon');
}

async function copy(client: Client, target: string, lines: readonly string[]): Promise<void> {
  const parts = Array.from({ length: Math.ceil(lines.length / 1_000) }, (_, part) =>
    lines.slice(part * 1_000, (part + 1) * 1_000).join(''),
  );
  await pipeline(Readable.from(parts), client.query(copyFrom(`copy ${target} from stdin`)));
}

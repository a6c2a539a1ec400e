import { Injectable } from '@nestjs/common';
import { normaliseCode, type CodeEntry } from '@tearoff/contracts';
import { prepared } from '@tearoff/service-kit';
import type { EntityManager } from 'typeorm';

/** Keeps the codes that were given out. What is known already stays as it is: its state is ours alone. */
@Injectable()
export class CouponsProjection {
  async store(manager: EntityManager, entries: readonly CodeEntry[]): Promise<void> {
    if (entries.length === 0) return;
    const rows = entries.map((entry) => {
      const code = normaliseCode(entry.code);
      return {
        account_id: entry.accountId,
        code,
        printed_code: entry.code === code ? null : entry.code,
        coupon_id: entry.couponId,
        campaign_id: entry.campaignId,
        offer_id: entry.offerId,
        issued_at: entry.issuedAt,
        // The issuer's clock may be ahead of ours: a coupon is good from its issue, whatever we think the time is.
        valid_from: Date.parse(entry.validFrom) > Date.parse(entry.issuedAt) ? entry.validFrom : null,
        own_valid_to: entry.ownValidTo,
      };
    });
    // In order of the key, so that two writers of the same codes cannot lock each other.
    await prepared(manager, storeStatement, [JSON.stringify(rows)]);
  }
}

const storeStatement = {
  name: 'coupon-store',
  text: `insert into coupon (account_id, code, printed_code, coupon_id, campaign_id, offer_id, issued_at, valid_from,
         own_valid_to)
       select * from json_to_recordset($1::json) as row (account_id text, code text, printed_code text,
         coupon_id text, campaign_id text, offer_id text, issued_at timestamptz, valid_from timestamptz,
         own_valid_to timestamptz)
       order by account_id collate "C", code collate "C"
       on conflict (account_id, code) do nothing`,
};

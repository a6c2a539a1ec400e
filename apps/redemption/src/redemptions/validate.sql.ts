import type { PreparedStatement } from '@tearoff/service-kit';
import { eligibility } from './eligibility.sql';
import type { MinimumColumns } from './minimum-basket';

export interface ValidationRow extends MinimumColumns {
  pos: number;
  reason: string | null;
  code: string;
  coupon_id: string;
  campaign_id: string;
  content: Record<string, unknown> | null;
  discount: Record<string, unknown> | null;
  valid_to: Date | null;
  redeemed_at: Date | null;
  redeemed_store_id: string | null;
}

/** Judges a batch without touching anything. */
export const validateStatement: PreparedStatement = {
  name: 'validate',
  // Most coupons of a batch are of a few campaigns, and say the same.
  sharesJson: true,
  text: `with ${eligibility({ lock: false, content: true })}
select pos, reason, coalesce(printed_code, code) as code, coupon_id, campaign_id, content, discount, valid_to,
  redeemed_at, redeemed_store_id, min_basket, min_currency
from evaluated`,
};

import type { PreparedStatement } from '@tearoff/service-kit';
import { eligibility } from '../redemptions/eligibility.sql';
import type { MinimumColumns } from '../redemptions/minimum-basket';

export interface ReservedRow extends MinimumColumns {
  pos: number;
  reason: string | null;
  held: boolean;
  code: string;
  coupon_id: string;
  campaign_id: string;
  expires_at: Date;
  redeemed_at: Date | null;
  redeemed_store_id: string | null;
}

const extra = { new_id: 'text', ttl_seconds: 'int', terminal_id: 'text', basket: 'json' };

/** Holds coupons for a till, and keeps what it said for the redemption that follows. A reservation that has run out needs no clearing: it is compared with the clock. */
export const reserveStatement: PreparedStatement = {
  name: 'reserve',
  text: `with ${eligibility({ lock: true, extra })}, taken as (
  update coupon c set reservation_id = j.new_id, reserved_store_id = j.store_id,
    reserved_terminal_id = j.terminal_id, reserved_channel = j.channel, reserved_basket = j.basket,
    reserved_until = j.at + j.ttl_seconds * interval '1 second'
  from evaluated j
  where j.reason is null and c.account_id = j.account_id and c.code = j.code
  returning j.pos
)
select j.pos, j.reason, t.pos is not null as held, coalesce(j.printed_code, j.code) as code, j.coupon_id,
  j.campaign_id, j.at + j.ttl_seconds * interval '1 second' as expires_at, j.redeemed_at, j.redeemed_store_id,
  j.min_basket, j.min_currency
from evaluated j left join taken t on t.pos = j.pos`,
};

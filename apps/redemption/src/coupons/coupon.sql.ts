/**
 * For an update of `coupon c` whose row is locked already: now, but later than the coupon's last change
 * whatever the clock says, and no finer than the milliseconds that events carry.
 */
export const nextInstant = `greatest(date_trunc('milliseconds', clock_timestamp()), c.changed_at + interval '1 millisecond')`;

/** For an update of `coupon` that ends its reservation: forgets the till that held it, whose basket may be large. */
export const noReservedTill =
  'reserved_store_id = null, reserved_terminal_id = null, reserved_channel = null, reserved_basket = null';

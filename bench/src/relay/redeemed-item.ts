import type { CouponRedeemed, ItemOf } from '@tearoff/contracts';

const redeemedAt = new Date().toISOString();

/** An event's item of the usual size. */
export const redeemedItem = (code: string): ItemOf<typeof CouponRedeemed> => ({
  redemptionId: 'red_01hzzzzzzzzzzzzzzzzzzzzzzz',
  accountId: 'acc_01hzzzzzzzzzzzzzzzzzzzzzzz',
  couponId: 'cpn_01hzzzzzzzzzzzzzzzzzzzzzzz',
  campaignId: 'cam_01hzzzzzzzzzzzzzzzzzzzzzzz',
  code,
  storeId: 'store-1',
  terminalId: null,
  channel: 'store',
  transactionRef: `till-3/${code}`,
  basket: null,
  discount: { kind: 'percent', value: 25, amount: null },
  redeemedAt,
});

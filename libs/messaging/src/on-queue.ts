/**
 * Pattern of a handler for what comes off that queue alone, where several queues of a service carry the same event:
 * `@EventPattern(onQueue('loyalty.wallets', CouponRedeemed.type))`. A handler of the bare type takes it off the others.
 */
export const onQueue = (queue: string, type: string): string => `${queue} ${type}`;

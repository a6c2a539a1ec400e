/** Injects what coupon links begin with, without a slash at its end. */
export const PUBLIC_URL = Symbol('PUBLIC_URL');

/** Injects where the source of this version is; null = in the archive that the build packed. */
export const SOURCE_URL = Symbol('SOURCE_URL');

/** Injects how many open pages are kept up to date at once. */
export const LIVE_LIMITS = Symbol('LIVE_LIMITS');

export interface LiveLimits {
  /** In this process. */
  total: number;
  /** From one address. Whole mobile networks share one, so it is generous. */
  perAddress: number;
  /** How often the owner is asked although nothing was heard; milliseconds. */
  pollMs: number;
  heartbeatMs: number;
}

export const liveLimits: LiveLimits = { total: 5_000, perAddress: 200, pollMs: 10_000, heartbeatMs: 15_000 };

/** Injects who is told that a person has opened a coupon's page, or a game's; no one, where the pages run alone. */
export const COUPON_PAGE_SEEN = Symbol('COUPON_PAGE_SEEN');

export interface CouponPageSeen {
  note(couponOrPlayerId: string): void;
}

/** Injects ClaimSettings. */
export const CLAIM_SETTINGS = Symbol('CLAIM_SETTINGS');

/** A service that speaks the siteverify protocol of reCAPTCHA, hCaptcha and Turnstile. */
export interface CaptchaSettings {
  verifyUrl: string;
  secret: string;
  siteKey: string;
}

export interface ClaimSettings {
  /** Claims an hour from one block of addresses (IPv4 /24, IPv6 /48). */
  perBlock: number;
  /** Claims an hour for phone numbers that differ in their last five digits alone, in one account. */
  perPrefix: number;
  captcha: CaptchaSettings | null;
}

/** How often a person who asks again is sent the coupon they hold. */
export const resend = { everyMs: 10 * 60_000, perDay: 3 } as const;

/** A passcode is good for ten minutes and five tries; an address is sent three of them an hour. */
export const passcodeRules = { minutes: 10, tries: 5, perHour: 3 } as const;

/**
 * When a campaign's public claims halt: of the newest messages (at least `served`, at most `newest`) that went out more
 * than `afterMinutes` ago a smaller share than `opened` was followed. Those who sell SMS traffic never open a link; of
 * people about half do within minutes. Only the newest: a good month must not pay for a bad night.
 */
export const breaker = { served: 200, newest: 500, afterMinutes: 30, opened: 0.02, everyMs: 60_000 } as const;

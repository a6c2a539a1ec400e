import type { CaptchaSettings } from './claim-settings';

/** How a vendor's box gets onto a page of ours. */
export interface CaptchaBox {
  script: string;
  className: string;
  /** The form field that its script fills. */
  field: string;
  siteKey: string;
  /** What the page's policy must let in. */
  origins: readonly string[];
}

type Vendor = Omit<CaptchaBox, 'siteKey'>;

const recaptcha: Vendor = {
  script: 'https://www.google.com/recaptcha/api.js',
  className: 'g-recaptcha',
  field: 'g-recaptcha-response',
  origins: ['https://www.google.com/recaptcha/', 'https://www.gstatic.com/recaptcha/'],
};
const hcaptcha: Vendor = {
  script: 'https://js.hcaptcha.com/1/api.js',
  className: 'h-captcha',
  field: 'h-captcha-response',
  origins: ['https://hcaptcha.com', 'https://*.hcaptcha.com'],
};
const turnstile: Vendor = {
  script: 'https://challenges.cloudflare.com/turnstile/v0/api.js',
  className: 'cf-turnstile',
  field: 'cf-turnstile-response',
  origins: ['https://challenges.cloudflare.com'],
};

const vendors: Record<string, Vendor> = {
  'www.google.com': recaptcha,
  'www.recaptcha.net': recaptcha,
  'hcaptcha.com': hcaptcha,
  'api.hcaptcha.com': hcaptcha,
  'challenges.cloudflare.com': turnstile,
};

/** The box that goes with the service which verifies; null for a service that we know no box of. */
export function captchaBoxOf(captcha: CaptchaSettings | null): CaptchaBox | null {
  const vendor = captcha && vendors[new URL(captcha.verifyUrl).host];
  return vendor ? { ...vendor, siteKey: captcha.siteKey } : null;
}

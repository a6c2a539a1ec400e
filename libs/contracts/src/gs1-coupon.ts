/**
 * The value of the GS1 application identifier 8112, a coupon's number (GS1 US, North American Coupon Application
 * Guideline). Digits alone: format 0 or 1 · length of the funder's id less 6 (0–6) · the funder's id, a GS1 Company
 * Prefix · offer code, six digits · length of the serial number less 6 (0–9) · serial number.
 */
export interface Gs1Coupon {
  funderId: string;
  offerCode: string;
  serial: string;
}

export const gs1CouponAi = '8112';

/** Format 0: one coupon with its serial number. Format 1 means a list of coupons, which no campaign of ours makes. */
const singleCoupon = '0';

/** As text of `funderId` 6–12, `offerCode` 6, `serial` 6–15 digits. */
export const gs1CouponNumber = ({ funderId, offerCode, serial }: Gs1Coupon): string =>
  gs1CouponStem({ funderId, offerCode }, serial.length) + serial;

/** What all coupons of one offer begin with. */
export const gs1CouponStem = (
  { funderId, offerCode }: Omit<Gs1Coupon, 'serial'>,
  serialLength: number,
): string => `${singleCoupon}${funderId.length - 6}${funderId}${offerCode}${serialLength - 6}`;

const funder = Array.from({ length: 7 }, (_, more) => `${more}[0-9]{${6 + more}}`).join('|');
const serial = Array.from({ length: 10 }, (_, more) => `${more}[0-9]{${6 + more}}`).join('|');
/** A whole coupon number, as a regular expression of JavaScript and of PostgreSQL alike. */
export const gs1CouponPattern = `[01](${funder})[0-9]{6}(${serial})`;

const whole = new RegExp(`^${gs1CouponPattern}$`);
const leading = new RegExp(`^${gs1CouponPattern}`);

/** Whether the digits are one coupon number, without its application identifier. */
export const isGs1Coupon = (digits: string): boolean => whole.test(digits);

/** The coupon number that the digits begin with: its own lengths say where it ends. */
export const leadingGs1Coupon = (digits: string): string | undefined => leading.exec(digits)?.[0];

/**
 * The other spelling of a code that is a coupon number with or without its application identifier. Tills send both
 * for the same barcode, so that two codes which are each other's twin cannot be distinguished.
 */
export function alternateGs1Code(code: string): string | null {
  if (isGs1Coupon(code)) return gs1CouponAi + code;
  const bare = code.startsWith(gs1CouponAi) ? code.slice(gs1CouponAi.length) : '';
  return isGs1Coupon(bare) ? bare : null;
}

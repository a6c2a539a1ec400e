import { formatMoney, type Discount, type MinimumBasket } from '@tearoff/contracts';
import type { CouponPageTexts } from './texts/coupon-page-texts';

/** The discount in a few words, or null when it says nothing that a customer could read. */
export function discountWords(
  discount: Discount | null,
  texts: CouponPageTexts,
  locale: string,
): string | null {
  if (!discount) return null;
  const { kind, value, currency, product } = discount;
  switch (kind) {
    case 'percent':
      if (!value) return null;
      return texts.off(
        new Intl.NumberFormat(locale, { style: 'percent', maximumFractionDigits: 2 }).format(value / 100),
      );
    case 'amount':
      return value && currency ? texts.off(formatMoney(value, currency, locale)) : null;
    case 'product':
      return product?.trim() || null;
    case 'other':
      return null;
  }
}

/**
 * What the basket has to come to. Null where there is no minimum, and of a campaign that was saved before minimums had
 * a currency: a bare number would only confuse.
 */
export function minimumWords(
  minimum: MinimumBasket | null,
  texts: CouponPageTexts,
  locale: string,
): string | null {
  return minimum?.currency ? texts.minBasket(formatMoney(minimum.amount, minimum.currency, locale)) : null;
}

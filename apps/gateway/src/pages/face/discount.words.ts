import type { Discount } from '@tearoff/contracts';
import type { FaceTexts } from './texts/face-texts';

/** Minor units as people write them: 1250 EUR → €12.50, 500 JPY → ¥500. */
export function money(minorUnits: number, currency: string, locale: string): string {
  const format = new Intl.NumberFormat(locale, {
    style: 'currency',
    currency,
    currencyDisplay: 'narrowSymbol',
  });
  const digits = format.resolvedOptions().maximumFractionDigits ?? 2;
  const whole = minorUnits % 10 ** digits === 0;
  return new Intl.NumberFormat(locale, {
    style: 'currency',
    currency,
    currencyDisplay: 'narrowSymbol',
    ...(whole && { minimumFractionDigits: 0, maximumFractionDigits: 0 }),
  }).format(minorUnits / 10 ** digits);
}

/** The discount in a few words, or null when it says nothing that a customer could read. */
export function discountWords(discount: Discount | null, texts: FaceTexts, locale: string): string | null {
  if (!discount) return null;
  const { kind, value, currency, product } = discount;
  switch (kind) {
    case 'percent':
      if (!value) return null;
      return texts.off(
        new Intl.NumberFormat(locale, { style: 'percent', maximumFractionDigits: 2 }).format(value / 100),
      );
    case 'amount':
      return value && currency ? texts.off(money(value, currency, locale)) : null;
    case 'product':
      return product?.trim() || null;
    case 'other':
      return null;
  }
}

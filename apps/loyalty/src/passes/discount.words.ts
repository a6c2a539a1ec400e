import type { Discount } from '@tearoff/contracts';
import { languageOf } from './texts/texts';

/** "20 %", "€5.00" in the holder's language; null of a kind that has no number. */
export function discountWords(discount: Discount | null, languageCode: string | undefined): string | null {
  if (!discount) return null;
  const language = languageOf(languageCode);
  const { kind, value, currency, product } = discount;
  if (kind === 'product') return product ?? null;
  if (value === undefined) return null;
  if (kind === 'percent')
    return new Intl.NumberFormat(language, { style: 'percent', maximumFractionDigits: 2 }).format(
      value / 100,
    );
  if (kind !== 'amount' || !currency) return null;
  const format = new Intl.NumberFormat(language, { style: 'currency', currency });
  return format.format(value / 10 ** (format.resolvedOptions().maximumFractionDigits ?? 2));
}

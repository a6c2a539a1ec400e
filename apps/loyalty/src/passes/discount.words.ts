import { formatMoney, type Discount, type MinimumBasket } from '@tearoff/contracts';
import { languageOf } from './texts/texts';

/** "20 %", "€5" in the holder's language; null of a kind that has no number. */
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
  return formatMoney(value, currency, language);
}

/** "€20" in the holder's language; undefined where there is no minimum, or only a bare number. */
export function minimumWords(
  minimum: MinimumBasket | null,
  languageCode: string | undefined,
): string | undefined {
  if (!minimum?.currency) return undefined;
  return formatMoney(minimum.amount, minimum.currency, languageOf(languageCode));
}

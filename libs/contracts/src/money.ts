import { Decimal } from 'decimal.js';
import type { Campaign } from './campaigns';

const knownCurrencies: ReadonlySet<string> = new Set(Intl.supportedValuesOf('currency'));

/** Whether ISO 4217 has (or had) this currency; codes are in capitals. */
export const isCurrency = (code: string): boolean => knownCurrencies.has(code);

/**
 * Currencies whose minor unit is not a hundredth (ISO 4217, table A.1). `Intl` follows how amounts are usually
 * printed instead: it says 0 for the forint and the rupiah, whose 500000 minor units are 5000.
 */
const digitsByCurrency: Readonly<Record<string, number>> = Object.fromEntries(
  [
    ['0', 'BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF'],
    ['3', 'BHD IQD JOD KWD LYD OMR TND'],
    ['4', 'CLF UYW'],
  ].flatMap(([digits, codes]) => codes.split(' ').map((code) => [code, Number(digits)])),
);

/** How many decimals the currency's minor unit stands for: EUR 2, JPY 0, KWD 3. */
export const minorDigits = (currency: string): number => digitsByCurrency[currency] ?? 2;

/** Minor units as people of that language write them: 1250 EUR → €12.50, 2000 EUR → €20, 500 JPY → ¥500. */
export function formatMoney(minorUnits: number, currency: string, locale: string): string {
  const digits = minorDigits(currency);
  const amount = new Exact(minorUnits).div(new Exact(10).pow(digits));
  const shown = amount.isInteger() ? 0 : digits;
  return new Intl.NumberFormat(locale, {
    style: 'currency',
    currency,
    currencyDisplay: 'narrowSymbol',
    minimumFractionDigits: shown,
    maximumFractionDigits: shown,
  }).format(amount.toFixed() as `${number}`);
}

/** Room for the product of two numbers of sixty digits: nothing is rounded before the rule says so. */
const Exact = Decimal.clone({ precision: 120 });

const plainDecimal = /^-?\d{1,30}(\.\d{1,30})?$/;

/**
 * A number as people and JSON write it, exactly; null for everything else. Of texts only plain decimals count:
 * `Number` would also read "0x10", "1e3", " 12 " and "" as numbers, and no one can say what "2,5" means.
 */
export function parseDecimal(value: unknown): Decimal | null {
  if (typeof value === 'number') return Number.isFinite(value) ? new Exact(value) : null;
  return typeof value === 'string' && plainDecimal.test(value) ? new Exact(value) : null;
}

export interface MinimumBasket {
  /** Minor units, above 0. */
  amount: number;
  /** Null only of campaigns that were saved before a minimum had to have a currency. */
  currency: string | null;
}

/**
 * The least a basket must come to; null where there is no minimum. Its currency is `redemption.currency`, else that
 * of the discount, else the one that the offers name.
 */
export function minimumBasketOf({
  redemption,
  discount,
  offers,
}: Pick<Campaign, 'redemption' | 'discount' | 'offers'>): MinimumBasket | null {
  if (!redemption.minBasket) return null;
  const offered = offers.find((offer) => offer.discount?.currency !== undefined);
  const currency = redemption.currency ?? discount?.currency ?? offered?.discount?.currency ?? null;
  return { amount: redemption.minBasket, currency };
}

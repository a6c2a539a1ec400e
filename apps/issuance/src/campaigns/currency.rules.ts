import { isCurrency, minimumBasketOf, type FieldError } from '@tearoff/contracts';
import type { CampaignSettings } from './campaign.settings';

type Money = Pick<CampaignSettings, 'discount' | 'offers'> & {
  minimum: Pick<CampaignSettings['redemption'], 'minBasket' | 'currency'>;
};

/** What is compared with a basket or taken off it. */
export const moneyOf = ({ discount, offers, redemption }: CampaignSettings): Money => ({
  discount,
  offers,
  minimum: { minBasket: redemption.minBasket, currency: redemption.currency },
});

/**
 * A minimum has a currency, and every discount that names one names the same: a basket has one currency, so that a
 * coupon of EUR 5 off from USD 20 could never be redeemed.
 */
export function currencyFaults(settings: CampaignSettings): FieldError[] {
  const { redemption, discount, offers } = settings;
  const path = '/redemption/currency';
  if (redemption.currency !== undefined && !isCurrency(redemption.currency))
    return [{ path, message: 'must be an ISO 4217 currency code' }];
  const minimum = minimumBasketOf(settings);
  if (!minimum) return [];
  if (minimum.currency === null)
    return [{ path, message: 'is required with minBasket where no discount names a currency' }];
  return [
    { path: '/discount/currency', currency: discount?.currency },
    ...offers.map((offer, index) => ({
      path: `/offers/${index}/discount/currency`,
      currency: offer.discount?.currency,
    })),
  ]
    .filter(({ currency }) => currency !== undefined && currency !== minimum.currency)
    .map((named) => ({ path: named.path, message: `must be ${minimum.currency}, as that of minBasket` }));
}

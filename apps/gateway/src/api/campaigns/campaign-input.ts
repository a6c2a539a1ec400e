import type { CampaignDto } from './campaign.dto';
import { weekdaysOf } from './weekdays';

/** A checked body in the contract's words: weekdays as ISO numbers, every offer with an id. */
export function campaignInputOf<T extends Partial<CampaignDto>>(body: T): T {
  const { redemption, offers } = body;
  return {
    ...body,
    ...(redemption?.weekdays && {
      redemption: { ...redemption, weekdays: weekdaysOf(redemption.weekdays) },
    }),
    ...(offers && { offers: offers.map((offer, index) => ({ id: `offer-${index + 1}`, ...offer })) }),
  };
}

import type { IssueRefusal, Offer } from '@tearoff/contracts';
import { drawnOf } from '../draws/draw';
import type { IssueRequest } from './issue-request';

/** What is left of a campaign's offers while the campaign is locked, this batch's coupons included. */
export class OfferStock {
  /** How many of each this batch gives. */
  readonly given = new Map<string, number>();

  constructor(
    private readonly offers: readonly Offer[],
    private readonly issued: ReadonlyMap<string, number>,
  ) {}

  /** The offer that is theirs (null = the campaign itself), or why there is none for them. Takes nothing yet. */
  for({
    campaign,
    request: { offerId },
  }: IssueRequest): { offerId: string | null } | { reason: IssueRefusal } {
    if (campaign.type === 'mystery' || campaign.type === 'game') {
      const drawn = drawnOf(this.offers.filter((offer) => this.has(offer)));
      return drawn ? { offerId: drawn.id } : { reason: 'campaign.exhausted' };
    }
    if (offerId === undefined) return { offerId: null };
    const offer = this.offers.find(({ id }) => id === offerId);
    if (!offer) return { reason: 'offer.not_found' };
    return this.has(offer) ? { offerId } : { reason: 'offer.exhausted' };
  }

  take(offerId: string | null): void {
    if (offerId !== null) this.given.set(offerId, (this.given.get(offerId) ?? 0) + 1);
  }

  private has({ id, total }: Offer): boolean {
    return (
      total === null || total === undefined || (this.issued.get(id) ?? 0) + (this.given.get(id) ?? 0) < total
    );
  }
}

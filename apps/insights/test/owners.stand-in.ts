import {
  GetCampaign,
  GetCard,
  ListCampaigns,
  ListDeliveries,
  ListRedemptions,
  notFound,
  SearchCoupons,
  type Campaign,
  type Card,
  type Coupon,
  type Delivery,
  type Redemption,
} from '@tearoff/contracts';
import type { Link, Transport } from '@tearoff/messaging';
import { answerFor } from '@tearoff/testing';

/** What issuance, redemption, notification and loyalty would tell, newest first as they do, two a page. */
export class Owners {
  readonly campaigns = new Map<string, Campaign>();
  readonly cards = new Map<string, Card>();
  readonly coupons = new Map<string, Coupon>();
  readonly redemptions = new Map<string, Redemption>();
  readonly deliveries = new Map<string, Delivery>();
  /** Called before each page of a list is answered, with the command's name. */
  beforePage: (command: string) => Promise<void> = () => Promise.resolve();
  private readonly links: Link[] = [];

  static async open(transport: Transport): Promise<Owners> {
    const owners = new Owners();
    for (const service of ['issuance', 'redemption', 'notification', 'loyalty'] as const)
      owners.links.push(
        await answerFor(service, transport, (command, request: Request) => owners.reply(command, request)),
      );
    return owners;
  }

  async close(): Promise<void> {
    await Promise.all(this.links.map((link) => link.close()));
  }

  private async reply(command: string, request: Request): Promise<unknown> {
    if (command === GetCampaign.name) {
      const campaign = this.campaigns.get(request.campaignId ?? '');
      if (campaign?.accountId === request.accountId) return campaign;
      throw notFound('campaign.not_found', 'There is no such campaign.');
    }
    if (command === GetCard.name) {
      const card = this.cards.get(request.cardId ?? '');
      if (card?.accountId === request.accountId) return card;
      throw notFound('card.not_found', 'There is no such card.');
    }
    await this.beforePage(command);
    switch (command) {
      case ListCampaigns.name:
        return pageOf(this.campaigns, request);
      case SearchCoupons.name:
        return pageOf(this.coupons, request);
      case ListRedemptions.name:
        return pageOf(this.redemptions, request);
      case ListDeliveries.name:
        return pageOf(this.deliveries, request);
      default:
        throw new Error(`no one stands in for ${command}`);
    }
  }
}

interface Request {
  accountId: string;
  campaignId?: string;
  cardId?: string;
  cursor?: string;
}

function pageOf(all: Map<string, { id: string; accountId: string }>, { accountId, cursor }: Request) {
  const rows = [...all.values()]
    .filter((row) => row.accountId === accountId && (cursor === undefined || row.id < cursor))
    .sort((a, b) => (a.id < b.id ? 1 : -1));
  const data = rows.slice(0, 2);
  return { data, nextCursor: rows.length > 2 ? data.at(-1)!.id : null };
}

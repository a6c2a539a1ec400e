import {
  GetCampaign,
  GetCoupon,
  notFound,
  queues,
  unavailable,
  type Coupon,
  type EventDefinition,
  type ItemOf,
  type ServiceName,
} from '@tearoff/contracts';
import type { Link, Transport } from '@tearoff/messaging';
import { answerFor } from '@tearoff/testing';

/** Issuance, which knows whose coupons are and which campaigns there are, and those who hear what loyalty tells. */
export class Neighbours {
  readonly coupons = new Map<string, Coupon>();
  /** All others are there. */
  readonly missingCampaigns = new Set<string>();
  /** While true, issuance answers nothing but that it cannot. */
  away = false;
  asked = 0;
  private readonly heard: { id: string; type: string; items: unknown[] }[] = [];
  private readonly links: Link[] = [];

  static async open(transport: Transport): Promise<Neighbours> {
    const neighbours = new Neighbours();
    const issuance = await answerFor('issuance', transport, (command, request: Request) =>
      neighbours.reply(command, request),
    );
    await neighbours.listen('issuance', issuance);
    await neighbours.listen('automation', await transport.connect('automation'));
    return neighbours;
  }

  /** Everything of this kind that was told so far, each event once. */
  told<E extends EventDefinition>({ type }: E): ItemOf<E>[] {
    const once = new Map(this.heard.filter((event) => event.type === type).map((event) => [event.id, event]));
    return [...once.values()].flatMap(({ items }) => items as ItemOf<E>[]);
  }

  async close(): Promise<void> {
    await Promise.all(this.links.map((link) => link.close()));
  }

  private async listen(service: ServiceName, link: Link): Promise<void> {
    this.links.push(link);
    for (const queue of queues.filter((one) => one.service === service && one.mode === 'events'))
      await link.consume(queue, 10, (message) => {
        for (const { id, type, data } of JSON.parse(message.body) as Envelope[])
          this.heard.push({ id, type, items: data.items });
        message.ack();
      });
  }

  private reply(command: string, request: Request): unknown {
    if (this.away) throw unavailable('service.unavailable', 'Issuance is away.');
    if (command === GetCampaign.name) return this.campaign(request);
    if (command === GetCoupon.name) return this.coupon(request);
    throw new Error(`nobody answers ${command}`);
  }

  private campaign({ accountId, campaignId }: Request): unknown {
    if (!this.missingCampaigns.has(campaignId)) return { id: campaignId, accountId };
    throw notFound('campaign.not_found', 'There is no such campaign.');
  }

  private coupon({ accountId, couponId }: Request): Coupon {
    this.asked++;
    const coupon = this.coupons.get(couponId);
    if (coupon?.accountId === accountId) return coupon;
    throw notFound('coupon.not_found', 'There is no such coupon.');
  }
}

interface Request {
  accountId: string;
  couponId: string;
  campaignId: string;
}
interface Envelope {
  id: string;
  type: string;
  data: { items: unknown[] };
}

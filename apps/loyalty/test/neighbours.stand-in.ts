import {
  GetCampaign,
  GetCoupon,
  notFound,
  queues,
  type Coupon,
  type DomainErrorJson,
  type EventDefinition,
  type ItemOf,
  type ServiceName,
} from '@tearoff/contracts';
import type { Transport } from '@tearoff/messaging';

type Link = Awaited<ReturnType<Transport['connect']>>;
type Result = { ok: unknown } | { error: DomainErrorJson };

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
    for (const service of ['issuance', 'automation'] as const) await neighbours.listen(transport, service);
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

  private async listen(transport: Transport, service: ServiceName): Promise<void> {
    const link = await transport.connect(service);
    this.links.push(link);
    if (service === 'issuance') await link.respond(service, 10, (message) => this.answer(message));
    for (const queue of queues.filter((one) => one.service === service && one.mode === 'events'))
      await link.consume(queue, 10, (message) => {
        for (const { id, type, data } of JSON.parse(message.body) as Envelope[])
          this.heard.push({ id, type, items: data.items });
        message.ack();
      });
  }

  private answer(message: unknown): Promise<{ results: Result[] }> {
    const { command, items } = message as { command: string; items: { data: Request }[] };
    return Promise.resolve({ results: items.map(({ data }) => this.reply(command, data)) });
  }

  private reply(command: string, request: Request): Result {
    if (this.away)
      return { error: { code: 'service.unavailable', kind: 'unavailable', message: 'Issuance is away.' } };
    if (command === GetCampaign.name) return this.campaign(request);
    if (command === GetCoupon.name) return this.coupon(request);
    throw new Error(`nobody answers ${command}`);
  }

  private campaign({ accountId, campaignId }: Request): Result {
    return this.missingCampaigns.has(campaignId)
      ? { error: notFound('campaign.not_found', 'There is no such campaign.').toJSON() }
      : { ok: { id: campaignId, accountId } };
  }

  private coupon({ accountId, couponId }: Request): Result {
    this.asked++;
    const coupon = this.coupons.get(couponId);
    return coupon?.accountId === accountId
      ? { ok: coupon }
      : { error: notFound('coupon.not_found', 'There is no such coupon.').toJSON() };
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

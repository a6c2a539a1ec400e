import { Controller, Inject } from '@nestjs/common';
import { Ctx, EventPattern, MessagePattern, Payload } from '@nestjs/microservices';
import {
  CouponIssued,
  CouponSendRequested,
  DeliverySettled,
  GetCampaign,
  notFound,
  queues,
  type Campaign,
  type CouponIssuedItem,
  type EventDefinition,
  type ItemOf,
  type MessageContext,
} from '@tearoff/contracts';
import type { EventContext, Messaging, Transport } from '@tearoff/messaging';
import { otherEventsOf, startStandIn } from '@tearoff/testing';

export type Settled = ItemOf<typeof DeliverySettled>;

/** What issuance knows and hears in a test. */
export class IssuanceState {
  readonly campaigns = new Map<string, Campaign>();
  readonly settled: Settled[] = [];
  readonly contexts: MessageContext[] = [];
  campaignsAsked = 0;
}

@Controller()
class IssuanceHandlers {
  constructor(@Inject(IssuanceState) private readonly state: IssuanceState) {}

  @MessagePattern(GetCampaign.name)
  getCampaign(@Payload() { campaignId }: { campaignId: string }) {
    this.state.campaignsAsked += 1;
    const campaign = this.state.campaigns.get(campaignId);
    if (!campaign) throw notFound('campaign.not_found', 'There is no such campaign.');
    return { ...campaign, issued: 0, stock: null };
  }

  @EventPattern<string>(DeliverySettled.type)
  onSettled(@Payload() items: Settled[], @Ctx() { contexts }: EventContext): void {
    this.state.settled.push(...items);
    this.state.contexts.push(...contexts);
  }

  @EventPattern<string[]>(otherEventsOf('issuance', DeliverySettled))
  onOther(): void {}
}

/** The service that notification hears from and asks, reduced to that; and a redemption that only listens. */
export class FakeIssuance {
  private constructor(
    readonly state: IssuanceState,
    readonly messaging: Messaging,
    readonly stop: () => Promise<void>,
  ) {}

  static async start(transport: Transport, databaseUrl: string): Promise<FakeIssuance> {
    const state = new IssuanceState();
    const { messaging, stop } = await startStandIn({
      service: 'issuance',
      transport,
      databaseUrl,
      controller: IssuanceHandlers,
      state,
    });
    const redemption = await transport.connect('redemption');
    const listener = await redemption.consume(
      queues.find(({ name }) => name === 'redemption.events')!,
      100,
      (message) => message.ack(),
    );
    return new FakeIssuance(state, messaging, async () => {
      await stop();
      await listener.stop();
      await redemption.close();
    });
  }

  /** Tells that these coupons were given out. */
  issued(...items: CouponIssuedItem[]): Promise<void> {
    return this.tell(CouponIssued, items);
  }

  /** Tells that these coupons, already out, are to be sent. */
  async sendRequested(...items: CouponIssuedItem[]): Promise<void> {
    await this.tell(
      CouponSendRequested,
      items.map(({ source: _source, metadata: _metadata, ...letter }) => letter),
    );
  }

  async tell<E extends EventDefinition>(
    event: E,
    items: ItemOf<E>[],
    contexts?: MessageContext[],
  ): Promise<void> {
    const { outbox } = this.messaging;
    await outbox.transaction((tx) => outbox.add(tx, event, items, { contexts }));
  }

  settledOf(deliveryId: string): Settled[] {
    return this.state.settled.filter((item) => item.deliveryId === deliveryId);
  }
}

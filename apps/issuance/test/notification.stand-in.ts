import { Controller, Inject } from '@nestjs/common';
import { EventPattern, MessagePattern, Payload } from '@nestjs/microservices';
import {
  BulkCouponsIssued,
  BulkSendRequested,
  CampaignChanged,
  CheckAddress,
  CouponIssued,
  CouponSendRequested,
  type Campaign,
  type CouponIssuedItem,
  type CouponSendRequestedItem,
  type ReplyOf,
  type RequestOf,
} from '@tearoff/contracts';
import type { Transport } from '@tearoff/messaging';
import { otherEventsOf, startStandIn } from '@tearoff/testing';

/** What the stand-in was told, and whom no one may write to. */
export class Heard {
  readonly issued: CouponIssuedItem[] = [];
  readonly toSend: CouponSendRequestedItem[] = [];
  /** Of lists. */
  readonly bulkIssued: CouponIssuedItem[] = [];
  readonly bulkToSend: CouponSendRequestedItem[] = [];
  readonly campaigns: Campaign[] = [];
  readonly suppressed = new Set<string>();
}

@Controller()
class StandIn {
  constructor(@Inject(Heard) private readonly heard: Heard) {}

  @MessagePattern(CheckAddress.name)
  check(@Payload() requests: RequestOf<typeof CheckAddress>[]): ReplyOf<typeof CheckAddress>[] {
    return requests.map(({ address }) => ({ suppressed: this.heard.suppressed.has(address) }));
  }

  @EventPattern<string>(CouponIssued.type)
  onIssued(@Payload() items: CouponIssuedItem[]): void {
    this.heard.issued.push(...items);
  }

  @EventPattern<string>(CouponSendRequested.type)
  onSendRequested(@Payload() items: CouponSendRequestedItem[]): void {
    this.heard.toSend.push(...items);
  }

  @EventPattern<string>(BulkCouponsIssued.type)
  onBulkIssued(@Payload() items: CouponIssuedItem[]): void {
    this.heard.bulkIssued.push(...items);
  }

  @EventPattern<string>(BulkSendRequested.type)
  onBulkSendRequested(@Payload() items: CouponSendRequestedItem[]): void {
    this.heard.bulkToSend.push(...items);
  }

  @EventPattern<string>(CampaignChanged.type)
  onCampaign(@Payload() items: Campaign[]): void {
    this.heard.campaigns.push(...items);
  }

  @EventPattern<string[]>(
    otherEventsOf(
      'notification',
      CouponIssued,
      CouponSendRequested,
      BulkCouponsIssued,
      BulkSendRequested,
      CampaignChanged,
    ),
  )
  onOther(): void {}
}

/** Notification as far as issuance knows it. */
export async function startNotification(transport: Transport, databaseUrl: string) {
  const heard = new Heard();
  const { stop } = await startStandIn({
    service: 'notification',
    transport,
    databaseUrl,
    controller: StandIn,
    state: heard,
    consume: ['notification.events', 'notification.lists'],
  });
  return { heard, stop };
}
export type Notification = Awaited<ReturnType<typeof startNotification>>;

import { Controller, Inject, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
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
import { otherEventsOf } from '@tearoff/testing';
import {
  messagingEntities,
  messagingMigrations,
  MessagingModule,
  openMessaging,
  type Transport,
} from '@tearoff/messaging';
import { openDatabase } from '@tearoff/service-kit';

/** What the stand-in was told, and whom nobody may write to. */
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
export async function startNotification(transport: Transport, url: string) {
  const dataSource = await openDatabase({
    service: 'notification',
    url,
    entities: messagingEntities,
    migrations: messagingMigrations,
    poolSize: 2,
  });
  const messaging = await openMessaging({
    service: 'notification',
    transport,
    dataSource,
    consume: ['notification.events', 'notification.lists'],
  });
  const heard = new Heard();
  @Module({
    imports: [MessagingModule.forRoot(messaging)],
    controllers: [StandIn],
    providers: [{ provide: Heard, useValue: heard }],
  })
  class StandInModule {}
  const app = await NestFactory.createMicroservice(StandInModule, {
    strategy: messaging.server,
    logger: false,
  });
  await app.listen();
  return {
    heard,
    stop: async (): Promise<void> => {
      await app.close();
      await messaging.close();
      await dataSource.destroy();
    },
  };
}
export type Notification = Awaited<ReturnType<typeof startNotification>>;

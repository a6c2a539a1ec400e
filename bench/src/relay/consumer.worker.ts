import { Controller, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { EventPattern, Payload } from '@nestjs/microservices';
import {
  CouponRedeemed,
  CouponVoided,
  DeliverySettled,
  RedemptionReversed,
  type ItemOf,
} from '@tearoff/contracts';
import { MessagingModule, type Messaging } from '@tearoff/messaging';
import type { DataSource } from 'typeorm';
import { machineTime } from '../clock';
import { serve } from '../workers/serve';
import { openService, type RelayPlace } from './relay-worker';

/** When the handler was given each code. */
let handled = new Map<string, number>();
let last = 0;
let dataSource: DataSource;
let messaging: Messaging;

@Controller()
class Handlers {
  @EventPattern<string>(CouponRedeemed.type)
  onRedeemed(@Payload() items: ItemOf<typeof CouponRedeemed>[]): void {
    last = machineTime();
    for (const { code } of items) handled.set(code, last);
  }

  @EventPattern([CouponVoided.type, RedemptionReversed.type, DeliverySettled.type])
  onOther(): void {
    // Issuance's queue is bound to these too.
  }
}

async function open(place: RelayPlace): Promise<void> {
  ({ dataSource, messaging } = await openService('issuance', place));
  @Module({ imports: [MessagingModule.forRoot(messaging)], controllers: [Handlers] })
  class ConsumerModule {}
  const app = await NestFactory.createMicroservice(ConsumerModule, {
    strategy: messaging.server,
    logger: false,
  });
  await app.listen();
}

serve({
  open,
  reset: () => void (handled = new Map()),
  state: () => ({ count: handled.size, last }),
  times: () => handled,
  close: async () => (await messaging.close(), await dataSource.destroy()),
});

import { Controller, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { EventPattern, Payload } from '@nestjs/microservices';
import { CouponRedeemed, queues, type ItemOf } from '@tearoff/contracts';
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

/** Whatever else issuance's queue is bound to. */
const others = queues
  .filter(({ service }) => service === 'issuance')
  .flatMap(({ types }) => types.map(({ type }) => type))
  .filter((type) => type !== CouponRedeemed.type);

@Controller()
class Handlers {
  @EventPattern<string>(CouponRedeemed.type)
  onRedeemed(@Payload() items: ItemOf<typeof CouponRedeemed>[]): void {
    last = machineTime();
    for (const { code } of items) handled.set(code, last);
  }

  @EventPattern(others)
  onOther(): void {
    // The service would not start without a handler for them.
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

import { Controller } from '@nestjs/common';
import { Ctx, EventPattern, Payload } from '@nestjs/microservices';
import { DeliveryDue, type ItemOf } from '@tearoff/contracts';
import type { WorkContext } from '@tearoff/messaging';
import { Dispatchers } from './dispatchers';

@Controller()
export class DueConsumer {
  constructor(private readonly dispatchers: Dispatchers) {}

  @EventPattern<string>(DeliveryDue.type)
  async onDue(
    @Payload() items: ItemOf<typeof DeliveryDue>[],
    @Ctx() { contexts }: WorkContext,
  ): Promise<void> {
    await this.dispatchers.deliver(items, contexts);
  }
}

import { Controller } from '@nestjs/common';
import { EventPattern, Payload } from '@nestjs/microservices';
import { WebhookDue, type ItemOf } from '@tearoff/contracts';
import { WebhookLanes } from './webhook-lanes';

@Controller()
export class WebhookDueConsumer {
  constructor(private readonly lanes: WebhookLanes) {}

  /** Does not wait for what is sent: no endpoint can hold up the queue. The sweeper finds what is lost with a process. */
  @EventPattern<string>(WebhookDue.type)
  onDue(@Payload() items: ItemOf<typeof WebhookDue>[]): void {
    for (const { webhookId } of items) this.lanes.wake(webhookId);
  }
}

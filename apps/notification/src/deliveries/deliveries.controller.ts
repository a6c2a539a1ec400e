import { Controller } from '@nestjs/common';
import { MessagePattern, Payload } from '@nestjs/microservices';
import { GetDelivery, ListDeliveries, type Delivery, type ReplyOf, type RequestOf } from '@tearoff/contracts';
import { DeliveriesService } from './deliveries.service';

@Controller()
export class DeliveriesController {
  constructor(private readonly deliveries: DeliveriesService) {}

  @MessagePattern(GetDelivery.name)
  get(@Payload() requests: RequestOf<typeof GetDelivery>[]): Promise<(Delivery | null)[]> {
    return this.deliveries.get(requests);
  }

  @MessagePattern(ListDeliveries.name)
  list(@Payload() request: RequestOf<typeof ListDeliveries>): Promise<ReplyOf<typeof ListDeliveries>> {
    return this.deliveries.list(request);
  }
}

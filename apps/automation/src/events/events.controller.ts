import { Controller } from '@nestjs/common';
import { Ctx, MessagePattern, Payload } from '@nestjs/microservices';
import {
  ListEventTypes,
  RecordEvent,
  SaveEventType,
  type DomainError,
  type EventTypeView,
  type ReplyOf,
  type RequestOf,
} from '@tearoff/contracts';
import type { CommandContext } from '@tearoff/messaging';
import { EventTypesService } from './event-types.service';
import { EventsService } from './events.service';

@Controller()
export class EventsController {
  constructor(
    private readonly events: EventsService,
    private readonly types: EventTypesService,
  ) {}

  @MessagePattern(RecordEvent.name)
  record(
    @Payload() requests: RequestOf<typeof RecordEvent>[],
    @Ctx() { contexts }: CommandContext,
  ): Promise<(ReplyOf<typeof RecordEvent> | DomainError)[]> {
    return this.events.record(requests, contexts);
  }

  @MessagePattern(ListEventTypes.name)
  list(@Payload() request: RequestOf<typeof ListEventTypes>): Promise<ReplyOf<typeof ListEventTypes>> {
    return this.types.list(request);
  }

  @MessagePattern(SaveEventType.name)
  save(@Payload() request: RequestOf<typeof SaveEventType>): Promise<EventTypeView> {
    return this.types.save(request);
  }
}

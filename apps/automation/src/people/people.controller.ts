import { Controller } from '@nestjs/common';
import { Ctx, EventPattern, MessagePattern, Payload } from '@nestjs/microservices';
import {
  ExportFromAutomation,
  PersonErased,
  type PersonErasedItem,
  type ReplyOf,
  type RequestOf,
} from '@tearoff/contracts';
import type { EventContext } from '@tearoff/messaging';
import { PeopleService } from './people.service';

/** What is kept of a person, and that it is forgotten. */
@Controller()
export class PeopleController {
  constructor(private readonly people: PeopleService) {}

  @MessagePattern(ExportFromAutomation.name)
  async export(
    @Payload() { accountId, person }: RequestOf<typeof ExportFromAutomation>,
  ): Promise<ReplyOf<typeof ExportFromAutomation>> {
    return { held: await this.people.held(accountId, person) };
  }

  @EventPattern<string>(PersonErased.type)
  onErased(@Payload() items: PersonErasedItem[], @Ctx() { tx }: EventContext): Promise<void> {
    return this.people.erase(tx, items);
  }
}

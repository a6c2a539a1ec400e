import { Controller } from '@nestjs/common';
import { Ctx, EventPattern, MessagePattern, Payload } from '@nestjs/microservices';
import {
  ExportFromIssuance,
  PersonErased,
  type PersonErasedItem,
  type ReplyOf,
  type RequestOf,
} from '@tearoff/contracts';
import type { EventContext } from '@tearoff/messaging';
import { Erasing } from './erasing';
import { Exports } from './exports';

/** What is kept of a person, and that it is forgotten. */
@Controller()
export class PeopleController {
  constructor(
    private readonly exporting: Exports,
    private readonly erasing: Erasing,
  ) {}

  @MessagePattern(ExportFromIssuance.name)
  async export(
    @Payload() { accountId, person }: RequestOf<typeof ExportFromIssuance>,
  ): Promise<ReplyOf<typeof ExportFromIssuance>> {
    return { held: await this.exporting.of(accountId, person) };
  }

  @EventPattern<string>(PersonErased.type)
  onErased(@Payload() items: PersonErasedItem[], @Ctx() { tx }: EventContext): Promise<void> {
    return this.erasing.erase(tx, items);
  }
}

import { Controller } from '@nestjs/common';
import { Ctx, EventPattern, MessagePattern, Payload } from '@nestjs/microservices';
import {
  CouponHolderErased,
  ExportFromNotification,
  PersonErased,
  type ItemOf,
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

  @MessagePattern(ExportFromNotification.name)
  async export(
    @Payload() { accountId, person }: RequestOf<typeof ExportFromNotification>,
  ): Promise<ReplyOf<typeof ExportFromNotification>> {
    return { held: await this.exporting.of(accountId, person) };
  }

  @EventPattern<string>(PersonErased.type)
  onErased(@Payload() items: PersonErasedItem[], @Ctx() { tx }: EventContext): Promise<void> {
    return this.erasing.erasePersons(tx, items);
  }

  @EventPattern<string>(CouponHolderErased.type)
  onHolderErased(
    @Payload() items: ItemOf<typeof CouponHolderErased>[],
    @Ctx() { tx }: EventContext,
  ): Promise<void> {
    return this.erasing.eraseHolders(tx, items);
  }
}

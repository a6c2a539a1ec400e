import { Controller } from '@nestjs/common';
import { Ctx, EventPattern, Payload } from '@nestjs/microservices';
import { personIdentifiers, PersonErased, type PersonErasedItem } from '@tearoff/contracts';
import { DeadLetters, type EventContext } from '@tearoff/messaging';

/** No name is kept here, but in events that could not be handled. */
@Controller()
export class ErasureConsumer {
  constructor(private readonly deadLetters: DeadLetters) {}

  @EventPattern<string>(PersonErased.type)
  async onErased(@Payload() items: PersonErasedItem[], @Ctx() { tx }: EventContext): Promise<void> {
    for (const { accountId, person } of items)
      await this.deadLetters.erase(tx, accountId, personIdentifiers(person));
  }
}

import { Controller } from '@nestjs/common';
import { Ctx, EventPattern, Payload } from '@nestjs/microservices';
import { CardChanged, type Card } from '@tearoff/contracts';
import type { EventContext } from '@tearoff/messaging';
import { oneWriter } from '../rebuild/generations';
import { KnownCards } from './known-cards';

@Controller()
export class CardsConsumer {
  constructor(private readonly cards: KnownCards) {}

  @EventPattern<string>(CardChanged.type)
  async onChanged(@Payload() items: Card[], @Ctx() { tx }: EventContext): Promise<void> {
    await oneWriter(tx);
    await this.cards.store(tx, items);
  }
}
